"""An instance whose jobs go on at a speed that depends on how many of them run."""

from __future__ import annotations

import heapq
import math

from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.visit import Job
from simulator.engine.readable.world import Appointment, World
from simulator.engine.rules import Key


class Sharing(Pool):
    """All that run here attain service at one speed, so each ends when a common sum is reached."""

    def __init__(self, world: World, station: int, index: int, told: Told) -> None:
        super().__init__(world, station, index, told)
        self.attained, self.since_ns, self.speed = 0.0, 0, 1.0
        """The sum of service that a job would have attained by ``since_ns``, and how it grows."""
        self.running: set[Job] = set()
        """Who has a server and does not wait for a call."""
        self.targets: list[tuple[float, Key, Job]] = []
        """A heap of what the sum will be at each one's end; who runs no more is skipped."""
        self.appointment = Appointment(self.clock.at, self.complete)

    def speed_of(self, jobs: int) -> float:
        """How fast each of so many jobs goes on."""
        return 1.0 / self.inflation_of(jobs)

    def inflation_of(self, jobs: int) -> float:
        """By what factor each of so many takes longer; the last one holds for more."""
        factors = self.said.inflation
        return factors[min(jobs, len(factors)) - 1]

    def begin(self, job: Job, service_ns: int) -> None:
        self.advance()
        self.running.add(job)
        heapq.heappush(self.targets, (self.attained + service_ns, job.key, job))
        self.change_speed()

    def end_service(self, job: Job) -> None:
        self.advance()
        self.running.remove(job)
        if not self.running:
            self.attained = 0.0
        self.change_speed()

    def let_go(self, job: Job) -> None:
        if job in self.running:
            self.end_service(job)
        super().let_go(job)

    def advance(self) -> None:
        """Add what has been attained until now, at the speed so far."""
        self.account()
        if self.running:
            self.attained += (self.clock.now_ns - self.since_ns) * self.speed
        self.since_ns = self.clock.now_ns

    def change_speed(self) -> None:
        if self.running:
            self.speed = self.speed_of(len(self.running))
            self.plan_completion()
        else:
            self.appointment.call_off()

    def plan_completion(self) -> None:
        """The smallest target is reached first; whole nanoseconds are rounded up."""
        while self.targets[0][2] not in self.running:
            heapq.heappop(self.targets)
        target, key, job = self.targets[0]
        if self.speed > 0.0:
            left_ns = max(0, math.ceil((target - self.attained) / self.speed))
            self.appointment.move(self.clock.now_ns + left_ns, key, job)
        else:
            self.appointment.call_off()
