"""Mutants of what is told of stations over time: rows are right, areas are not."""

from simulator.engine.readable.meter import Meter
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from simulator.engine.readable.work import Work
from tests.agreement.mutants.mutant import always, but, wrong


class WaitingIsNotAddedUpBeforeItGrows(Pool):
    def wait(self, job: Job) -> None:
        job.instance, job.waits_since_ns = self, self.clock.now_ns
        self.waiting[job] = None


class WhoIsDownIsThere(Pool):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        super().measure(meter, from_ns, to_ns)
        if self.is_failed:
            meter.add(self.station, from_ns, to_ns, there=self.servers)


class WhoIsDrainingIsBusy(Pool):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        super().measure(meter, from_ns, to_ns)
        if not self.is_up:
            meter.add(self.station, from_ns, to_ns, busy=self.occupied)


class QuotaIsBusyWithItsJobs(Quota):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        Pool.measure(self, meter, from_ns, to_ns)

    def busy(self) -> int:
        return min(1, self.occupied)


class CalledJobsAreNotOffered(Station):
    def send(self, job: Job) -> None:
        super().send(job)
        if job.call and self.world.meter is not None:
            now = self.clock.now_ns // self.world.meter.grid.bin_ns
            self.world.meter.tracks.offered[self.number, now] -= 1


MUTANTS = (
    *wrong("pool",
        but("WhoWaitsIsBusy", Pool, busy=lambda self: self.occupied + len(self.waiting)),
        WaitingIsNotAddedUpBeforeItGrows,
        always("NothingIsAddedUpAfterTheLastEvent", Work, close=None)),
    *wrong("shared instances",
        but("ServersOfOneInstanceAreThere", Pool, there=lambda self: self.servers // self.units)),
    *wrong("failures", WhoIsDownIsThere),
    *wrong("autoscaler", WhoIsDrainingIsBusy),
    *wrong("cpu",
        but("EveryRunningJobHasACore", Cpu, busy=lambda self: len(self.running)),
        but("ServersOfACpuAreItsCores", Cpu, there=lambda self: self.servers)),
    *wrong("quota", QuotaIsBusyWithItsJobs),
    *wrong("calls", CalledJobsAreNotOffered),
)  # fmt: skip
