"""Draws of the compiled engine: the functions of :mod:`simulator.timetable.draws`, by a launch's keys."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, as_floats, called
from simulator.engine.compiled.loop.memory.layout import cells, tables
from simulator.timetable import draws


@called
def luck(m: Memory, role: int, visitor: int, step: int, attempt: int) -> float:
    """As :meth:`simulator.timetable.timetable.Timetable.uniform`."""
    return draws.uniform(draws.substream(m[cells.KEYS + role], step, attempt), visitor)


@called
def lasts(m: Memory, law: int, role: int, visitor: int, step: int, attempt: int) -> int:
    """As :meth:`simulator.timetable.timetable.Timetable.duration_ns`, by the law at that address."""
    kind = m[law + tables.LAW]
    f = as_floats(m)
    u = 0.5 if kind <= draws.FIXED else luck(m, role, visitor, step, attempt)
    return draws.duration_ns(
        kind,
        f[law + tables.LOCATION],
        f[law + tables.SCALE],
        f,
        m[law + tables.FIRST_KNOT],
        m[law + tables.LAST_KNOT],
        u,
    )
