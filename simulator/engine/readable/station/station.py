"""A station: which of its instances gets a job, how they fail, and what an operator changes."""

from __future__ import annotations

from collections.abc import Callable

from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.visit import Job
from simulator.engine.readable.world import World
from simulator.engine.rules import CONTROL, FAILS, REPAIRED
from simulator.outcomes.rows import Result
from simulator.system.stations import Balance
from simulator.timetable import draws


class Station:
    """Instances that share one queue, or have one each."""

    def __init__(
        self, world: World, number: int, told: Told, instance: Callable[[int], Pool]
    ) -> None:
        self.world, self.clock, self.number, self.told = world, world.clock, number, told
        self.said = world.system.stations[number]
        self.make = instance
        """Makes one of that index."""
        self.is_shared = self.said.balance is Balance.SHARED
        self.units = self.said.instances if self.is_shared else 1
        """How many are one instance at the opening, because they share a queue."""
        self.servers, self.cores = self.said.servers, self.said.cores
        """Of each."""
        self.waiting_room = self.said.waiting_room * self.units
        self.pointer = 0
        self.instances: list[Pool] = []
        for _ in range(1 if self.is_shared else self.said.instances):
            self.new_instance().open()

    def new_instance(self) -> Pool:
        """One more, which takes no jobs yet."""
        instance = self.make(len(self.instances))
        instance.units = self.units
        self.equip(instance)
        self.instances.append(instance)
        return instance

    def equip(self, instance: Pool) -> None:
        """Give an instance as much as those have that it stands for."""
        instance.set_servers(self.servers * instance.units)
        instance.set_cores(self.cores * instance.units)
        instance.set_waiting_room(self.waiting_room)

    def start(self) -> None:
        """The opening."""
        for instance in self.instances:
            if self.said.cold is not None and self.said.cold.at_opening:
                instance.be_cold()
            self.may_fail(instance)

    def come_up(self, instance: Pool) -> None:
        """It takes jobs from now on, is cold at first, and may fail."""
        instance.open()
        instance.be_cold()
        self.may_fail(instance)

    # Balancing

    def send(self, job: Job) -> None:
        """Have one of those that are up take a job."""
        if self.world.meter is not None:
            self.world.meter.arrived(self.number, self.clock.now_ns)
        instance = self.choose(job)
        if instance is None:
            self.told.refused(job, Result.FAILED, self.said)
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
        u = self.world.timetable.uniform(draws.BALANCE, visitor, step, job.luck)
        return up[int(u * len(up))]

    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (instance.load(), instance.index))

    # Failing

    def may_fail(self, instance: Pool) -> None:
        """It has started, and will run for a while."""
        if self.said.failures is None:
            return
        start, instance.starts = instance.starts, instance.starts + 1
        runs, luck = self.said.failures.runs, self.luck(instance)
        run_ns = self.world.drawn_ns(runs, draws.RUN, luck, 0, start)
        key = (CONTROL, FAILS, self.number, instance.index, 0)
        self.clock.at(self.clock.now_ns + run_ns, key, self.fail, instance, start)

    def luck(self, instance: Pool) -> int:
        """Names the draws of an instance, as a visitor's number names his."""
        return self.number << 20 | instance.index

    def fail(self, instance: Pool, start: int) -> None:
        """It is down until it is repaired, unless it has left by scaling since that start."""
        if self.said.failures is None or not instance.is_up or instance.starts != start + 1:
            return
        instance.shut()
        instance.is_failed = True
        repair, luck = self.said.failures.repair, self.luck(instance)
        repair_ns = self.world.drawn_ns(repair, draws.REPAIR, luck, 0, start)
        key = (CONTROL, REPAIRED, self.number, instance.index, 0)
        self.clock.at(self.clock.now_ns + repair_ns, key, self.repaired, instance)
        self.lose(instance)

    def lose(self, instance: Pool) -> None:
        """Every attempt that it worked on, or that waits there, ends with it."""
        for job in instance.jobs():
            self.told.refused(job, Result.FAILED, self.said)

    def repaired(self, instance: Pool) -> None:
        instance.is_failed = False
        self.come_up(instance)

    # Levers

    def set_servers(self, servers: int) -> None:
        self.servers = servers
        for instance in self.instances:
            instance.set_servers(servers * instance.units)
            self.told.freed(instance)

    def set_waiting_room(self, places: int) -> None:
        self.waiting_room = places * self.units
        for instance in self.instances:
            instance.set_waiting_room(self.waiting_room)

    def set_cores(self, cores: int) -> None:
        self.cores = cores
        for instance in self.instances:
            instance.set_cores(cores * instance.units)

    def set_quota_spacing(self, spacing_ns: int) -> None:
        for instance in self.instances:
            instance.set_spacing(spacing_ns)

    def add_units(self, units: int) -> None:
        """Scale those that share a queue; running work ends."""
        for instance in self.instances:
            instance.account()
            instance.units += units
            self.equip(instance)
            self.told.freed(instance)
