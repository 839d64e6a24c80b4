"""An instance of a station: servers, each with one job, and a waiting room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from simulator.engine.readable.meter import Meter
from simulator.engine.readable.visit import Job
from simulator.engine.readable.world import World
from simulator.outcomes.rows import Result
from simulator.system import stations as system_stations
from simulator.timetable import draws
from simulator.units import FOREVER


class Told(NamedTuple):
    """Whom an instance tells what becomes of its jobs and servers."""

    served: Callable[[Job], None]
    """The service of a job is over; its server is held until the job is let go."""
    refused: Callable[[Job, Result, system_stations.Station], None]
    """A job is not taken, or no longer worked on, by that station."""
    freed: Callable[[Pool], None]
    """A server of this instance may have become free, for a job that waits there."""


class Pool:
    """Free servers take jobs first come, first served, wanted or not."""

    def __init__(self, world: World, station: int, index: int, told: Told) -> None:
        self.world, self.clock, self.told = world, world.clock, told
        self.station, self.index = station, index
        self.said = world.system.stations[station]
        self.is_up = self.is_failed = False
        self.booting = 0
        """How many instances' servers are on their way."""
        self.starts = 0
        """How often it has come up, where it can fail."""
        self.units = 1
        """How many instances it stands for: more than one if all share one queue."""
        self.servers = self.cores = self.waiting_room = 0
        """What it has been given."""
        self.occupied = 0
        """Servers with a job, also one that waits for a call, or held as a seat."""
        self.serving: set[Job] = set()
        """Who has a server."""
        self.waiting: OrderedDict[Job, None] = OrderedDict()
        self.cold_until_ns = 0
        self.busy_ns = self.server_ns = self.accounted_ns = 0

    # What it is given

    def set_servers(self, servers: int) -> None:
        """More start waiting jobs at once; fewer let running work end."""
        self.account()
        self.servers = servers

    def set_waiting_room(self, places: int) -> None:
        """A smaller one throws nobody out."""
        self.waiting_room = places

    def set_cores(self, cores: int) -> None:
        """Only a CPU has some."""

    def set_spacing(self, spacing_ns: int) -> None:
        """Only a quota has one."""

    # Taking jobs

    def take(self, job: Job) -> None:
        """Serve a job, let it wait, or turn it away."""
        if self.has_free_server():
            self.start(job)
        elif self.has_room():
            self.wait(job)
        else:
            self.told.refused(job, Result.TURNED_AWAY, self.said)

    def has_free_server(self) -> bool:
        return self.occupied < self.servers

    def has_room(self) -> bool:
        return len(self.waiting) < self.waiting_room

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
                self.told.refused(job, Result.TURNED_AWAY, self.said)
            else:
                self.start(job)

    def is_shed(self, job: Job) -> bool:
        """Whether a job has waited too long to be served when its turn comes."""
        return self.clock.now_ns - job.waits_since_ns > self.said.sheds_after_ns

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
        service_ns = self.paced_ns(self.drawn_service_ns(job))
        if self.said.cold is None or self.clock.now_ns >= self.cold_until_ns:
            return service_ns
        return service_ns * self.said.cold.slowdown_thousandths // 1000

    def paced_ns(self, service_ns: int) -> int:
        """How long it takes at the pace of now."""
        if self.said.pace is None:
            return service_ns
        return int(min(service_ns * self.said.pace.at(self.clock.now_ns) + 0.5, FOREVER))

    def drawn_service_ns(self, job: Job) -> int:
        visitor, step, number = job.attempt.name
        luck = job.luck if job.call else number
        return self.world.drawn_ns(job.service, draws.SERVICE, visitor, step, luck)

    def begin(self, job: Job, service_ns: int) -> None:
        self.clock.at(self.clock.now_ns + service_ns, job.key, self.complete, job)

    def complete(self, job: Job) -> None:
        if job.instance is self:
            self.end_service(job)
            self.told.served(job)

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
        self.told.freed(self)

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
        if self.world.meter is not None and self.accounted_ns < now_ns:
            self.measure(self.world.meter, self.accounted_ns, now_ns)
        self.accounted_ns = now_ns

    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        """Tell what has gone on since then."""
        meter.add(self.station, from_ns, to_ns, waiting=len(self.waiting))
        if self.is_up:
            there, instances = self.there(), self.units
            meter.add(self.station, from_ns, to_ns, there=there, instances=instances)
            meter.add(self.station, from_ns, to_ns, busy=self.busy())

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
        if self.said.cold is not None:
            self.cold_until_ns = self.clock.now_ns + self.said.cold.for_ns

    def shut(self) -> None:
        """Take no more jobs."""
        self.account()
        self.is_up = False

    def jobs(self) -> list[Job]:
        """What runs or waits here, one of each attempt, in order of their names."""
        jobs = {job.attempt.name: job for job in (*self.serving, *self.waiting)}
        return [job for _, job in sorted(jobs.items())]
