"""Mutants of the pace of a station: by what factor services are longer, and when that is decided."""

from dataclasses import replace

from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.sharing import Sharing
from simulator.engine.readable.visit import Job
from tests.agreement.mutants.mutant import but, wrong


class ThePaceOfTheOpeningStays(Pool):
    def paced_ns(self, service_ns: int) -> int:
        pace = self.said.pace
        return service_ns if pace is None else int(service_ns * pace.at(0) + 0.5)


class APaceHoldsAnInstantLonger(Pool):
    def paced_ns(self, service_ns: int) -> int:
        pace = self.said.pace
        return (
            service_ns if pace is None else int(service_ns * pace.at(self.clock.now_ns - 1) + 0.5)
        )


class ThePaceOfTheEndCounts(Pool):
    """Of when it would be over."""

    def paced_ns(self, service_ns: int) -> int:
        pace, end_ns = self.said.pace, self.clock.now_ns + super().paced_ns(service_ns)
        return service_ns if pace is None else int(service_ns * pace.at(end_ns) + 0.5)


class ThePaceOfWhenItWasSent(Pool):
    """Not of when a server took it."""

    def service_ns(self, job: Job) -> int:
        now_ns, self.clock.now_ns = self.clock.now_ns, job.attempt.sent_ns
        try:
            return super().service_ns(job)
        finally:
            self.clock.now_ns = now_ns


class PacedWorkIsRoundedDown(Pool):
    def paced_ns(self, service_ns: int) -> int:
        pace = self.said.pace
        return service_ns if pace is None else int(service_ns * pace.at(self.clock.now_ns))


class ColdWorkIsPacedAfterwards(Pool):
    """It is rounded in another order."""

    def service_ns(self, job: Job) -> int:
        service_ns = self.drawn_service_ns(job)
        if self.said.cold is not None and self.clock.now_ns < self.cold_until_ns:
            service_ns = service_ns * self.said.cold.slowdown_thousandths // 1000
        return self.paced_ns(service_ns)


class CalledWorkHasThePaceOfItsStep(Pool):
    def service_ns(self, job: Job) -> int:
        said, system = self.said, self.world.system
        own = system.stations[system.steps[job.attempt.step].station]
        self.said = replace(said, pace=own.pace)
        try:
            return super().service_ns(job)
        finally:
            self.said = said


MUTANTS = (
    *wrong("pace",
        but("NoPaceOfAPool", Pool, paced_ns=lambda self, service_ns: service_ns),
        ThePaceOfTheOpeningStays, APaceHoldsAnInstantLonger, ThePaceOfTheEndCounts,
        ThePaceOfWhenItWasSent, PacedWorkIsRoundedDown),
    *wrong("pace",
        but("NoPaceOfACpu", Cpu, paced_ns=lambda self, service_ns: service_ns),
        needs=("cpu",)),
    *wrong("pace",
        but("NoPaceOfAQuota", Quota, paced_ns=lambda self, service_ns: service_ns),
        needs=("quota",)),
    *wrong("pace",
        but("NoPaceWhereServicesInflate", Sharing, paced_ns=lambda self, service_ns: service_ns),
        needs=("inflation",)),
    *wrong("pace", ColdWorkIsPacedAfterwards, needs=("cold start",)),
    *wrong("pace", CalledWorkHasThePaceOfItsStep, needs=("calls", "several stations")),
)  # fmt: skip
