"""A batch is written wholly or not at all, once, and after the one before it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from scenarios.replay.keeping import taking
from scenarios.replay.keeping.batch import Batch
from scenarios.replay.keeping.taking import take_batch
from simulator.outcomes.answered import read_answers
from simulator.outcomes.machine import read_opened_ns
from simulator.outcomes.workers import Worker, last_taken, read_workers
from tests.unit.scenarios.replay.keeping.stores import batch, path, visitors
from tests.unit.scenarios.replay.keeping.test_batch import BATCH

__all__ = ["path"]


def test_everything_in_a_batch_is_written(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        for number in range(1, BATCH.number):
            take_batch(db, 1, Batch(worker=BATCH.worker, number=number))
        assert take_batch(db, 1, BATCH) == BATCH.number

        tables = ("visits", "attempts", "looks", "beats", "openings", "ends")
        counts = [db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]
        assert dict(zip(tables, counts, strict=True)) == {
            "visits": 1, "attempts": 2, "looks": 1, "beats": 1, "openings": 1, "ends": 1,
        }  # fmt: skip
        assert [one.count for one in read_answers(db, "observed")] == [4, 1]
        assert read_workers(db, "observed") == BATCH.workers


def test_when_a_part_opened_is_known_by_both_clocks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = SimpleNamespace(time_ns=lambda: 1_050, perf_counter_ns=lambda: 50)
    monkeypatch.setattr(taking, "time", clocks)
    with closing(sqlite3.connect(path)) as db:
        assert read_opened_ns(db, "observed") is None
        take_batch(db, 1, Batch(worker=0, number=1, opened_ns=7))
        assert db.execute("SELECT clock_ns FROM openings").fetchall() == [(7,)]
        assert read_opened_ns(db, "observed") == 1_007


def test_what_comes_again_is_not_written_again(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        assert [take_batch(db, 1, batch(1, 7)) for _ in range(3)] == [1, 1, 1]
    assert visitors(path) == [7]


def test_what_comes_too_early_is_asked_for_again(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        assert take_batch(db, 1, batch(2, 8)) == 0
        assert take_batch(db, 1, batch(1, 7)) == 1
        assert take_batch(db, 1, batch(2, 8)) == 2
    assert visitors(path) == [7, 8]


def test_each_worker_counts_for_itself(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        assert take_batch(db, 1, batch(1, 7, worker=0)) == 1
        assert take_batch(db, 1, batch(1, 8, worker=1)) == 1
    assert visitors(path) == [7, 8]


def test_of_what_cannot_be_written_nothing_is(path: Path) -> None:
    """The second of its visits is there already."""
    with closing(sqlite3.connect(path)) as db:
        take_batch(db, 1, batch(1, 7))
        with pytest.raises(sqlite3.IntegrityError):
            take_batch(db, 1, batch(2, 8, 7))
        assert last_taken(db, 1, 0) == 1
    assert visitors(path) == [7]


def test_what_becomes_known_of_a_worker_takes_the_place_of_what_was(path: Path) -> None:
    first = Worker(number=0, name="a", planned=3)
    last = Worker(number=0, name="a", planned=3, started=2, bound_ns=5, lost="killed")
    with closing(sqlite3.connect(path)) as db:
        take_batch(db, 1, Batch(worker=0, number=1, workers=(first,)))
        take_batch(db, 1, Batch(worker=0, number=2, workers=(last,)))
        assert read_workers(db, "observed") == (last,)
