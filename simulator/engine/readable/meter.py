"""What each station does over time, added up whenever it changes."""

from __future__ import annotations

from simulator.outcomes.bins import Counts
from simulator.outcomes.tracks import Grid, Tracks


class Meter:
    """Areas under what goes on at stations, bin by bin."""

    def __init__(self, grid: Grid, stations: int) -> None:
        self.grid = grid
        self.tracks: Tracks = grid.tracks(stations)

    def arrived(self, station: int, now_ns: int) -> None:
        """A job has come."""
        self.tracks.offered[station, now_ns // self.grid.bin_ns] += 1

    def add(self, station: int, from_ns: int, to_ns: int, **levels: int) -> None:
        """So much of each went on from one instant to the other."""
        for track, level in levels.items():
            if level:
                self.add_to(getattr(self.tracks, track)[station], from_ns, to_ns, level)

    def add_to(self, areas: Counts, from_ns: int, to_ns: int, level: int) -> None:
        while from_ns < to_ns:
            number = from_ns // self.grid.bin_ns
            until_ns = min(to_ns, (number + 1) * self.grid.bin_ns)
            areas[number] += level * (self.moment(until_ns, number) - self.moment(from_ns, number))
            from_ns = until_ns

    def moment(self, instant_ns: int, number: int) -> int:
        """Which one of a bin."""
        return (instant_ns - number * self.grid.bin_ns) >> self.grid.shift
