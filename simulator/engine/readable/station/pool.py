"""An instance of a station: servers, each with one job, and a waiting room."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from simulator.engine.readable.visit import Attempt, Job
from simulator.outcomes.rows import Result

if TYPE_CHECKING:
    from simulator.engine.readable.launch import Launch
    from simulator.engine.readable.meter import Meter
    from simulator.engine.readable.station.station import Station


class Pool:
    """Free servers take jobs first come, first served, wanted or not."""

    def __init__(self, launch: Launch, station: Station, index: int) -> None:
        self.launch, self.clock, self.station, self.index = launch, launch.clock, station, index
        self.is_up, self.is_failed = True, False
        self.booting = 0
        """How many instances' servers are on their way."""
        self.starts = 0
        """How often it has come up, where it can fail."""
        self.units = station.units
        """How many instances' servers it has: more than one if all share one queue."""
        self.occupied = 0
        """Servers with a job, also one that waits for a call, or held as a seat."""
        self.serving: set[Job] = set()
        """Who has a server."""
        self.waiting: OrderedDict[Job, None] = OrderedDict()
        self.cold_until_ns = 0
        self.busy_ns = self.server_ns = self.accounted_ns = 0

    @property
    def servers(self) -> int:
        return self.station.servers * self.units

    # Taking jobs

    def take(self, job: Job) -> None:
        """Serve a job, let it wait, or turn it away."""
        if self.has_free_server():
            self.start(job)
        elif self.has_room():
            self.wait(job)
        else:
            self.launch.work.turn_away(job, Result.TURNED_AWAY, self.station)

    def has_free_server(self) -> bool:
        return self.occupied < self.servers

    def has_room(self) -> bool:
        return len(self.waiting) < self.station.waiting_room

    def wait(self, job: Job) -> None:
        self.account()
        job.instance, job.waits_since_ns = self, self.clock.now_ns
        self.waiting[job] = None

    def next_waiting(self) -> Job:
        self.account()
        job, _ = self.waiting.popitem(last=False)
        job.instance = None
        return job

    def take_waiting(self) -> None:
        while self.waiting and self.has_free_server():
            job = self.next_waiting()
            if self.is_shed(job):
                self.launch.work.turn_away(job, Result.TURNED_AWAY, self.station)
            else:
                self.start(job)

    def is_shed(self, job: Job) -> bool:
        """Whether a job has waited too long to be served when its turn comes."""
        return self.clock.now_ns - job.waits_since_ns > self.station.said.sheds_after_ns

    # Serving

    def start(self, job: Job) -> None:
        self.occupy()
        job.instance = self
        self.serving.add(job)
        if job.call == 0 and job.attempt.is_awaited:
            job.attempt.started_ns = self.clock.now_ns
        self.begin(job, self.service_ns(job))

    def service_ns(self, job: Job) -> int:
        """How long the work takes that begins now."""
        service_ns = self.launch.work.service_ns(job)
        if self.station.said.cold is None or self.clock.now_ns >= self.cold_until_ns:
            return service_ns
        return service_ns * self.station.said.cold.slowdown_thousandths // 1000

    def begin(self, job: Job, service_ns: int) -> None:
        self.clock.at(self.clock.now_ns + service_ns, job.key, self.complete, job)

    def complete(self, job: Job) -> None:
        if job.instance is self:
            self.end_service(job)
            self.launch.work.served(job)

    def end_service(self, job: Job) -> None:
        """The service is over, and the server not yet free."""

    def let_go(self, job: Job) -> None:
        """Let a job go, done or dropped, waiting or with a server, which is then free."""
        job.instance = None
        if job in self.serving:
            self.serving.remove(job)
            self.vacate()
        else:
            self.account()
            del self.waiting[job]

    # Servers

    def occupy(self) -> None:
        self.account()
        self.occupied += 1

    def vacate(self) -> None:
        self.account()
        self.occupied -= 1
        self.launch.work.freed.append(self)

    def has_free_seat(self) -> bool:
        """Whether somebody may hold a server now."""
        return self.is_up and self.has_free_server() and not self.waiting

    def account(self) -> None:
        """Add up what goes on before it changes; busy and server time while the instance is up."""
        self.account_until(self.clock.now_ns)

    def account_until(self, now_ns: int) -> None:
        if self.is_up:
            elapsed_ns = now_ns - self.accounted_ns
            self.busy_ns += self.occupied * elapsed_ns
            self.server_ns += self.servers * elapsed_ns
        if self.launch.meter is not None and self.accounted_ns < now_ns:
            self.measure(self.launch.meter, self.accounted_ns, now_ns)
        self.accounted_ns = now_ns

    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        """Tell what has gone on since then."""
        meter.add(self.station.index, from_ns, to_ns, waiting=len(self.waiting))
        if self.is_up:
            there, instances = self.there(), self.units
            meter.add(self.station.index, from_ns, to_ns, there=there, instances=instances)
            meter.add(self.station.index, from_ns, to_ns, busy=self.busy())

    def busy(self) -> int:
        """How many of those that are there have work."""
        return self.occupied

    def there(self) -> int:
        return self.servers

    def load(self) -> int:
        """Jobs running and waiting, by which the least busy instance is found."""
        return self.occupied + len(self.waiting)

    # Coming and going

    def open(self) -> None:
        """Take jobs from now on."""
        self.account()
        self.is_up = True

    def be_cold(self) -> None:
        """Services that begin take longer for a while."""
        if self.station.said.cold is not None:
            self.cold_until_ns = self.clock.now_ns + self.station.said.cold.for_ns

    def shut(self) -> None:
        """Take no more jobs."""
        self.account()
        self.is_up = False

    def attempts(self) -> list[Attempt]:
        """Whose jobs run or wait here, in order of their names."""
        attempts = {job.attempt for job in (*self.serving, *self.waiting)}
        return sorted(attempts, key=lambda attempt: attempt.name)

    def change_cores(self) -> None:
        """There are more or fewer of them: a pool has none."""
