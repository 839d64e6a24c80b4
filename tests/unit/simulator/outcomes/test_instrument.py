import sqlite3
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from simulator.outcomes.instrument import SCHEMA, Instrument, read_instrument, strays
from simulator.outcomes.pulses import Pulse, Stall, read_pulses
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Provenance
from simulator.outcomes.store import append, end_part, explain_end, open_part
from simulator.outcomes.workers import Worker, write_worker
from simulator.units import Ints
from tests.examples import examples

MS = 1_000_000


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection)
        yield connection


def fill(db: sqlite3.Connection) -> None:
    db.executescript(SCHEMA)
    part = open_part(db, "line/observed", Provenance.OBSERVED, 1000 * MS, 2000 * MS)
    db.executemany(
        "INSERT INTO planned VALUES (?, ?, 0, ?)",
        [(part, visitor, visitor * 100 * MS) for visitor in range(4)],
    )
    visits = [
        (0, 0, 0, 1 * MS, UNKNOWN, UNKNOWN, Fate.WAITING),
        (1, 0, 100 * MS, 103 * MS, UNKNOWN, UNKNOWN, Fate.WAITING),
        (2, 0, 200 * MS, UNKNOWN, 202 * MS, 300 * MS, Fate.SERVED),
        (3, 0, 300 * MS, UNKNOWN, UNKNOWN, UNKNOWN, Fate.UNSENT),
    ]
    append(db, part, Block.of(visits, []))
    db.executemany(
        "INSERT INTO beats VALUES (?, 0, ?, ?, 0, 0, 0, ?, 0, ?, ?)",
        [(part, 500 * MS, 2, 0, 0.25, 5 * MS), (part, 1500 * MS, 3, 1, 0.75, 2 * MS)],
    )


def test_the_facts_of_a_replay_are_read_from_the_store_alone(db: sqlite3.Connection) -> None:
    end_part(db, 1, "complete", planned=4, started=3, unsent=1)
    assert read_instrument(db, "line/observed") == Instrument(
        planned=4, started=3, unsent=1, unsent_reported=1, recorded=4, tardy=0, late=1, at_cap=0,
        lag_p99_ns=3 * MS, lag_max_ns=3 * MS, worst_bin=1, busiest_bin=1, busiest_second=4, bins=4,
        cpu_share_peak=0.75, cpu_share_sustained=0.25, loop_lag_max_ns=5 * MS, stalls=(),
        ended="complete", beats=2, last_beat_ns=1500 * MS,
    )  # fmt: skip


def test_several_workers_add_up_and_the_worst_of_them_is_named(db: sqlite3.Connection) -> None:
    """One worker that uses its core up is not made idle by another one's."""
    for number, name in enumerate(("here", "there")):
        write_worker(db, 1, Worker(number=number, name=name, planned=2))
    db.executemany(
        "INSERT INTO beats VALUES (1, 1, ?, ?, 0, 0, 0, ?, 0, ?, ?)",
        [(500 * MS, 1, 0, 0.9, 2 * MS), (1400 * MS, 1, 2, 0.95, 40 * MS)],
    )
    found = read_instrument(db, "line/observed")
    assert (found.late, found.beats, found.last_beat_ns) == (3, 4, 1400 * MS)
    assert (found.cpu_share_peak, found.cpu_share_sustained) == (0.95, 0.9)
    assert (found.loop_lag_max_ns, found.busiest, found.slowest) == (40 * MS, "there", "there")
    assert [each.name for each in found.workers] == ["here", "there"]


def test_a_stalls_share_is_of_what_all_workers_did() -> None:
    """Half of a worker's work fell into its stall, and it did a quarter of all."""
    pulse = Pulse(
        worker=0, at_ns=np.array([1000, 2000], np.int64) * MS, work=np.array([5, 10], np.int64),
        late=0, at_cap=0, lag_ns=np.array([0, 1000], np.int64) * MS, cpu_share=np.zeros(2),
    )  # fmt: skip
    assert pulse.stalls(40) == (Stall(lag_ns=1000 * MS, touched=0.125),)


def test_runs_of_older_versions_had_one_worker_and_no_column_for_it() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        fill(db)
        db.execute("CREATE TABLE older AS SELECT * FROM beats")
        db.execute("DROP TABLE beats")
        db.execute("ALTER TABLE older DROP COLUMN worker")
        db.execute("ALTER TABLE older RENAME TO beats")
        (pulse,) = read_pulses(db, 1)
        assert pulse.worker == 0
        assert pulse.at_ns.tolist() == [500 * MS, 1500 * MS]
        assert read_instrument(db, "line/observed").workers == ()


def test_a_child_that_was_killed_left_no_end_record(db: sqlite3.Connection) -> None:
    assert read_instrument(db, "line/observed").ended is None


def test_who_was_still_to_come_when_it_was_stopped_is_not_astray(db: sqlite3.Connection) -> None:
    """In a replay that ran to its end he would be (the first test)."""
    end_part(db, 1, "stopped: by a file", planned=4, started=3, unsent=1)
    assert read_instrument(db, "line/observed").worst_bin == 0


def test_a_generator_that_was_told_to_end_for_a_reason_ended_for_that(
    db: sqlite3.Connection,
) -> None:
    end_part(db, 1, "interrupted", planned=4, started=3, unsent=1)
    explain_end(db, 1, "stopped by the file enough")
    assert read_instrument(db, "line/observed").ended == "stopped: stopped by the file enough"


def test_an_end_that_the_generator_knew_the_reason_of_stays_as_it_is(
    db: sqlite3.Connection,
) -> None:
    end_part(db, 1, "complete", planned=4, started=3, unsent=1)
    explain_end(db, 1, "stopped by the file enough")
    assert read_instrument(db, "line/observed").ended == "complete"


def test_who_was_late_is_counted_by_how_much(db: sqlite3.Connection) -> None:
    """One by 50 ms: later than 49, not than 50; the others within the slack are nobody's business."""
    db.execute("UPDATE visits SET joined = arrived + ? WHERE visitor = 1", (50 * MS,))
    found = read_instrument(db, "line/observed")
    assert (found.tardy, found.behind_ns) == (1, (50 * MS,))
    assert (found.later_than(49 * MS), found.later_than(50 * MS)) == (1, 0)


def test_who_passed_one_that_was_late_is_counted(db: sqlite3.Connection) -> None:
    """One planned for 100 ms starts at 250: so did another at 202, whom he had been before."""
    passed = [read_instrument(db, "line/observed").passed]
    db.execute("UPDATE visits SET joined = arrived + ? WHERE visitor = 1", (150 * MS,))
    passed.append(read_instrument(db, "line/observed").passed)
    db.execute("UPDATE visits SET let_in = ? WHERE visitor = 2", (250 * MS,))
    assert [*passed, read_instrument(db, "line/observed").passed] == [0, 1, 0]


def test_who_was_started_and_lost_is_not_unsent(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM visits WHERE visitor = 1")
    end_part(db, 1, "complete", planned=4, started=3, unsent=1)
    instrument = read_instrument(db, "line/observed")
    assert (instrument.started, instrument.unsent, instrument.recorded) == (3, 1, 3)


PLANNED = np.array([0, 1, 2, 95, 150], np.int64) * MS


@examples("started, expected",
    ("on time", PLANNED, (0, 4)),
    ("one crosses the edge within the slack", PLANNED + 19 * MS, (0, 4)),
    ("one is missing", PLANNED[:3], (1, 4)),
    ("two are missing, one of them for sure", PLANNED[[0, 3, 4]], (1, 4)),
    ("the second bin's moved on", PLANNED + 60 * MS, (1, 4)),
    ("three came a bin too late", PLANNED + 100 * MS, (3, 4)),
)  # fmt: skip
def test_a_bin_is_held_against_what_timely_starts_explain(
    started: Ints, expected: tuple[int, int]
) -> None:
    assert strays(PLANNED, started) == expected


def test_nothing_planned_nothing_astray() -> None:
    nothing = np.array([], np.int64)
    assert strays(nothing, nothing) == (0, 0)
