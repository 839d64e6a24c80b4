"""Whether workers sent a plan exactly is told from what each says of itself, and not from the rows alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from scenarios.replay.beats import Beat, write_beat
from simulator.outcomes.instrument import SCHEMA
from simulator.outcomes.workers import Worker
from tests.benchmarks.workers.crews import Run, Sent, cpu_of, is_right, table
from tests.examples import examples

S = 10**9
PLANNED = {1: 10, 2: 20, 3: 35}
SENT = Sent(
    timetable_sha256="f" * 64,
    planned=PLANNED,
    came=dict(PLANNED),
    workers=(
        Worker(number=0, name="a", planned=2, started=2),
        Worker(number=1, name="b", planned=1, started=1),
    ),
    starts_ns=np.array([11, 21, 36]),
    lags_ns=np.array([1, 1, 1]),
    cpu_s=(0.5, 0.25),
)


@examples("sent, exact",
    ("everybody once", SENT, True),
    ("one is missing", replace(SENT, came={1: 10, 2: 20}), False),
    ("a stranger", replace(SENT, came={**PLANNED, 4: 40}), False),
    ("at another instant", replace(SENT, came={**PLANNED, 3: 36}), False),
    ("one twice, whose rows are one", replace(SENT, workers=(SENT.workers[0], replace(SENT.workers[1], started=2))), False),
    ("a shard that nobody has", replace(SENT, workers=SENT.workers[:1]), False),
    ("a worker that never told", replace(SENT, workers=(SENT.workers[0], replace(SENT.workers[1], started=None))), False),
)  # fmt: skip
def test_a_union_is_the_plan_or_it_is_not(sent: Sent, exact: bool) -> None:
    assert sent.is_exact is exact


def run(launch: str, sent: Sent) -> Run:
    return Run(launch=launch, crew=2, sent=sent, exit_code=0, outcome="holds")


def test_all_crews_send_the_same_timetable_of_a_launch() -> None:
    other = replace(SENT, timetable_sha256="0" * 64)
    assert is_right([run("a", SENT), run("a", SENT), run("b", other)])
    assert not is_right([run("a", SENT), run("a", other)])
    assert "**different timetables**" in table([run("a", SENT), run("a", other)])
    assert "a: one timetable, sha256 ffffffffffffffff" in table([run("a", SENT)])


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as store:
        store.executescript(SCHEMA)
        yield store


def test_processor_time_is_added_up_by_the_worker(db: sqlite3.Connection) -> None:
    for worker, at_s, share in ((0, 1, 0.5), (0, 3, 0.25), (1, 2, 1.0)):
        nothing = dict.fromkeys(
            ("started", "finished", "in_flight", "waiting", "late", "at_cap"), 0
        )
        beat = Beat(at_ns=at_s * S, cpu_share=share, loop_lag_ns=0, **nothing)
        write_beat(db, 1, beat, worker)
    assert cpu_of(db, 1) == (1.0, 2.0)
