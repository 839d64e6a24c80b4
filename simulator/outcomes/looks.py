"""What a line told people while they waited, answer by answer, and what operators did meanwhile.

Facts of a replay, beside its outcomes. A look has two instants, since the line decided at one between them:
when it was asked, and when its answer was seen. Whatever is concluded from looks has to be true of every
instant between the two.
"""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.outcomes.rows import Rows
from simulator.outcomes.store import cells, known

SCHEMA = """
CREATE TABLE IF NOT EXISTS looks (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, seen INTEGER NOT NULL, said INTEGER NOT NULL,
    position INTEGER, wait INTEGER, ticket INTEGER, sent INTEGER NOT NULL,
    PRIMARY KEY (part, visitor, seen, said)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS actions (
    part INTEGER NOT NULL, began INTEGER NOT NULL, ended INTEGER, command TEXT NOT NULL, status INTEGER,
    PRIMARY KEY (part, began)
) WITHOUT ROWID;
"""
"""``sent``, ``seen``, ``began`` and ``ended`` are nanoseconds since the opening of the part, ``wait`` is nanoseconds
that the line announced; NULL: the line did not tell, or the command did not end. ``said`` numbers the
members of :class:`Told`. ``ticket`` is a keyed hash of 63 bits, never the ticket. ``status`` is a command's
exit status, negative for the signal that ended it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A command that an operator had run while the replay went on."""

    command: str
    began_ns: int
    ended_ns: int | None
    """None: it was not over when the replay was."""
    status: int | None
    """Its exit status; negative: the signal that ended it."""


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


def write_action(db: sqlite3.Connection, part: int, action: Action) -> None:
    with db:
        db.execute(
            "INSERT OR REPLACE INTO actions VALUES (?, ?, ?, ?, ?)",
            (part, action.began_ns, action.ended_ns, action.command, action.status),
        )


def read_actions(db: sqlite3.Connection, name: str) -> tuple[Action, ...]:
    """What was done during the part of that name, in its order."""
    found = db.execute(
        "SELECT command, began, ended, status FROM actions JOIN parts USING (part)"
        " WHERE name = ? ORDER BY began",
        (name,),
    )
    return tuple(
        Action(command=command, began_ns=began, ended_ns=ended, status=status)
        for command, began, ended, status in found
    )
