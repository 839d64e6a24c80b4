"""Areas under what goes on at stations, as both compiled engines write them: change by change.

A change by ``d`` at an instant adds ``d`` times the moments that its bin still has to the bin, and
``d`` to the level from the next bin on. So a change costs the same however long it lasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.tracks import Grid, Tracks
from simulator.units import Ints

BUSY, THERE, INSTANCES_UP, IN_QUEUE = range(0, 8, 2)
"""Columns of a bin: areas within it, each followed by what its level changes by."""
OFFERED = 8
COLUMNS = 9


def no_areas(grid: Grid, stations: int) -> Ints:
    """For each station and bin a row of columns."""
    return np.zeros((stations, grid.bins, COLUMNS), np.int64)


def change(areas: Ints, grid: Grid, station: int, column: int, at_ns: int, more: int) -> None:
    """Something changes, before the end."""
    number = at_ns // grid.bin_ns
    left = grid.moments - ((at_ns - number * grid.bin_ns) >> grid.shift)
    areas[station, number, column] += more * left
    areas[station, number, column + 1] += more


def tracks_of(areas: Ints, grid: Grid, end_ns: int, into: Tracks) -> Tracks:
    """What was written, as areas up to the end."""
    into.busy[:] = _area(areas, grid, end_ns, BUSY)
    into.there[:] = _area(areas, grid, end_ns, THERE)
    into.instances[:] = _area(areas, grid, end_ns, INSTANCES_UP)
    into.waiting[:] = _area(areas, grid, end_ns, IN_QUEUE)
    into.offered[:] = areas[:, :, OFFERED]
    return into


def _area(areas: Ints, grid: Grid, end_ns: int, column: int) -> NDArray[np.int64]:
    within, changes = areas[:, :, column], areas[:, :, column + 1]
    level = np.cumsum(changes, axis=1)
    area: NDArray[np.int64] = within + grid.moments * (level - changes)
    last = grid.bins - 1
    area[:, last] -= level[:, last] * (grid.moments - ((end_ns - last * grid.bin_ns) >> grid.shift))
    return area
