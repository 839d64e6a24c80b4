"""Stores of a run with one open part, and batches that can be told apart."""

import sqlite3
from array import array
from contextlib import closing
from pathlib import Path

import pytest

from scenarios.replay.keeping.batch import Batch
from simulator.outcomes import instrument, machine
from simulator.outcomes.rows import UNKNOWN, Fate, Provenance
from simulator.outcomes.store import open_part


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with part 1."""
    store = tmp_path / "run.sqlite"
    with closing(sqlite3.connect(store)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(instrument.SCHEMA)
        db.executescript(machine.SCHEMA)
        open_part(db, "observed", Provenance.OBSERVED, 1, 1)
    return store


def visit(visitor: int) -> list[int]:
    return [visitor, 0, visitor, UNKNOWN, UNKNOWN, UNKNOWN, Fate.UNSENT]


def batch(number: int, *visitors: int, worker: int = 0) -> Batch:
    """With a visit of each."""
    cells = [cell for visitor in visitors for cell in visit(visitor)]
    return Batch(worker=worker, number=number, visits=array("q", cells))


def visitors(store: Path) -> list[int]:
    """Whose visits are written."""
    with closing(sqlite3.connect(store)) as db:
        return [row[0] for row in db.execute("SELECT visitor FROM visits ORDER BY visitor")]
