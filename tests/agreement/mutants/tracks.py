"""Mutants of what is told of stations over time: rows are right, areas are not."""

from __future__ import annotations

from simulator.engine.readable.meter import Meter
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from simulator.engine.readable.work import Work
from simulator.system.stations import StationKind
from tests.agreement.mutants.mutant import wrong


@wrong("pool", "instance_types", StationKind.POOL)
class WhoWaitsIsBusy(Pool):
    def busy(self) -> int:
        return self.occupied + len(self.waiting)


@wrong("pool", "instance_types", StationKind.POOL)
class WaitingIsNotAddedUpBeforeItGrows(Pool):
    def wait(self, job: Job) -> None:
        job.instance, job.waits_since_ns = self, self.clock.now_ns
        self.waiting[job] = None


@wrong("shared instances", "instance_types", StationKind.POOL)
class ServersOfOneInstanceAreThere(Pool):
    def there(self) -> int:
        return self.station.servers


@wrong("failures", "instance_types", StationKind.POOL)
class WhoIsDownIsThere(Pool):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        super().measure(meter, from_ns, to_ns)
        if self.is_failed:
            meter.add(self.station.index, from_ns, to_ns, there=self.servers)


@wrong("autoscaler", "instance_types", StationKind.POOL)
class WhoIsDrainingIsBusy(Pool):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        super().measure(meter, from_ns, to_ns)
        if not self.is_up:
            meter.add(self.station.index, from_ns, to_ns, busy=self.occupied)


@wrong("cpu", "instance_types", StationKind.CPU)
class EveryRunningJobHasACore(Cpu):
    def busy(self) -> int:
        return len(self.running)


@wrong("cpu", "instance_types", StationKind.CPU)
class ServersOfACpuAreItsCores(Cpu):
    def there(self) -> int:
        return self.servers


@wrong("quota", "instance_types", StationKind.QUOTA)
class QuotaIsBusyWithItsJobs(Quota):
    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        Pool.measure(self, meter, from_ns, to_ns)

    def busy(self) -> int:
        return min(1, self.occupied)


@wrong("pool", "work_type")
class NothingIsAddedUpAfterTheLastEvent(Work):
    def close(self, end_ns: int) -> None:
        """What still goes on at the end is forgotten."""


@wrong("calls", "station_type")
class CalledJobsAreNotOffered(Station):
    def send(self, job: Job) -> None:
        meter, self.launch.meter = self.launch.meter, None if job.call else self.launch.meter
        super().send(job)
        self.launch.meter = meter
