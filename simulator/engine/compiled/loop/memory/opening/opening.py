"""A launch as it is at the opening, laid down in the memory of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled.loop.memory import layout
from simulator.engine.compiled.loop.memory.opening.line import line_cells, release_cells
from simulator.engine.compiled.loop.memory.opening.people import (
    change_tables,
    people_tables,
    step_tables,
)
from simulator.engine.compiled.loop.memory.opening.stations import station_table
from simulator.engine.compiled.loop.memory.opening.tables import Tables, signed
from simulator.errors import UsageError
from simulator.system.system import System
from simulator.timetable.timetable import Timetable

LARGEST = (1 << 63) - 1


def tables_of(timetable: Timetable, system: System) -> Tables:
    """Everything but the blocks, which nobody has yet.

    Raises UsageError for a number that a word cannot hold.
    """
    tables = Tables()
    horizon_ns = min(timetable.horizon_ns, timetable.end_ns)
    cells = {layout.END: timetable.end_ns, layout.CLOSES: horizon_ns}
    cells |= {layout.KEYS + role: signed(key) for role, key in enumerate(timetable.keys)}
    stations = [
        station_table(tables, timetable, number, station)
        for number, station in enumerate(system.stations)
    ]
    cells |= step_tables(tables, system, stations)
    cells |= people_tables(tables, system)
    cells |= change_tables(tables, system, stations)
    cells |= line_cells(system)
    cells |= release_cells(tables, system.waitlist.release, horizon_ns)
    most = max(tables.words[station + layout.INSTANCES] for station in stations)
    cells[layout.MOST_AT_ONCE] = most + 8
    for cell, word in cells.items():
        tables.words[cell] = word
    if max(tables.words) > LARGEST:
        raise UsageError(
            f"the compiled engine counts up to {LARGEST}, and a number of this launch is larger;"
            " take --engine simpy"
        )
    return tables
