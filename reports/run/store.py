"""The run's store: what the reports are rebuilt from, one SQLite file a run.

The outcomes and the instrument's facts lie there too, in the tables that
:mod:`simulator.outcomes.rows` and :mod:`simulator.outcomes.instrument` own; the observed part of a variant is
called ``VARIANT/observed``. Everything is written as the run goes, in one transaction each, so that
a run that was killed can still be reported.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reports.run.facts import Ending, PlanFacts, RunFacts, dump, load
from reports.run.past import again as predicted_again
from reports.run.past.again import Again
from reports.run.past.sealed import Seal
from simulator.errors import Damaged
from simulator.host.files import unkept
from simulator.host.temporary import temporary_folder
from simulator.outcomes import instrument, machine
from simulator.outcomes import store as outcome_store
from simulator.outcomes.counts import told
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.plan.plan import Subject
from simulator.verdict.line.promises import Promises

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS plans (
    number INTEGER PRIMARY KEY, variant TEXT NOT NULL, subject TEXT NOT NULL, facts TEXT NOT NULL,
    UNIQUE (variant, subject)
);
CREATE TABLE IF NOT EXISTS predictions (
    variant TEXT NOT NULL, subject TEXT NOT NULL, engine TEXT NOT NULL, launch INTEGER NOT NULL,
    summary BLOB NOT NULL,
    PRIMARY KEY (variant, subject, engine, launch)
) WITHOUT ROWID;
"""
"""``facts`` has the JSON of :class:`reports.run.facts.RunFacts` under the key "run", that of
:class:`reports.run.facts.Ending` under "ending" where the run was not judged, and of each variant that of
:class:`reports.run.past.sealed.Seal` under "seal/VARIANT", of
:class:`simulator.verdict.line.promises.Promises` under "promises/VARIANT" and of :class:`reports.run.past.again.Measured`
under "measured/VARIANT"; ``plans`` that of
:class:`reports.run.facts.PlanFacts`, numbered in the order in which they were written; the first variant
is the one that decides. A row of ``predictions`` is one simulated launch:
:meth:`simulator.outcomes.counts.summary.Summary.to_json`, compressed with zlib."""

BUSY_S = 30.0
"""How long a writer waits for another one: the replay's child writes into the same file."""


DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}
"""Result codes of a file that is none of ours, or no more."""


@contextmanager
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the store of a run that is under way, with every table made.

    Raises NotKept where the file cannot be used.
    """
    try:
        with opened(path) as db:
            yield db
    except sqlite3.Error as error:
        raise unkept(path, error) from error


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the store of a run that has ended, however.

    SQLite writes even to read: it folds in what a killed process left in its log. Where that
    cannot be (on a full disk, or on a read-only medium) a copy is read.

    Raises Damaged where the file is no store, or damaged; NotKept where it cannot be read.
    """
    try:
        if can_be_written(path):
            with opened(path) as db:
                yield db
        else:
            with copied(path) as copy, opened(copy) as db:
                yield db
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in DAMAGED:
            raise Damaged(f"{path}: is not the store of a run, or is damaged ({error})") from error
        raise unkept(path, error) from error


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open what is there: a store that is gone is not made anew, since it would hold nothing."""
    where = f"{path.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(where, timeout=BUSY_S, uri=True)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        of_outcomes = (outcome_store.SCHEMA, instrument.SCHEMA, machine.SCHEMA, told.SCHEMA)
        for schema in (*of_outcomes, SCHEMA, predicted_again.SCHEMA):
            db.executescript(schema)
        yield db


def can_be_written(path: Path) -> bool:
    try:
        with opened(path):
            return True
    except sqlite3.OperationalError:
        return False


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """The store and its log, elsewhere for as long as the block runs."""
    with temporary_folder("surgeproof-report-") as folder:
        for each in (path, path.with_name(f"{path.name}-wal")):
            if each.exists():
                shutil.copyfile(each, folder / each.name)
        yield folder / path.name


@contextmanager
def legible(where: str) -> Iterator[None]:
    """Where rows hold what no run writes, say that they are damaged.

    Raises Damaged.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, zlib.error) as error:
        raise Damaged(
            f"{where}: cannot be read ({error}); it was written by another version, or damaged"
        ) from error


def write_run(db: sqlite3.Connection, facts: RunFacts) -> None:
    with db:
        db.execute("INSERT OR REPLACE INTO facts VALUES ('run', ?)", (dump(facts),))


def write_ending(db: sqlite3.Connection, ending: Ending) -> None:
    with db:
        db.execute("INSERT OR REPLACE INTO facts VALUES ('ending', ?)", (dump(ending),))


def read_ending(db: sqlite3.Connection, where: str) -> Ending | None:
    """How the run ended, where no verdict says it."""
    found = db.execute("SELECT value FROM facts WHERE key = 'ending'").fetchone()
    return None if found is None else load(Ending, found[0], where)


def read_run(db: sqlite3.Connection, where: str) -> RunFacts:
    """What the run is about.

    Raises Damaged where it was never written.
    """
    found = db.execute("SELECT value FROM facts WHERE key = 'run'").fetchone()
    if found is None:
        raise Damaged(f"{where}: is empty; the run ended before anything was written")
    return load(RunFacts, found[0], where)


def write_seal(db: sqlite3.Connection, seal: Seal) -> None:
    with db:
        db.execute(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"seal/{seal.variant}", dump(seal))
        )


def read_seal(db: sqlite3.Connection, variant: str, where: str) -> Seal | None:
    """What was sealed of a variant; None where nothing was."""
    found = db.execute("SELECT value FROM facts WHERE key = ?", (f"seal/{variant}",)).fetchone()
    return None if found is None else load(Seal, found[0], where)


def write_promises(db: sqlite3.Connection, variant: str, promises: Promises) -> None:
    with db:
        db.execute(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"promises/{variant}", dump(promises))
        )


def read_promises(db: sqlite3.Connection, variant: str, where: str) -> Promises | None:
    """What the line of a variant promised; None: nobody wrote it down."""
    found = db.execute("SELECT value FROM facts WHERE key = ?", (f"promises/{variant}",)).fetchone()
    return None if found is None else load(Promises, found[0], where)


def write_again(db: sqlite3.Connection, variant: str, again: Again) -> None:
    predicted_again.write_again(db, variant, again, _pack)


def read_again(db: sqlite3.Connection, variant: str) -> Again:
    """What was learned of a variant after it took place."""
    return predicted_again.read_again(db, variant, _unpack)


def write_plan(db: sqlite3.Connection, variant: str, facts: PlanFacts) -> None:
    with db:
        db.execute(
            "INSERT INTO plans (variant, subject, facts) VALUES (?, ?, ?)"
            " ON CONFLICT (variant, subject) DO UPDATE SET facts = excluded.facts",
            (variant, str(facts.subject), dump(facts)),
        )


def read_plans(db: sqlite3.Connection, where: str) -> dict[str, dict[Subject, PlanFacts]]:
    """The plans of each variant, in the order in which they were written."""
    plans: dict[str, dict[Subject, PlanFacts]] = {}
    for variant, subject, text in db.execute(
        "SELECT variant, subject, facts FROM plans ORDER BY number"
    ):
        plans.setdefault(variant, {})[Subject(subject)] = load(PlanFacts, text, where)
    return plans


def write_prediction(
    db: sqlite3.Connection, variant: str, subject: Subject, prediction: Prediction
) -> None:
    rows = [
        (variant, str(subject), prediction.engine, number, _pack(summary))
        for number, summary in enumerate(prediction.launches)
    ]
    with db:
        db.execute(
            "DELETE FROM predictions WHERE variant = ? AND subject = ? AND engine = ?",
            (variant, str(subject), prediction.engine),
        )
        db.executemany("INSERT INTO predictions VALUES (?, ?, ?, ?, ?)", rows)


def read_predictions(db: sqlite3.Connection, variant: str, subject: Subject) -> list[Prediction]:
    """One for each engine; the one with the most launches, which is reported, comes first."""
    engines: dict[str, list[Summary]] = {}
    for engine, packed in db.execute(
        "SELECT engine, summary FROM predictions WHERE variant = ? AND subject = ?"
        " ORDER BY engine, launch",
        (variant, str(subject)),
    ):
        engines.setdefault(engine, []).append(_unpack(packed))
    found = [Prediction(engine=engine, launches=each) for engine, each in engines.items()]
    return sorted(found, key=lambda prediction: -len(prediction.launches))


def _pack(summary: Summary) -> bytes:
    return zlib.compress(json.dumps(summary.to_json(), separators=(",", ":")).encode())


def _unpack(packed: bytes) -> Summary:
    return Summary.from_json(json.loads(zlib.decompress(packed)))
