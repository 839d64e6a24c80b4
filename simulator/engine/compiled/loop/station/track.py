"""What goes on at stations over time, noted by the event loop as it changes."""

from __future__ import annotations

from simulator.engine.compiled.areas import BUSY, COLUMNS, INSTANCES_UP, OFFERED, THERE
from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.loop.memory.layout import (
    BIN,
    BIN_END,
    BIN_MOMENTS,
    BIN_NS,
    BIN_SHIFT,
    BIN_START,
    END,
    NOTED_BUSY,
    NOTED_INSTANCES,
    NOTED_THERE,
    NOW,
    TRACK,
)


@called
def turn_bin(m: Memory) -> None:
    """Another bin has begun."""
    m[BIN] = m[NOW] // m[BIN_NS]
    m[BIN_START] = m[BIN] * m[BIN_NS]
    m[BIN_END] = m[BIN_START] + m[BIN_NS]


@called
def note(m: Memory, station: int, column: int, more: int) -> None:
    """So much more goes on from now on."""
    areas, at = words_at(m[station + TRACK]), m[BIN] * COLUMNS + column
    left = m[BIN_MOMENTS] - ((m[NOW] - m[BIN_START]) >> m[BIN_SHIFT])
    areas[at] += more * left
    areas[at + 1] += more


@called
def note_at(m: Memory, station: int, column: int, instant: int, more: int) -> None:
    """So much more will go on from then on."""
    if instant >= m[END]:
        return
    number = instant // m[BIN_NS]
    areas, at = words_at(m[station + TRACK]), number * COLUMNS + column
    left = m[BIN_MOMENTS] - ((instant - number * m[BIN_NS]) >> m[BIN_SHIFT])
    areas[at] += more * left
    areas[at + 1] += more


@called
def note_offered(m: Memory, station: int) -> None:
    """A job has come."""
    words_at(m[station + TRACK])[m[BIN] * COLUMNS + OFFERED] += 1


@called
def note_busy(m: Memory, station: int, more: int) -> None:
    """Of instances that are up."""
    m[station + NOTED_BUSY] += more
    note(m, station, BUSY, more)


@called
def note_all(m: Memory, station: int, busy: int, there: int, instances: int) -> None:
    """After instances came or went, or have other servers."""
    note_busy(m, station, busy - m[station + NOTED_BUSY])
    note(m, station, THERE, there - m[station + NOTED_THERE])
    note(m, station, INSTANCES_UP, instances - m[station + NOTED_INSTANCES])
    m[station + NOTED_THERE] = there
    m[station + NOTED_INSTANCES] = instances
