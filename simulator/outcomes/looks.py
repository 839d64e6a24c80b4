"""What a line told people while they waited, answer by answer.

Facts of a replay, beside its outcomes. A look has two instants, since the line decided at one between them:
when it was asked, and when its answer was seen. Whatever is concluded from looks has to be true of every
instant between the two.
"""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from simulator.outcomes.rows import Rows
from simulator.outcomes.store import cells, known

SCHEMA = """
CREATE TABLE IF NOT EXISTS looks (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, seen INTEGER NOT NULL, said INTEGER NOT NULL,
    position INTEGER, wait INTEGER, ticket INTEGER, sent INTEGER NOT NULL,
    PRIMARY KEY (part, visitor, seen, said)
) WITHOUT ROWID;
"""
"""``sent`` and ``seen`` are nanoseconds since the opening of the part, ``wait`` is nanoseconds that the line
announced; NULL: the line did not tell. ``said`` numbers the members of :class:`Told`. ``ticket`` is a keyed hash of
63 bits, never the ticket."""


class Told(enum.IntEnum):
    """What somebody was told by the line, or told it."""

    PLACED = 0
    """He asked for a place, got one, and waits."""
    WAITS = 1
    """He looked, and waits."""
    LETS_IN = 2
    FORGOTTEN = 3
    """He had a place, and the line does not know it any more."""
    NOTHING = 4
    """No answer, or none that says anything of his place."""
    LEFT = 5
    """He gave his place up."""


LOOK = np.dtype(
    [(name, np.int64) for name in ("visitor", "seen", "said", "position", "wait", "ticket", "sent")]
)
"""A row a look, in the columns of the table; UNKNOWN where the line did not tell."""

LookRow = tuple[int, int, int, int, int, int, int]
"""One look, in the order of LOOK."""


def write_looks(db: sqlite3.Connection, part: int, rows: Iterable[Sequence[int]]) -> None:
    """Add rows of the columns of LOOK, within the transaction under way."""
    db.executemany(
        "INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        cells(part, rows),
    )


def read_looks(db: sqlite3.Connection, name: str) -> Rows:
    """The looks of the part of that name, each visitor's in their order; none where none were kept."""
    found = db.execute(
        "SELECT visitor, seen, said, position, wait, ticket, sent FROM looks JOIN parts USING (part)"
        " WHERE name = ? ORDER BY visitor, seen",
        (name,),
    )
    return np.array(list(known(found)), dtype=LOOK)


def seen_by_clocks(looks: Rows, bound_ns: int) -> Rows:
    """Looks of workers whose clocks differ by no more than that from the one that all are told by.

    What is true of every instant between sending and sight is then true whatever their clocks said.
    """
    wide = looks.copy()
    wide["sent"] -= bound_ns
    wide["seen"] += bound_ns
    return wide
