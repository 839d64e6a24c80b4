"""Signs of life: about once a second the replay's child says how far it is and how it fares."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A row of ``beats`` (:data:`simulator.outcomes.instrument.SCHEMA`); the counts are cumulative."""

    at_ns: int
    started: int
    finished: int
    in_flight: int
    waiting: int
    """Of those in flight: in the line."""
    late: int
    at_cap: int
    cpu_share: float
    loop_lag_ns: int


COLUMNS = "at_ns, started, finished, in_flight, waiting, late, at_cap, cpu_share, loop_lag_ns"


def write_beat(db: sqlite3.Connection, part: int, beat: Beat) -> None:
    cells = [getattr(beat, name) for name in COLUMNS.split(", ")]
    with db:
        db.execute(
            f"INSERT OR REPLACE INTO beats (part, {COLUMNS})"  # noqa: S608 - a constant
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (part, *cells),
        )


def latest_beat(db: sqlite3.Connection, part: int) -> Beat | None:
    """The newest beat of a part; None before the first."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM beats WHERE part = ? ORDER BY at_ns DESC LIMIT 1",  # noqa: S608
        (part,),
    ).fetchone()
    return None if row is None else Beat(**dict(zip(COLUMNS.split(", "), row, strict=True)))
