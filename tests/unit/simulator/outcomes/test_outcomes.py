import sqlite3
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from simulator.outcomes.rows import UNKNOWN, Block, Fate, Provenance, Result
from simulator.outcomes.store import append, end_part, open_part, read_part

FIRST = Block.of(
    [(7, 0, 5, 5, UNKNOWN, UNKNOWN, Fate.WAITING)],
    [(3, 0, 1, 9, UNKNOWN, UNKNOWN, Result.UNFINISHED)],
)
SECOND = Block.of(
    [(3, 1, 4, UNKNOWN, 4, UNKNOWN, Fate.UNFINISHED)], [(3, 0, 0, 4, 5, 6, Result.TIMED_OUT)]
)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def test_a_part_comes_back_from_sqlite_as_it_was(db: sqlite3.Connection) -> None:
    part = open_part(db, "line/observed", Provenance.OBSERVED, 100, 120)
    append(db, part, FIRST)
    append(db, part, SECOND)
    end_part(db, part, "complete", planned=3, started=2, unsent=1)

    found = read_part(db, "line/observed")

    rows = found.rows()
    assert (found.provenance, found.horizon_ns, found.end_ns) == (Provenance.OBSERVED, 100, 120)
    assert rows.visits.tolist() == SECOND.visits.tolist() + FIRST.visits.tolist()
    assert rows.attempts.tolist() == SECOND.attempts.tolist() + FIRST.attempts.tolist()
    assert db.execute("SELECT how, planned, started, unsent FROM ends").fetchall() == [
        ("complete", 3, 2, 1)
    ]


def test_what_nobody_can_know_is_null_in_the_file(db: sqlite3.Connection) -> None:
    append(db, open_part(db, "x", Provenance.OBSERVED, 1, 1), FIRST)
    assert db.execute("SELECT joined, let_in, ended FROM visits").fetchall() == [(5, None, None)]


def test_a_part_that_is_not_there(db: sqlite3.Connection) -> None:
    open_part(db, "x", Provenance.OBSERVED, 1, 1)
    with pytest.raises(KeyError, match="y"):
        read_part(db, "y")


def test_a_visitor_has_one_row_only(db: sqlite3.Connection) -> None:
    part = open_part(db, "x", Provenance.OBSERVED, 1, 1)
    append(db, part, FIRST)
    with pytest.raises(sqlite3.IntegrityError):
        append(db, part, FIRST)


def test_an_empty_block() -> None:
    empty = Block.of([], [])
    assert len(empty.visits) == len(empty.attempts) == 0
    assert empty.visits.dtype.names is not None
    assert np.issubdtype(empty.visits["fate"].dtype, np.int64)
