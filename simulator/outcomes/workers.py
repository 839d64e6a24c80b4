"""The workers of a replay: who sent which part of the plan, by what clock, and what became of each.

A replay in one process has one worker, number 0, and runs of older versions have none written down. A
worker's number is that of its shard: the rows of the plan whose place, modulo the number of workers, is
that number. So each shard is as large as the others, and as the plan over time, and whose it is follows
from the plan alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import astuple, dataclass

SCHEMA = """
CREATE TABLE IF NOT EXISTS workers (
    part INTEGER NOT NULL, worker INTEGER NOT NULL, name TEXT NOT NULL, planned INTEGER NOT NULL,
    offset_ns INTEGER NOT NULL, bound_ns INTEGER NOT NULL, started INTEGER, lost TEXT,
    PRIMARY KEY (part, worker)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken (
    part INTEGER NOT NULL, worker INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (part, worker)
) WITHOUT ROWID;
"""
"""``workers`` has the fields of :class:`Worker`. ``taken``: up to which of its numbered batches a worker's
rows have been written, so that none is written twice and whoever goes on knows where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One worker of a part."""

    number: int
    name: str
    planned: int
    """How many visitors its shard has."""
    offset_ns: int = 0
    """Its clock less the master's, as measured before the opening."""
    bound_ns: int = 0
    """By how much that may be wrong, drift until the end included."""
    started: int | None = None
    """How many it sent, as it says itself at its end; None: it never did."""
    lost: str | None = None
    """Why its part of the run cannot be judged; None where it came to its end."""


def write_worker(db: sqlite3.Connection, part: int, worker: Worker) -> None:
    """What is known of a worker by now, within the transaction under way."""
    db.execute(
        "INSERT OR REPLACE INTO workers"
        " (worker, name, planned, offset_ns, bound_ns, started, lost, part)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*astuple(worker), part),
    )


def read_workers(db: sqlite3.Connection, name: str) -> tuple[Worker, ...]:
    """The workers of the part of that name, by their numbers."""
    rows = db.execute(
        "SELECT worker, workers.name, planned, offset_ns, bound_ns, started, lost"
        " FROM workers JOIN parts USING (part) WHERE parts.name = ? ORDER BY worker",
        (name,),
    )
    return tuple(
        Worker(number=number, name=worker, planned=planned, offset_ns=offset, bound_ns=bound,
               started=started, lost=lost)
        for number, worker, planned, offset, bound, started, lost in rows
    )  # fmt: skip


def explain_losses(db: sqlite3.Connection, part: int, losses: Mapping[str, str]) -> None:
    """Say why workers were lost, by their names, where somebody else than their master knows it better."""
    with db:
        db.executemany(
            "UPDATE workers SET lost = ? WHERE part = ? AND name = ? AND lost IS NOT NULL",
            [(why, part, name) for name, why in losses.items()],
        )


def last_taken(db: sqlite3.Connection, part: int, worker: int) -> int:
    """The number of the last batch of a worker's that was written; 0 before the first."""
    found = db.execute(
        "SELECT number FROM taken WHERE part = ? AND worker = ?", (part, worker)
    ).fetchone()
    return found[0] if found else 0


def take(db: sqlite3.Connection, part: int, worker: int, number: int) -> None:
    """That a batch is written, within the very transaction that writes it."""
    db.execute("INSERT OR REPLACE INTO taken VALUES (?, ?, ?)", (part, worker, number))
