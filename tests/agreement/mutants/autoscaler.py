"""Mutants of what machines do by themselves: scaling, failing, coming up."""

from simulator.engine.readable.station.autoscaler import Autoscaler
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from simulator.engine.rules import CONTROL, FAILS
from simulator.outcomes.rows import Result
from simulator.timetable import draws
from tests.agreement.mutants.mutant import always, but, wrong


class InstancesBootAtOnce(Autoscaler):
    def boot(self) -> None:
        instance = self.station.instances[0] if self.station.is_shared else self.lowest_free()
        instance.booting += 1
        self.come_up(instance)


class CooldownBeforeTheFirstAction(Autoscaler):
    def is_cool(self) -> bool:
        since_ns = self.last_action_ns or 0
        return self.clock.now_ns - since_ns >= self.said.cooldown_ns


class WindowIsOnePeriod(Autoscaler):
    def use_thousandths(self) -> int:
        while len(self.measured) > 1:
            self.measured.popleft()
        return super().use_thousandths()


class WindowIsTheWholeLaunch(Autoscaler):
    def use_thousandths(self) -> int:
        self.measured.clear()
        self.measured.append((0, 0))
        return super().use_thousandths()


class WantedIsRoundedDown(Autoscaler):
    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = there * use_thousandths // self.said.target_thousandths
        return max(self.said.floor, min(self.said.ceiling, wanted))


class FloorIgnored(Autoscaler):
    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = -(-there * use_thousandths // self.said.target_thousandths)
        return max(1, min(self.said.ceiling, wanted))


class CeilingIgnored(Autoscaler):
    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = -(-there * use_thousandths // self.said.target_thousandths)
        return max(self.said.floor, min(self.said.ceiling + 1, wanted))


class AllMayGo(Autoscaler):
    """Not one stays."""

    def act(self, missing: int) -> bool:
        leaving = min(-missing, self.up())
        if missing > 0 or leaving <= 0:
            return super().act(missing)
        self.take_away(leaving)
        return True


class TheLowestGo(Autoscaler):
    def take_away(self, leaving: int) -> None:
        if self.station.is_shared:
            super().take_away(leaving)
        else:
            for instance in self.station.instances_up()[:leaving]:
                instance.shut()


class WhoGoesLosesItsWork(Autoscaler):
    def take_away(self, leaving: int) -> None:
        gone = [] if self.station.is_shared else self.station.instances_up()[-leaving:]
        super().take_away(leaving)
        for instance in gone:
            self.station.lose(instance)


class NothingFailsTwice(Station):
    def repaired(self, instance: Pool) -> None:
        instance.is_failed = False
        instance.open()
        instance.be_cold()


class EachRunIsAsLongAsTheFirst(Station):
    def may_fail(self, instance: Pool) -> None:
        if self.said.failures is None:
            return
        start, instance.starts = instance.starts, instance.starts + 1
        runs, luck = self.said.failures.runs, self.luck(instance)
        run_ns = max(1, self.world.drawn_ns(runs, draws.RUN, luck))
        key = (CONTROL, FAILS, self.number, instance.index, 0)
        self.clock.at(self.clock.now_ns + run_ns, key, self.fail, instance, start)


class OldFailuresStrikeNewInstances(Station):
    """One that left by scaling, and booted again, still fails as it would have before."""

    def fail(self, instance: Pool, start: int) -> None:
        if instance.is_up:
            super().fail(instance, instance.starts - 1)


class WhoWaitsThereIsNotLost(Station):
    def lose(self, instance: Pool) -> None:
        waiting = {job.attempt for job in instance.waiting}
        for job in instance.jobs():
            if job.attempt not in waiting:
                self.told.refused(job, Result.FAILED, self.said)


class FailedInstancesGetJobs(Station):
    """Where none is up, a job is sent to the first, and turned away."""

    def send(self, job: Job) -> None:
        if self.instances_up():
            super().send(job)
        else:
            self.told.refused(job, Result.TURNED_AWAY, self.said)


MUTANTS = (
    *wrong("autoscaler",
        always("NothingIsScaled", Autoscaler, act=False), InstancesBootAtOnce,
        but("OneInstanceAtATime", Autoscaler, act=lambda self, missing: Autoscaler.act(self, max(-1, min(1, missing)))),
        always("CooldownIgnored", Autoscaler, is_cool=True), CooldownBeforeTheFirstAction,
        WindowIsOnePeriod, WindowIsTheWholeLaunch, WantedIsRoundedDown, FloorIgnored,
        CeilingIgnored, always("BootingOnesDoNotCount", Autoscaler, booting=0), AllMayGo,
        TheLowestGo, WhoGoesLosesItsWork,
        but("ANewIndexForEachBoot", Autoscaler, lowest_free=lambda self: self.station.new_instance())),
    *wrong("failures",
        always("NothingFails", Station, fail=None),
        always("NothingIsRepaired", Station, repaired=None), NothingFailsTwice,
        EachRunIsAsLongAsTheFirst,
        but("AllInstancesFailTogether", Station, luck=lambda self, instance: self.number << 20),
        OldFailuresStrikeNewInstances, WhoWaitsThereIsNotLost, FailedInstancesGetJobs),
)  # fmt: skip
