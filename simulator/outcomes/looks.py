"""What the line told people while they waited, look by look: facts of a replay beside its outcomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from simulator.outcomes.store import cells

SCHEMA = """
CREATE TABLE IF NOT EXISTS looks (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, seen INTEGER NOT NULL, said INTEGER NOT NULL,
    position INTEGER, wait INTEGER, ticket INTEGER, sent INTEGER,
    PRIMARY KEY (part, visitor, seen)
) WITHOUT ROWID;
"""
"""``seen`` and ``wait`` are nanoseconds, since the opening and to come; NULL: the line did not tell. ``ticket``
is a keyed hash of 63 bits, never the ticket itself."""


def write_looks(db: sqlite3.Connection, part: int, rows: Iterable[Sequence[int]]) -> None:
    """Add rows, their cells in the table's order, within the transaction under way."""
    db.executemany("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", cells(part, rows))
