"""Mutants of what is told of stations over time: rows are right, areas are not."""

from simulator.engine.readable.meter import Meter
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from simulator.engine.readable.work import Work
from tests.agreement.mutants.mutant import wrong


class WhoWaitsIsBusy(Pool):
    def busy(self) -> int:
        return self.occupied + len(self.waiting)


class WaitingIsNotAddedUpBeforeItGrows(Pool):
    def wait(self, job: Job) -> None:
        job.instance, job.waits_since_ns = self, self.clock.now_ns
        self.waiting[job] = None


class ServersOfOneInstanceAreThere(Pool):
    def there(self) -> int:
        return self.servers // self.units


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


class EveryRunningJobHasACore(Cpu):
    def busy(self) -> int:
        return len(self.running)


class ServersOfACpuAreItsCores(Cpu):
    def there(self) -> int:
        return self.servers


class QuotaIsBusyWithItsJobs(Quota):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        Pool.measure(self, meter, from_ns, to_ns)

    def busy(self) -> int:
        return min(1, self.occupied)


class NothingIsAddedUpAfterTheLastEvent(Work):
    def close(self, end_ns: int) -> None:
        """What still goes on at the end is forgotten."""


class CalledJobsAreNotOffered(Station):
    def send(self, job: Job) -> None:
        super().send(job)
        if job.call and self.world.meter is not None:
            now = self.clock.now_ns // self.world.meter.grid.bin_ns
            self.world.meter.tracks.offered[self.number, now] -= 1


MUTANTS = (
    *wrong("pool", WhoWaitsIsBusy, WaitingIsNotAddedUpBeforeItGrows,
        NothingIsAddedUpAfterTheLastEvent),
    *wrong("shared instances", ServersOfOneInstanceAreThere),
    *wrong("failures", WhoIsDownIsThere),
    *wrong("autoscaler", WhoIsDrainingIsBusy),
    *wrong("cpu", EveryRunningJobHasACore, ServersOfACpuAreItsCores),
    *wrong("quota", QuotaIsBusyWithItsJobs),
    *wrong("calls", CalledJobsAreNotOffered),
)  # fmt: skip
