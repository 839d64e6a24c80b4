"""Mutants of what machines do by themselves: scaling, failing, coming up."""

from __future__ import annotations

from simulator.engine.readable.station.autoscaler import Autoscaler
from simulator.engine.readable.station.failures import Failures
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.work import Work
from simulator.engine.rules import CONTROL, FAILS
from simulator.outcomes.rows import Result
from simulator.timetable import draws
from tests.agreement.mutants.mutant import wrong


@wrong("autoscaler", "autoscaler_type")
class NothingIsScaled(Autoscaler):
    def act(self, missing: int) -> bool:
        return False


@wrong("autoscaler", "autoscaler_type")
class InstancesBootAtOnce(Autoscaler):
    def boot(self) -> None:
        instance = self.station.instances[0] if self.station.is_shared else self.lowest_free()
        instance.booting += 1
        self.come_up(instance)


@wrong("autoscaler", "autoscaler_type")
class OneInstanceAtATime(Autoscaler):
    def act(self, missing: int) -> bool:
        return super().act(max(-1, min(1, missing)))


@wrong("autoscaler", "autoscaler_type")
class CooldownIgnored(Autoscaler):
    def is_cool(self) -> bool:
        return True


@wrong("autoscaler", "autoscaler_type")
class CooldownBeforeTheFirstAction(Autoscaler):
    def is_cool(self) -> bool:
        since_ns = self.last_action_ns or 0
        return self.clock.now_ns - since_ns >= self.said.cooldown_ns


@wrong("autoscaler", "autoscaler_type")
class WindowIsOnePeriod(Autoscaler):
    def use_thousandths(self) -> int:
        while len(self.measured) > 1:
            self.measured.popleft()
        return super().use_thousandths()


@wrong("autoscaler", "autoscaler_type")
class WindowIsTheWholeLaunch(Autoscaler):
    def use_thousandths(self) -> int:
        self.measured.clear()
        self.measured.append((0, 0))
        return super().use_thousandths()


@wrong("autoscaler", "autoscaler_type")
class WantedIsRoundedDown(Autoscaler):
    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = there * use_thousandths // self.said.target_thousandths
        return max(self.said.floor, min(self.said.ceiling, wanted))


@wrong("autoscaler", "autoscaler_type")
class FloorIgnored(Autoscaler):
    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = -(-there * use_thousandths // self.said.target_thousandths)
        return max(1, min(self.said.ceiling, wanted))


@wrong("autoscaler", "autoscaler_type")
class CeilingIgnored(Autoscaler):
    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = -(-there * use_thousandths // self.said.target_thousandths)
        return max(self.said.floor, min(self.said.ceiling + 1, wanted))


@wrong("autoscaler", "autoscaler_type")
class BootingOnesDoNotCount(Autoscaler):
    def booting(self) -> int:
        return 0


@wrong("autoscaler", "autoscaler_type")
class AllMayGo(Autoscaler):
    """Not one stays."""

    def act(self, missing: int) -> bool:
        leaving = min(-missing, self.up())
        if missing > 0 or leaving <= 0:
            return super().act(missing)
        self.take_away(leaving)
        return True


@wrong("autoscaler", "autoscaler_type")
class TheLowestGo(Autoscaler):
    def take_away(self, leaving: int) -> None:
        if self.station.is_shared:
            super().take_away(leaving)
        else:
            for instance in self.station.instances_up()[:leaving]:
                instance.shut()


@wrong("autoscaler", "autoscaler_type")
class WhoGoesLosesItsWork(Autoscaler):
    def take_away(self, leaving: int) -> None:
        gone = [] if self.station.is_shared else self.station.instances_up()[-leaving:]
        super().take_away(leaving)
        for instance in gone:
            self.launch.work.lose(instance)


@wrong("autoscaler", "autoscaler_type")
class ANewIndexForEachBoot(Autoscaler):
    def lowest_free(self) -> Pool:
        instance = self.station.new_instance()
        instance.is_up = False
        return instance


@wrong("failures", "failures_type")
class NothingFails(Failures):
    def fail(self, instance: Pool, start: int) -> None:
        pass


@wrong("failures", "failures_type")
class NothingIsRepaired(Failures):
    def repaired(self, instance: Pool) -> None:
        pass


@wrong("failures", "failures_type")
class NothingFailsTwice(Failures):
    def repaired(self, instance: Pool) -> None:
        instance.is_failed = False
        instance.open()
        instance.be_cold()


@wrong("failures", "failures_type")
class EachRunIsAsLongAsTheFirst(Failures):
    def expect(self, instance: Pool) -> None:
        start, instance.starts = instance.starts, instance.starts + 1
        run_ns = max(1, self.launch.drawn_ns(self.said.runs, draws.RUN, self.luck(instance)))
        key = (CONTROL, FAILS, self.station.index, instance.index, 0)
        self.clock.at(self.clock.now_ns + run_ns, key, self.fail, instance, start)


@wrong("failures", "failures_type")
class AllInstancesFailTogether(Failures):
    def luck(self, instance: Pool) -> int:
        return self.station.index << 20


@wrong("failures", "failures_type")
class OldFailuresStrikeNewInstances(Failures):
    """One that left by scaling, and booted again, still fails as it would have before."""

    def fail(self, instance: Pool, start: int) -> None:
        if instance.is_up:
            super().fail(instance, instance.starts - 1)


@wrong("failures", "work_type")
class WhoWaitsThereIsNotLost(Work):
    def lose(self, instance: Pool) -> None:
        waiting = {job.attempt for job in instance.waiting}
        for attempt in instance.attempts():
            if attempt not in waiting:
                self.drop(attempt)
                self.launch.clients.fail(attempt, Result.FAILED)
        self.use_free_servers()


@wrong("failures", "station_type")
class FailedInstancesGetJobs(Station):
    """Where none is up, a job is sent to the first, and turned away."""

    def send(self, job: object) -> None:
        if self.instances_up():
            super().send(job)  # type: ignore[arg-type]
        else:
            self.launch.work.turn_away(job, Result.TURNED_AWAY, self)  # type: ignore[arg-type]
