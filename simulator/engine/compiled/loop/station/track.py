"""What goes on at stations over time, noted by the event loop as it changes."""

from __future__ import annotations

from simulator.engine.compiled.areas import BUSY, COLUMNS, INSTANCES_UP, OFFERED, THERE
from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.loop.memory.layout import cells, stations


@called
def turn_bin(m: Memory) -> None:
    """Another bin has begun."""
    m[cells.BIN] = m[cells.NOW] // m[cells.BIN_NS]
    m[cells.BIN_START] = m[cells.BIN] * m[cells.BIN_NS]
    m[cells.BIN_END] = m[cells.BIN_START] + m[cells.BIN_NS]


@called
def note(m: Memory, station: int, column: int, more: int) -> None:
    """So much more goes on from now on."""
    areas, at = words_at(m[station + stations.TRACK]), m[cells.BIN] * COLUMNS + column
    left = m[cells.BIN_MOMENTS] - ((m[cells.NOW] - m[cells.BIN_START]) >> m[cells.BIN_SHIFT])
    areas[at] += more * left
    areas[at + 1] += more


@called
def note_at(m: Memory, station: int, column: int, instant: int, more: int) -> None:
    """So much more will go on from then on."""
    if instant >= m[cells.END]:
        return
    number = instant // m[cells.BIN_NS]
    areas, at = words_at(m[station + stations.TRACK]), number * COLUMNS + column
    left = m[cells.BIN_MOMENTS] - ((instant - number * m[cells.BIN_NS]) >> m[cells.BIN_SHIFT])
    areas[at] += more * left
    areas[at + 1] += more


@called
def note_offered(m: Memory, station: int) -> None:
    """A job has come."""
    words_at(m[station + stations.TRACK])[m[cells.BIN] * COLUMNS + OFFERED] += 1


@called
def note_busy(m: Memory, station: int, more: int) -> None:
    """Of instances that are up."""
    m[station + stations.NOTED_BUSY] += more
    note(m, station, BUSY, more)


@called
def note_all(m: Memory, station: int, busy: int, there: int, instances: int) -> None:
    """After instances came or went, or have other servers."""
    note_busy(m, station, busy - m[station + stations.NOTED_BUSY])
    note(m, station, THERE, there - m[station + stations.NOTED_THERE])
    note(m, station, INSTANCES_UP, instances - m[station + stations.NOTED_INSTANCES])
    m[station + stations.NOTED_THERE] = there
    m[station + stations.NOTED_INSTANCES] = instances
