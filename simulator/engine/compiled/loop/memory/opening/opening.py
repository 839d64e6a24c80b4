"""A launch as it is at the opening, laid down in the memory of the compiled engine."""

from __future__ import annotations

from simulator.engine.compiled.loop.memory.layout import cells, stations
from simulator.engine.compiled.loop.memory.opening.line import line_cells, release_cells
from simulator.engine.compiled.loop.memory.opening.people import (
    change_tables,
    people_tables,
    step_tables,
)
from simulator.engine.compiled.loop.memory.opening.stations import station_table
from simulator.engine.compiled.loop.memory.opening.tables import LARGEST, Tables, signed
from simulator.errors import UsageError
from simulator.system.system import System
from simulator.timetable.timetable import Timetable


def tables_of(timetable: Timetable, system: System) -> Tables:
    """Everything but the blocks, which nobody has yet.

    Raises UsageError for a number that a word cannot hold.
    """
    tables = Tables()
    horizon_ns = min(timetable.horizon_ns, timetable.end_ns)
    words = {cells.END: timetable.end_ns, cells.CLOSES: horizon_ns}
    words |= {cells.KEYS + role: signed(key) for role, key in enumerate(timetable.keys)}
    addresses = [
        station_table(tables, timetable, number, station)
        for number, station in enumerate(system.stations)
    ]
    words |= step_tables(tables, system, addresses)
    words |= people_tables(tables, system)
    words |= change_tables(tables, system, addresses)
    words |= line_cells(system)
    words |= release_cells(tables, system.waitlist.release, horizon_ns)
    most = max(tables.words[station + stations.INSTANCES] for station in addresses)
    words[cells.MOST_AT_ONCE] = most + 8
    for cell, word in words.items():
        tables.words[cell] = word
    if max(tables.words) > LARGEST:
        raise UsageError(
            f"the compiled engine counts up to {LARGEST}, and a number of this launch is larger;"
            " take --engine simpy"
        )
    return tables
