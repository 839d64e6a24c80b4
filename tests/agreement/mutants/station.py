"""Mutants of what a station has: servers, cores, tokens."""

import math
from collections import deque

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.sharing import Sharing
from simulator.engine.readable.visit import Job
from simulator.engine.readable.world import World
from simulator.outcomes.rows import Result
from simulator.units import NS_PER_DAY
from tests.agreement.mutants.mutant import always, but, wrong


class StaleWorkDropped(Pool):
    def next_waiting(self) -> Job:
        for job in list(self.waiting)[:-1]:
            if not job.attempt.is_awaited:
                del self.waiting[job]
                job.instance = None
        return super().next_waiting()


class LastComeFirstServed(Pool):
    def next_waiting(self) -> Job:
        self.waiting.move_to_end(next(reversed(self.waiting)), last=False)
        return super().next_waiting()


class WorkBeginsWhenItIsSent(Pool):
    """``started`` is known of work that began after its client had gone."""

    def start(self, job: Job) -> None:
        super().start(job)
        if job.call == 0:
            job.attempt.started_ns = job.attempt.sent_ns


class AShedJobUsesUpTheServer(Pool):
    """The server does not take the next one."""

    def take_waiting(self) -> None:
        while self.waiting and self.has_free_server():
            job = self.next_waiting()
            if self.is_shed(job):
                self.told.refused(job, Result.TURNED_AWAY, self.said)
                return
            self.start(job)


class ShedJobsTakeTokens(Quota):
    def is_shed(self, job: Job) -> bool:
        shed = super().is_shed(job)
        if shed:
            self.take_token()
        return shed


class ColdAnInstantLonger(Pool):
    def be_cold(self) -> None:
        super().be_cold()
        self.cold_until_ns += 1


class CompletionsAreRoundedDown(Cpu):
    def plan_completion(self) -> None:
        super().plan_completion()
        target, key, job = self.targets[0]
        if self.speed > 0.0:
            left_ns = max(0, math.floor((target - self.attained) / self.speed))
            self.appointment.move(self.clock.now_ns + left_ns, key, job)


class WhoCallsStillUsesACore(Cpu):
    def speed_of(self, jobs: int) -> float:
        calling = sum(job not in self.running for job in self.serving)
        return super().speed_of(jobs + calling)


class NothingIsAttainedBeforeAnArrival(Cpu):
    """The speed of the past is that of now."""

    def begin(self, job: Job, service_ns: int) -> None:
        self.speed = self.speed_of(len(self.running) + 1)
        super().begin(job, service_ns)


class NewCoresWaitForAnEvent(Cpu):
    def set_cores(self, cores: int) -> None:
        self.cores = cores


class TheFactorOfTheBeginningStays(Sharing):
    """Who comes or goes later makes no difference."""

    def speed_of(self, jobs: int) -> float:
        return 1.0

    def begin(self, job: Job, service_ns: int) -> None:
        factor = self.inflation_of(len(self.running) + 1)
        super().begin(job, math.ceil(service_ns * factor))


class QuotaServesTheLastFirst(Quota):
    def next_waiting(self) -> Job:
        self.waiting.move_to_end(next(reversed(self.waiting)), last=False)
        return super().next_waiting()


class QuotaSavesNothing(Quota):
    def token_ns(self) -> int:
        self.bucket.burst = 1
        return super().token_ns()


class OneTokenMoreIn24Hours(Quota):
    def __init__(self, world: World, station: int, index: int, told: Told, bucket: Bucket) -> None:
        super().__init__(world, station, index, told, bucket)
        self.taken_ns = deque(maxlen=self.said.per_day + 1)

    def window_ready_ns(self) -> int:
        full = len(self.taken_ns) == self.taken_ns.maxlen
        return self.taken_ns[0] + NS_PER_DAY if full else 0


class TheDayBeginsAnewInsteadOfRolling(Quota):
    def window_ready_ns(self) -> int:
        if len(self.taken_ns) < self.said.per_day:
            return 0
        began_ns = self.taken_ns[0] // NS_PER_DAY * NS_PER_DAY
        return began_ns + NS_PER_DAY


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


class QuotaForgetsItsTokens(Quota):
    def set_spacing(self, spacing_ns: int) -> None:
        self.bucket.spacing_ns = spacing_ns
        self.bucket.full_at_ns = self.clock.now_ns + self.bucket.burst * spacing_ns
        self.plan_token()


MUTANTS = (
    *wrong("waiting room",
        but("RoomForOneMore", Pool, has_room=lambda self: len(self.waiting) <= self.waiting_room),
        always("RoomForAll", Pool, has_room=True)),
    *wrong("pool",
        StaleWorkDropped, LastComeFirstServed,
        but("OneServerMore", Pool, has_free_server=lambda self: self.occupied <= self.servers),
        WorkBeginsWhenItIsSent),
    *wrong("shedding",
        but("ShedAtTheVeryInstant", Pool,
            is_shed=lambda self, job: self.clock.now_ns - job.waits_since_ns >= self.said.sheds_after_ns),
        always("NobodyIsShed", Pool, is_shed=False), AShedJobUsesUpTheServer, ShedJobsTakeTokens),
    *wrong("cold start", always("NeverCold", Pool, be_cold=None), ColdAnInstantLonger),
    *wrong("quota",
        # Who has a token is served at once.
        always("TokensAreTheService", Quota, service_ns=0),
        QuotaServesTheLastFirst, QuotaSavesNothing),
    *wrong("quota in any 24 hours",
        always("HoursAreUnlimited", Quota, window_ready_ns=0), OneTokenMoreIn24Hours,
        TheDayBeginsAnewInsteadOfRolling),
    *wrong("quota a day",
        always("DaysAreUnlimited", Quota, day_has_had_its_number=False),
        but("OneTokenMoreADay", Quota,
            day_has_had_its_number=lambda self: self.taken_today > self.said.per_day_from_opening),
        ADayBeginsWithItsFirstToken),
    *wrong("change of quota",
        always("QuotaNeverChanges", Quota, set_spacing=None), QuotaForgetsItsTokens),
    *wrong("cpu",
        but("CoresAreNotShared", Cpu, speed_of=lambda self, jobs: min(1.0, float(self.cores))),
        but("AJobUsesManyCores", Cpu, speed_of=lambda self, jobs: self.cores / jobs),
        CompletionsAreRoundedDown, WhoCallsStillUsesACore, NothingIsAttainedBeforeAnArrival),
    *wrong("change of cores", NewCoresWaitForAnEvent),
    *wrong("inflation",
        but("OneAtOnceFewerInflates", Sharing,
            inflation_of=lambda self, jobs: Sharing.inflation_of(self, max(1, jobs - 1))),
        but("TheLastFactorHoldsForNoMore", Sharing,
            inflation_of=lambda self, jobs: Sharing.inflation_of(self, jobs) if jobs <= len(self.said.inflation) else 1.0),
        TheFactorOfTheBeginningStays,
        but("WhoWaitsInflates", Sharing,
            inflation_of=lambda self, jobs: Sharing.inflation_of(self, jobs + len(self.waiting)))),
    *wrong("inflation",
        but("WhoCallsInflates", Sharing, inflation_of=lambda self, jobs: Sharing.inflation_of(self, len(self.serving))),
        needs=("calls",)),
    *wrong("inflation",
        but("SeatsInflate", Sharing, inflation_of=lambda self, jobs: Sharing.inflation_of(self, self.occupied)),
        needs=("holds",)),
    *wrong("inflation", always("NoFactorOfACpu", Cpu, inflation_of=1.0), needs=("cpu",)),
)  # fmt: skip
