"""A launch as it is at the opening, laid down in the memory of the compiled engine."""

from __future__ import annotations

from simulator import compiled_layout as layout
from simulator.compiled_line_tables import line_cells, release_cells
from simulator.compiled_people_tables import change_tables, people_tables, step_tables
from simulator.compiled_station_tables import station_table
from simulator.compiled_tables import Tables, signed
from simulator.errors import UsageError
from simulator.system import System
from simulator.timetable import Timetable

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
