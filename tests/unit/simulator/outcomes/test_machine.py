"""What the machine did, written by a replay and read by the reports."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, replace

import pytest

from simulator.outcomes.machine import (
    SCHEMA,
    Baseline,
    Strain,
    open_clock,
    read_machine,
    write_machine,
)
from simulator.outcomes.rows import Provenance
from simulator.outcomes.store import open_part

S = 1_000_000_000
OPENING = 7_000 * S
NAME = "line/observed"
PROBED = Baseline(piece_ns=3.1e6, sd_ns=0.2e6, machine="here")
SECOND = Strain(
    at_ns=OPENING + S, for_ns=S, cores=2, busy=1.5, steal=0.25, pressure=0.5,
    target_cpu=0.75, target_wait=0.125, generator_cpu=0.25, generator_wait=0.0625, behind_cpu=0.5,
)  # fmt: skip


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        assert open_part(connection, NAME, Provenance.OBSERVED, S, 4 * S) == 1
        yield connection


def test_it_is_read_as_it_was_seen_since_the_opening(db: sqlite3.Connection) -> None:
    open_clock(db, 1, OPENING)
    unknown = replace(SECOND, at_ns=OPENING + 2 * S, pressure=math.nan, target_cpu=math.nan)
    pieces = [(OPENING + 9, 4, 9), (OPENING + 30, 5, 6)]
    write_machine(db, 1, pieces, [SECOND, unknown], here="here", probed=PROBED)
    found = read_machine(db, NAME)
    assert found is not None
    assert [found.at_ns.tolist(), found.cpu_ns.tolist(), found.wall_ns.tolist()] == [
        [9, 30],
        [4, 5],
        [9, 6],
    ]
    first, second = found.strain
    assert first == replace(SECOND, at_ns=S)
    assert math.isnan(second.pressure)
    assert math.isnan(second.target_cpu)
    assert astuple(second)[7:] == astuple(SECOND)[7:]
    assert found.probed == PROBED
    assert found.comparable


def test_what_was_before_the_opening_is_left_out(db: sqlite3.Connection) -> None:
    """A piece that began before it, too: its work was in part somebody's who prepared."""
    open_clock(db, 1, OPENING)
    early = replace(SECOND, at_ns=OPENING)
    write_machine(db, 1, [(OPENING + 8, 4, 9)], [early], here="here", probed=None)
    found = read_machine(db, NAME)
    assert found is not None
    assert (len(found.at_ns), found.strain, found.probed) == (0, (), None)


def test_of_a_part_that_never_opened_nothing_is_kept(db: sqlite3.Connection) -> None:
    write_machine(db, 1, [(9, 4, 9)], [SECOND], here="here", probed=None)
    assert read_machine(db, NAME) is None


@pytest.mark.parametrize(("probed", "pieces", "comparable"), [
    pytest.param(PROBED, 1, True, id="on one machine"),
    pytest.param(replace(PROBED, machine="there"), 1, False, id="on two machines"),
    pytest.param(None, 1, False, id="probed without a yardstick"),
    pytest.param(PROBED, 0, False, id="replayed without one"),
])  # fmt: skip
def test_two_yardsticks_are_compared_on_one_machine_alone(
    db: sqlite3.Connection, probed: Baseline | None, pieces: int, comparable: bool
) -> None:
    open_clock(db, 1, OPENING)
    write_machine(db, 1, pieces * [(OPENING + 9, 4, 9)], [], here="here", probed=probed)
    found = read_machine(db, NAME)
    assert found is not None
    assert found.comparable is comparable


def test_what_was_after_the_end_of_the_part_is_not_of_it(db: sqlite3.Connection) -> None:
    open_clock(db, 1, OPENING)
    late = replace(SECOND, at_ns=OPENING + 5 * S)
    pieces = [(OPENING + second * S, 3, 3) for second in (1, 4, 5)]
    write_machine(db, 1, pieces, [replace(SECOND, at_ns=OPENING + S), late], here="", probed=None)

    found = read_machine(db, NAME)

    assert found is not None
    assert found.at_ns.tolist() == [S, 4 * S]
    assert [each.at_ns for each in found.strain] == [S]


def test_a_mean_is_over_the_time_in_which_it_is_known(db: sqlite3.Connection) -> None:
    open_clock(db, 1, OPENING)
    longer = replace(SECOND, at_ns=OPENING + 4 * S, for_ns=3 * S, busy=0.5, target_cpu=math.nan)
    write_machine(db, 1, [], [SECOND, longer], here="", probed=None)
    found = read_machine(db, NAME)
    assert found is not None
    assert found.mean("busy") == 0.75  # one second of 1.5 and three of 0.5
    assert found.mean("target_cpu") == 0.75
    assert math.isnan(replace(found, strain=()).mean("busy"))


def test_who_serves_the_target_is_nobody_else(db: sqlite3.Connection) -> None:
    """Of 1.75 cores 1 was the target's and the generator's, and half a one its database's."""
    open_clock(db, 1, OPENING)
    write_machine(db, 1, [], [SECOND], here="here", probed=None)
    found = read_machine(db, NAME)
    assert found is not None
    assert found.others == pytest.approx(0.25)
    with db:  # as a run of an older version has it
        db.execute("DELETE FROM behind")
    older = read_machine(db, NAME)
    assert older is not None
    assert math.isnan(older.strain[0].behind_cpu)
    assert older.others == pytest.approx(0.75)
