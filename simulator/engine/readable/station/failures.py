"""Instances that run, fail and are repaired, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.readable.station.pool import Pool
from simulator.engine.rules import CONTROL, FAILS, REPAIRED
from simulator.system import stations as system_stations
from simulator.timetable import draws

if TYPE_CHECKING:
    from simulator.engine.readable.launch import Launch
    from simulator.engine.readable.station.station import Station


class Failures:
    """When the instances of a station fail and come up again."""

    def __init__(self, launch: Launch, station: Station, said: system_stations.Failures) -> None:
        self.launch, self.clock, self.station, self.said = launch, launch.clock, station, said

    def expect(self, instance: Pool) -> None:
        """It has started, and will run for a while."""
        start, instance.starts = instance.starts, instance.starts + 1
        run_ns = self.launch.drawn_ns(self.said.runs, draws.RUN, self.luck(instance), 0, start)
        key = (CONTROL, FAILS, self.station.index, instance.index, 0)
        self.clock.at(self.clock.now_ns + run_ns, key, self.fail, instance, start)

    def luck(self, instance: Pool) -> int:
        """Names the draws of an instance, as a visitor's number names his."""
        return self.station.index << 20 | instance.index

    def fail(self, instance: Pool, start: int) -> None:
        """All that runs or waits there is lost, unless it has left by scaling since that start."""
        if not instance.is_up or instance.starts != start + 1:
            return
        instance.shut()
        instance.is_failed = True
        repair_ns = self.launch.drawn_ns(
            self.said.repair, draws.REPAIR, self.luck(instance), 0, start
        )
        key = (CONTROL, REPAIRED, self.station.index, instance.index, 0)
        self.clock.at(self.clock.now_ns + repair_ns, key, self.repaired, instance)
        self.launch.work.lose(instance)

    def repaired(self, instance: Pool) -> None:
        instance.is_failed = False
        self.station.come_up(instance)
