import sqlite3

import numpy as np
import pytest

from simulator.instrument import SCHEMA, Instrument, read_instrument, worst_bin_share
from simulator.outcomes import UNKNOWN, Block, Fate, Provenance, append, end_part, open_part

MS = 1_000_000


@pytest.fixture
def db() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
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
        "INSERT INTO beats VALUES (?, ?, ?, 0, 0, 0, ?, 0, ?, ?)",
        [(part, 500, 2, 0, 0.25, 5 * MS), (part, 1000, 3, 1, 0.75, 2 * MS)],
    )
    return db


def test_the_facts_of_a_replay_are_read_from_the_store_alone(db: sqlite3.Connection) -> None:
    end_part(db, 1, "complete", planned=4, started=3, unsent=1)

    assert read_instrument(db, "line/observed") == Instrument(
        planned=4,
        started=3,
        unsent=1,
        late=1,
        at_cap=0,
        lag_p99_ns=3 * MS,
        lag_max_ns=3 * MS,
        worst_bin_share=1.0,
        cpu_share_peak=0.75,
        loop_lag_max_ns=5 * MS,
        ended="complete",
        beats=2,
    )


def test_a_child_that_was_killed_left_no_end_record(db: sqlite3.Connection) -> None:
    assert read_instrument(db, "line/observed").ended is None


def test_the_sent_surge_is_held_against_the_planned_one() -> None:
    planned = np.array([0, 1, 2, 3, 150 * MS])

    assert worst_bin_share(planned, planned) == 0.0
    assert worst_bin_share(planned, planned[:4]) == 0.25
    assert worst_bin_share(planned, planned[1:]) == 0.25
    assert worst_bin_share(np.array([], np.int64), np.array([], np.int64)) == 0.0
