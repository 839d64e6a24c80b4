"""A replay's part of a run's store: opened with whom it should see, and asked how it ended."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scenarios.replay.generator import Child
from scenarios.replay.keeping.run_store import stored
from simulator.errors import InvalidRun, NotKept, Stopped, UsageError
from simulator.outcomes import instrument, machine
from simulator.outcomes.counts import told
from simulator.outcomes.rows import Provenance
from simulator.outcomes.store import COMPLETE, STOPPED, UNFIT, open_part
from simulator.plan.plan import Plan


def plan_part(plan: Plan, db: Path, name: str) -> int:
    """Open the part that is to be filled, and write down whom it should see.

    Raises UsageError where the store has such a part, NotKept where it cannot be written.
    """
    db.touch(mode=0o600)
    try:
        with stored(db) as store:
            store.execute("PRAGMA journal_mode = WAL")
            store.executescript(instrument.SCHEMA)
            store.executescript(machine.SCHEMA)
            store.executescript(told.SCHEMA)
            part = open_part(store, name, Provenance.OBSERVED, plan.horizon_ns, plan.end_ns)
            with store:
                for rows in plan.timetable().arrivals():
                    store.executemany(
                        "INSERT INTO planned VALUES (?, ?, ?, ?)",
                        zip(
                            [part] * len(rows),
                            rows.visitor.tolist(),
                            rows.people.tolist(),
                            rows.arrived_ns.tolist(),
                            strict=True,
                        ),
                    )
    except NotKept as error:
        if isinstance(error.__cause__, sqlite3.IntegrityError):
            problem = f"{db} already holds a part named {name}: use a new folder"
            raise UsageError(problem) from error
        raise
    return part


def judge_end(child: Child, db: Path, part: int) -> None:
    """Raises what the end record, or its absence, means."""
    with stored(db) as store:
        found = store.execute("SELECT how FROM ends WHERE part = ?", (part,)).fetchone()
    if found is None:
        raise InvalidRun(f"{child.last_words}; its log is {child.log}")
    how = found[0]
    if how.startswith(STOPPED):
        raise Stopped(how.removeprefix(STOPPED))
    if how.startswith(UNFIT):
        raise InvalidRun(how.removeprefix(UNFIT))
    if how != COMPLETE:
        raise InvalidRun(f"the replay was {how} before its end; what it measured is kept")


def anything_sent(db: Path, name: str) -> bool:
    """Whether visitors of a part were sent, however it ended."""
    try:
        with stored(db) as store:
            found = store.execute(
                "SELECT part FROM parts WHERE name = ? AND (part IN (SELECT part FROM beats WHERE started)"
                " OR part IN (SELECT part FROM attempts) OR part IN (SELECT part FROM ends WHERE started))",
                (name,),
            ).fetchone()
    except NotKept:
        return True  # nobody knows
    return found is not None
