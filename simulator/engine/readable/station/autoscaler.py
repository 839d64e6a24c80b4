"""Instances that follow the utilisation, with a delay."""

from __future__ import annotations

from collections import deque

from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.world import World
from simulator.engine.rules import BOOT, CONTROL, SCALING
from simulator.system import stations as system_stations


class Autoscaler:
    """Decides at regular instants how many instances of a station there should be."""

    def __init__(self, world: World, station: Station, said: system_stations.Autoscaler) -> None:
        self.clock, self.station, self.said = world.clock, station, said
        self.measured: deque[tuple[int, int]] = deque([(0, 0)])
        """Busy and server time since the opening, at the ends of the periods of the window."""
        self.last_action_ns: int | None = None

    def plan(self) -> None:
        key = (CONTROL, SCALING, self.station.number, 0, 0)
        self.clock.at(self.clock.now_ns + self.said.every_ns, key, self.decide)

    def decide(self) -> None:
        there = self.up() + self.booting()
        missing = self.wanted(there, self.use_thousandths()) - there
        if missing and self.is_cool() and self.act(missing):
            self.last_action_ns = self.clock.now_ns
        self.plan()

    def up(self) -> int:
        """How many instances take jobs, each of those counted that share a queue."""
        return sum(instance.units for instance in self.station.instances_up())

    def booting(self) -> int:
        return sum(instance.booting for instance in self.station.instances)

    # Measuring

    def use_thousandths(self) -> int:
        """Busy time as a share of server time, over the last periods (fewer at first)."""
        for instance in self.station.instances:
            instance.account()
        busy_ns = sum(instance.busy_ns for instance in self.station.instances)
        server_ns = sum(instance.server_ns for instance in self.station.instances)
        self.measured.append((busy_ns, server_ns))
        if len(self.measured) > self.said.window_periods + 1:
            self.measured.popleft()
        busy_before_ns, servers_before_ns = self.measured[0]
        if server_ns == servers_before_ns:
            return 0
        return 1000 * (busy_ns - busy_before_ns) // (server_ns - servers_before_ns)

    def wanted(self, there: int, use_thousandths: int) -> int:
        wanted = -(-there * use_thousandths // self.said.target_thousandths)
        return max(self.said.floor, min(self.said.ceiling, wanted))

    def is_cool(self) -> bool:
        """Whether the last action is long enough ago."""
        if self.last_action_ns is None:
            return True
        return self.clock.now_ns - self.last_action_ns >= self.said.cooldown_ns

    # Acting

    def act(self, missing: int) -> bool:
        """Boot or take away so many; whether anything is done at all."""
        if missing > 0:
            for _ in range(missing):
                self.boot()
            return True
        leaving = min(-missing, self.up() - 1)
        if leaving > 0:
            self.take_away(leaving)
        return leaving > 0

    def boot(self) -> None:
        instance = self.station.instances[0] if self.station.is_shared else self.lowest_free()
        instance.booting += 1
        key = (CONTROL, BOOT, self.station.number, instance.index, 0)
        self.clock.at(self.clock.now_ns + self.said.boot_ns, key, self.come_up, instance)

    def lowest_free(self) -> Pool:
        """The first place where an instance neither is, nor boots, nor is repaired."""
        for instance in self.station.instances:
            if not (instance.is_up or instance.booting or instance.is_failed):
                return instance
        return self.station.new_instance()

    def come_up(self, instance: Pool) -> None:
        instance.booting -= 1
        if self.station.is_shared:
            self.station.add_units(1)
        else:
            self.station.come_up(instance)

    def take_away(self, leaving: int) -> None:
        """The highest take no more jobs; what runs and waits there goes on to its end."""
        if self.station.is_shared:
            self.station.add_units(-leaving)
        else:
            for instance in self.station.instances_up()[-leaving:]:
                instance.shut()
