"""How outcomes lie in SQLite; it works on a connection that it is given.

A *part* is one :class:`simulator.outcomes.rows.Outcomes` in such a file; a part without an end
record was cut short.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from simulator.outcomes.rows import UNKNOWN, Block, Outcomes, Provenance

COMPLETE, INTERRUPTED, STOPPED = "complete", "interrupted", "stopped: "
"""How a part ended, in its end record; why it was stopped follows the last of them."""
UNFIT = "broken off: "
"""The same of a run in which something was sent that is not in its plan; what it was follows."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS parts (
    part INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    provenance TEXT NOT NULL,
    horizon_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS visits (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, people INTEGER NOT NULL,
    arrived INTEGER NOT NULL, joined INTEGER, let_in INTEGER, ended INTEGER, fate INTEGER NOT NULL,
    PRIMARY KEY (part, visitor)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts (
    part INTEGER NOT NULL, visitor INTEGER NOT NULL, step INTEGER NOT NULL,
    attempt INTEGER NOT NULL, sent INTEGER NOT NULL, started INTEGER, finished INTEGER,
    result INTEGER NOT NULL,
    PRIMARY KEY (part, visitor, step, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ends (
    part INTEGER PRIMARY KEY, how TEXT NOT NULL, planned INTEGER NOT NULL,
    started INTEGER NOT NULL, unsent INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS answers (
    part INTEGER NOT NULL, worker INTEGER NOT NULL, step INTEGER NOT NULL, result INTEGER NOT NULL,
    status INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (part, worker, step, result, status, reason)
) WITHOUT ROWID;
"""
"""Instants are nanoseconds since the opening of the part; NULL is UNKNOWN. ``fate`` and ``result``
number the members of :class:`Fate` and :class:`Result`. ``answers`` are counts
(:mod:`simulator.outcomes.answered`) of each worker (:mod:`simulator.outcomes.workers`); runs of older
versions had one, and no such column."""


def open_part(
    db: sqlite3.Connection, name: str, provenance: Provenance, horizon_ns: int, end_ns: int
) -> int:
    """Start a part and return its number; the schema is made where it is missing."""
    db.executescript(SCHEMA)
    with db:
        cursor = db.execute(
            "INSERT INTO parts (name, provenance, horizon_ns, end_ns) VALUES (?, ?, ?, ?)",
            (name, str(provenance), horizon_ns, end_ns),
        )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def append(db: sqlite3.Connection, part: int, block: Block) -> None:
    """Add a block to a part, in one transaction."""
    with db:
        insert(db, part, block.visits.tolist(), block.attempts.tolist())


def insert(
    db: sqlite3.Connection,
    part: int,
    visits: Iterable[Sequence[int]],
    attempts: Iterable[Sequence[int]],
) -> None:
    """Add rows to a part, within the transaction under way: their cells in the order of the tables."""
    db.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?)", cells(part, visits))
    db.executemany("INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", cells(part, attempts))


def end_part(
    db: sqlite3.Connection, part: int, how: str, planned: int, started: int, unsent: int
) -> None:
    """Write the end record: ``how`` is COMPLETE, INTERRUPTED, or STOPPED or UNFIT and why."""
    with db:
        insert_end(db, part, how, planned, started, unsent)


def insert_end(
    db: sqlite3.Connection, part: int, how: str, planned: int, started: int, unsent: int
) -> None:
    """The same within the transaction under way."""
    db.execute("INSERT INTO ends VALUES (?, ?, ?, ?, ?)", (part, how, planned, started, unsent))


def explain_end(db: sqlite3.Connection, part: int, why: str) -> None:
    """Say why a part was stopped whose generator knows only that it was told to end."""
    with db:
        told = (f"{STOPPED}{why}", part, INTERRUPTED)
        db.execute("UPDATE ends SET how = ? WHERE part = ? AND how = ?", told)


def read_part(db: sqlite3.Connection, name: str) -> Outcomes:
    """The outcomes of the part of that name.

    Raises KeyError where there is none.
    """
    found = db.execute(
        "SELECT part, provenance, horizon_ns, end_ns FROM parts WHERE name = ?", (name,)
    ).fetchone()
    if found is None:
        raise KeyError(name)
    part, provenance, horizon_ns, end_ns = found
    visits = db.execute(
        "SELECT visitor, people, arrived, joined, let_in, ended, fate FROM visits WHERE part = ?",
        (part,),
    )
    attempts = db.execute(
        "SELECT visitor, step, attempt, sent, started, finished, result FROM attempts"
        " WHERE part = ?",
        (part,),
    )
    return Outcomes(
        provenance=Provenance(provenance),
        horizon_ns=horizon_ns,
        end_ns=end_ns,
        blocks=[Block.of(known(visits), known(attempts))],
    )


def cells(part: int, rows: Iterable[Sequence[int]]) -> Iterator[tuple[int | None, ...]]:
    for row in rows:
        yield part, *(None if cell == UNKNOWN else cell for cell in row)


def known(rows: Iterable[tuple[int | None, ...]]) -> Iterator[tuple[int, ...]]:
    for row in rows:
        yield tuple(UNKNOWN if cell is None else cell for cell in row)
