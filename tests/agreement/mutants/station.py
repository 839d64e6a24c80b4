"""Mutants of what a station has: servers, cores, tokens."""

from __future__ import annotations

import math
from collections import deque

from simulator.engine.readable.launch import Launch
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from simulator.outcomes.rows import Result
from simulator.system.stations import StationKind
from simulator.units import NS_PER_DAY
from tests.agreement.mutants.mutant import wrong

POOL, CPU, QUOTA = StationKind.POOL, StationKind.CPU, StationKind.QUOTA


@wrong("waiting room", "instance_types", POOL)
class RoomForOneMore(Pool):
    def has_room(self) -> bool:
        return len(self.waiting) <= self.station.waiting_room


@wrong("waiting room", "instance_types", POOL)
class RoomForAll(Pool):
    def has_room(self) -> bool:
        return True


@wrong("pool", "instance_types", POOL)
class StaleWorkDropped(Pool):
    def next_waiting(self) -> Job:
        for job in list(self.waiting)[:-1]:
            if not job.attempt.is_awaited:
                del self.waiting[job]
                job.instance = None
        return super().next_waiting()


@wrong("pool", "instance_types", POOL)
class LastComeFirstServed(Pool):
    def next_waiting(self) -> Job:
        self.waiting.move_to_end(next(reversed(self.waiting)), last=False)
        return super().next_waiting()


@wrong("pool", "instance_types", POOL)
class OneServerMore(Pool):
    def has_free_server(self) -> bool:
        return self.occupied <= self.servers


@wrong("pool", "instance_types", POOL)
class WorkBeginsWhenItIsSent(Pool):
    """``started`` is known of work that began after its client had gone."""

    def start(self, job: Job) -> None:
        super().start(job)
        if job.call == 0:
            job.attempt.started_ns = job.attempt.sent_ns


@wrong("shedding", "instance_types", POOL)
class ShedAtTheVeryInstant(Pool):
    def is_shed(self, job: Job) -> bool:
        return self.clock.now_ns - job.waits_since_ns >= self.station.said.sheds_after_ns


@wrong("shedding", "instance_types", POOL)
class NobodyIsShed(Pool):
    def is_shed(self, job: Job) -> bool:
        return False


@wrong("shedding", "instance_types", POOL)
class AShedJobUsesUpTheServer(Pool):
    """The server does not take the next one."""

    def take_waiting(self) -> None:
        while self.waiting and self.has_free_server():
            job = self.next_waiting()
            if self.is_shed(job):
                self.launch.work.turn_away(job, Result.TURNED_AWAY, self.station)
                return
            self.start(job)


@wrong("shedding", "instance_types", QUOTA)
class ShedJobsTakeTokens(Quota):
    def is_shed(self, job: Job) -> bool:
        shed = super().is_shed(job)
        if shed:
            self.take_token()
        return shed


@wrong("cold start", "instance_types", POOL)
class NeverCold(Pool):
    def be_cold(self) -> None:
        pass


@wrong("cold start", "instance_types", POOL)
class ColdAnInstantLonger(Pool):
    def be_cold(self) -> None:
        super().be_cold()
        self.cold_until_ns += 1


@wrong("cpu", "instance_types", CPU)
class CoresAreNotShared(Cpu):
    def pace_of(self, jobs: int) -> float:
        return min(1.0, float(self.cores))


@wrong("cpu", "instance_types", CPU)
class AJobUsesManyCores(Cpu):
    def pace_of(self, jobs: int) -> float:
        return self.cores / jobs


@wrong("cpu", "instance_types", CPU)
class CompletionsAreRoundedDown(Cpu):
    def plan_completion(self) -> None:
        super().plan_completion()
        target, key, job = self.targets[0]
        if self.pace > 0.0:
            left_ns = max(0, math.floor((target - self.attained) / self.pace))
            self.appointment.move(self.clock.now_ns + left_ns, key, job)


@wrong("cpu", "instance_types", CPU)
class WhoCallsStillUsesACore(Cpu):
    def pace_of(self, jobs: int) -> float:
        calling = sum(job not in self.running for job in self.serving)
        return super().pace_of(jobs + calling)


@wrong("cpu", "instance_types", CPU)
class NothingIsAttainedBeforeAnArrival(Cpu):
    """The pace of the past is that of now."""

    def advance(self) -> None:
        if self.running:
            self.pace = self.pace_of(len(self.running))
        super().advance()


@wrong("change of cores", "instance_types", CPU)
class NewCoresWaitForAnEvent(Cpu):
    def change_cores(self) -> None:
        pass


@wrong("quota", "instance_types", QUOTA)
class TokensAreTheService(Quota):
    """Who has a token is served at once."""

    def service_ns(self, job: Job) -> int:
        return 0


@wrong("quota", "instance_types", QUOTA)
class QuotaServesTheLastFirst(Quota):
    def next_waiting(self) -> Job:
        self.waiting.move_to_end(next(reversed(self.waiting)), last=False)
        return super().next_waiting()


@wrong("quota", "instance_types", QUOTA)
class QuotaSavesNothing(Quota):
    def token_ns(self) -> int:
        self.bucket.burst = 1
        return super().token_ns()


@wrong("quota in any 24 hours", "instance_types", QUOTA)
class HoursAreUnlimited(Quota):
    def window_ready_ns(self) -> int:
        return 0


@wrong("quota in any 24 hours", "instance_types", QUOTA)
class OneTokenMoreIn24Hours(Quota):
    def __init__(self, launch: Launch, station: Station, index: int) -> None:
        super().__init__(launch, station, index)
        self.taken_ns = deque(maxlen=station.said.per_day + 1)

    def window_ready_ns(self) -> int:
        full = len(self.taken_ns) == self.taken_ns.maxlen
        return self.taken_ns[0] + NS_PER_DAY if full else 0


@wrong("quota in any 24 hours", "instance_types", QUOTA)
class TheDayBeginsAnewInsteadOfRolling(Quota):
    def window_ready_ns(self) -> int:
        if len(self.taken_ns) < self.station.said.per_day:
            return 0
        began_ns = self.taken_ns[0] // NS_PER_DAY * NS_PER_DAY
        return began_ns + NS_PER_DAY


@wrong("quota a day", "instance_types", QUOTA)
class DaysAreUnlimited(Quota):
    def day_has_had_its_number(self) -> bool:
        return False


@wrong("quota a day", "instance_types", QUOTA)
class OneTokenMoreADay(Quota):
    def day_has_had_its_number(self) -> bool:
        return self.taken_today > self.station.said.per_day_from_opening


@wrong("quota a day", "instance_types", QUOTA)
class ADayBeginsWithItsFirstToken(Quota):
    began_ns = 0

    def token_ns(self) -> int:
        at_ns = max(self.clock.now_ns, self.bucket.ready_ns())
        if self.day_has_had_its_number() and at_ns < self.began_ns + NS_PER_DAY:
            return self.began_ns + NS_PER_DAY
        return at_ns

    def take_token(self) -> None:
        if self.taken_today == 0 or self.clock.now_ns >= self.began_ns + NS_PER_DAY:
            self.began_ns, self.taken_today = self.clock.now_ns, 0
        self.bucket.take(self.clock.now_ns)
        self.taken_today += 1


@wrong("change of quota", "instance_types", QUOTA)
class QuotaNeverChanges(Quota):
    def set_spacing(self, spacing_ns: int) -> None:
        pass


@wrong("change of quota", "instance_types", QUOTA)
class QuotaForgetsItsTokens(Quota):
    def set_spacing(self, spacing_ns: int) -> None:
        self.bucket.spacing_ns = spacing_ns
        self.bucket.full_at_ns = self.clock.now_ns + self.bucket.burst * spacing_ns
        self.plan_token()
