"""A station: which of its instances gets a job, and what an operator changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.visit import Job
from simulator.outcomes.rows import Result
from simulator.system import stations as system_stations
from simulator.system.stations import Balance
from simulator.timetable import draws

if TYPE_CHECKING:
    from simulator.engine.readable.launch import Launch
    from simulator.engine.readable.station.autoscaler import Autoscaler
    from simulator.engine.readable.station.failures import Failures


class Station:
    """Instances that share one queue, or have one each."""

    def __init__(self, launch: Launch, index: int, said: system_stations.Station) -> None:
        self.launch, self.index, self.said = launch, index, said
        self.is_shared = said.balance is Balance.SHARED
        self.units = said.instances if self.is_shared else 1
        """How many are one instance at the opening, because they share a queue."""
        self.servers, self.cores = said.servers, said.cores
        self.waiting_room = said.waiting_room * self.units
        self.instances: list[Pool] = []
        for _ in range(1 if self.is_shared else said.instances):
            self.new_instance()
        self.pointer = 0
        self.failures: Failures | None = None
        if said.failures is not None:
            self.failures = launch.failures_type(launch, self, said.failures)
        self.autoscaler: Autoscaler | None = None
        if said.autoscaler is not None:
            self.autoscaler = launch.autoscaler_type(launch, self, said.autoscaler)

    def new_instance(self) -> Pool:
        instance = self.launch.new_instance(self, len(self.instances))
        self.instances.append(instance)
        return instance

    def start(self) -> None:
        """The opening."""
        for instance in self.instances:
            if self.said.cold is not None and self.said.cold.at_opening:
                instance.be_cold()
            self.may_fail(instance)
        if self.autoscaler is not None:
            self.autoscaler.plan()

    def come_up(self, instance: Pool) -> None:
        """It takes jobs from now on, is cold at first, and may fail."""
        instance.open()
        instance.be_cold()
        self.may_fail(instance)

    def may_fail(self, instance: Pool) -> None:
        if self.failures is not None:
            self.failures.expect(instance)

    # Balancing

    def send(self, job: Job) -> None:
        """Have one of those that are up take a job."""
        if self.launch.meter is not None:
            self.launch.meter.arrived(self.index, self.launch.clock.now_ns)
        instance = self.choose(job)
        if instance is None:
            self.launch.work.turn_away(job, Result.FAILED, self)
        else:
            instance.take(job)

    def choose(self, job: Job) -> Pool | None:
        if self.is_shared:
            only = self.instances[0]
            return only if only.is_up else None
        up = self.instances_up()
        if not up:
            return None
        if self.said.balance is Balance.ROUND_ROBIN:
            return self.next_in_turn(up)
        if self.said.balance is Balance.RANDOM:
            return self.anyone(up, job)
        return self.least_busy(up)

    def instances_up(self) -> list[Pool]:
        return [instance for instance in self.instances if instance.is_up]

    def next_in_turn(self, up: list[Pool]) -> Pool:
        later = (instance for instance in up if instance.index >= self.pointer)
        chosen = next(later, up[0])
        self.pointer = chosen.index + 1
        return chosen

    def anyone(self, up: list[Pool], job: Job) -> Pool:
        visitor, step, _ = job.attempt.name
        u = self.launch.timetable.uniform(draws.BALANCE, visitor, step, job.luck)
        return up[int(u * len(up))]

    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (instance.load(), instance.index))

    # Levers

    def set_servers(self, servers: int) -> None:
        """More start waiting jobs at once; fewer let running work end."""
        for instance in self.instances:
            instance.account()
        self.servers = servers
        self.launch.work.freed.extend(self.instances)

    def set_waiting_room(self, places: int) -> None:
        """A smaller one throws nobody out."""
        self.waiting_room = places * self.units

    def set_cores(self, cores: int) -> None:
        """Others change the pace at once."""
        if cores != self.cores:
            for instance in self.instances:
                instance.account()
            self.cores = cores
            for instance in self.instances:
                instance.change_cores()

    def set_quota_spacing(self, spacing_ns: int) -> None:
        for instance in self.instances:
            if isinstance(instance, Quota):
                instance.set_spacing(spacing_ns)

    def add_units(self, units: int) -> None:
        """Scale those that share a queue; running work ends."""
        for instance in self.instances:
            instance.account()
            instance.units += units
            instance.change_cores()
            self.launch.work.freed.append(instance)
