"""What is true of every launch, whatever the rules do."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.demand import Ints
from simulator.engine import Engine
from simulator.outcomes import UNKNOWN, Fate, Result, Rows
from simulator.readable import Readable
from simulator.system import Lever, Policy
from simulator.timetable import Arrivals
from tests.property.agreement import CRAMPED
from tests.property.strategies import Launch, launches

drawn = settings(max_examples=100, derandomize=True, deadline=None, print_blob=True)
engines = pytest.mark.parametrize(
    "engine", [pytest.param(Readable(), id="simpy"), pytest.param(CRAMPED, id="compiled")]
)

HAS_ENDED = {Fate.SERVED, Fate.GAVE_UP, Fate.RENEGED}
WAS_LET_IN = {Fate.SERVED, Fate.GAVE_UP, Fate.UNFINISHED}


def closes_ns(launch: Launch) -> int:
    return min(launch.timetable.horizon_ns, launch.timetable.end_ns)


@drawn
@given(launches)
def test_every_visit_has_exactly_one_fate(launch: Launch) -> None:
    chunks = [Arrivals.nobody(), *launch.timetable.arrivals()]
    visitor = np.concatenate([chunk.visitor for chunk in chunks])
    arrived = np.concatenate([chunk.arrived_ns for chunk in chunks])
    visits = CRAMPED.simulate(*launch).rows().visits
    assert visits["visitor"].tolist() == sorted(visitor[arrived < closes_ns(launch)].tolist())


@drawn
@given(launches)
def test_a_fate_says_which_cells_are_known(launch: Launch) -> None:
    for visit in CRAMPED.simulate(*launch).rows().visits:
        fate = Fate(visit["fate"])
        assert (visit["ended"] != UNKNOWN) == (fate in HAS_ENDED)
        assert (visit["let_in"] != UNKNOWN) == (fate in WAS_LET_IN)
        assert visit["joined"] in (UNKNOWN, visit["arrived"])
        known = [visit[name] for name in ("arrived", "let_in", "ended") if visit[name] != UNKNOWN]
        assert known == sorted(known)
        assert all(instant < launch.timetable.end_ns for instant in known)


@drawn
@given(launches)
def test_attempts_tell_how_the_visit_ended(launch: Launch) -> None:
    rows = CRAMPED.simulate(*launch).rows()
    by_visitor = {
        visitor: list(attempts)
        for visitor, attempts in itertools.groupby(rows.attempts, lambda row: int(row["visitor"]))
    }
    for visit in rows.visits:
        attempts = by_visitor.pop(int(visit["visitor"]), [])
        assert [row["attempt"] for row in attempts] == list(range(len(attempts)))
        assert not any(row["result"] == Result.SUCCESS for row in attempts[:-1])
        most = launch.system.people[visit["people"]].retries.attempts
        if visit["fate"] == Fate.SERVED:
            assert attempts[-1]["result"] == Result.SUCCESS
        elif visit["fate"] == Fate.GAVE_UP:
            assert len(attempts) == most
        assert len(attempts) <= most
        if attempts:
            assert attempts[0]["sent"] == visit["let_in"]
        if visit["fate"] in (Fate.SERVED, Fate.GAVE_UP):
            assert attempts[-1]["finished"] == visit["ended"]
    assert not by_visitor


def area_under_count_ns(entered: Ints, left: Ints) -> int:
    """The integral over time of how many are present, swept from change to change."""
    steps = sorted([(int(t), 1) for t in entered] + [(int(t), -1) for t in left])
    area, present, since = 0, 0, 0
    for instant, step in steps:
        area += present * (instant - since)
        present, since = present + step, instant
    assert present == 0
    return area


def line_stays(launch: Launch, visits: Rows) -> tuple[Ints, Ints]:
    """When each of those who stood in the line joined and left it; closing ends the stay."""
    lined = visits[visits["joined"] != UNKNOWN]
    left = np.where(lined["fate"] == Fate.RENEGED, lined["ended"], lined["let_in"])
    return lined["joined"], np.where(left == UNKNOWN, closes_ns(launch), left)


@drawn
@given(launches)
def test_littles_law_holds_on_the_path(launch: Launch) -> None:
    joined, left = line_stays(launch, CRAMPED.simulate(*launch).rows().visits)
    assert (joined <= left).all()
    assert area_under_count_ns(joined, left) == int((left - joined).sum())


@engines
@drawn
@given(launch=launches)
def test_the_same_seed_gives_the_same_bytes(engine: Engine, launch: Launch) -> None:
    once, again = engine.simulate(*launch).rows(), engine.simulate(*launch).rows()
    assert once.visits.tobytes() == again.visits.tobytes()
    assert once.attempts.tobytes() == again.attempts.tobytes()


@drawn
@given(launches)
def test_the_size_of_blocks_changes_nothing(launch: Launch) -> None:
    from simulator.compiled import Compiled

    small, large = CRAMPED.simulate(*launch).rows(), Compiled().simulate(*launch).rows()
    assert small.visits.tobytes() == large.visits.tobytes()
    assert small.attempts.tobytes() == large.attempts.tobytes()


def in_plain_fifo(launch: Launch) -> Launch:
    """The same launch with a line throughout, whose calls are followed at once."""
    waitlist = replace(launch.system.waitlist, policy=Policy.FIFO, poll_every_ns=0)
    changes = tuple(c for c in launch.system.changes if c.lever is not Lever.POLICY)
    system = replace(launch.system, waitlist=waitlist, changes=changes)
    return Launch(launch.timetable, system)


@drawn
@given(launches)
def test_no_window_sees_more_entries_than_tokens(launch: Launch) -> None:
    launch = in_plain_fifo(launch)
    visits = CRAMPED.simulate(*launch).rows().visits
    entries = np.sort(visits["let_in"][visits["let_in"] != UNKNOWN])
    release = launch.system.waitlist.release
    spacings = [c.value for c in launch.system.changes if c.lever is Lever.RELEASE_SPACING_NS]
    shortest_ns = min([release.spacing_ns, *spacings])
    for first, last in itertools.combinations(range(len(entries)), 2):
        tokens = release.burst + (entries[last] - entries[first]) // shortest_ns
        assert last - first + 1 <= tokens


@drawn
@given(launches)
def test_nobody_overtakes_in_a_fifo_line(launch: Launch) -> None:
    visits = CRAMPED.simulate(*in_plain_fifo(launch)).rows().visits
    entered = visits[visits["let_in"] != UNKNOWN]
    in_order = entered[np.lexsort((entered["visitor"], entered["arrived"]))]
    assert (np.diff(in_order["let_in"]) >= 0).all()


@drawn
@given(launches)
def test_no_more_are_in_service_than_there_are_servers(launch: Launch) -> None:
    attempts = CRAMPED.simulate(*launch).rows().attempts
    served = attempts[attempts["result"] == Result.SUCCESS]
    finished = served["finished"] - launch.system.station.round_trip_ns
    servers = [c.value for c in launch.system.changes if c.lever is Lever.SERVERS]
    most = max([launch.system.station.servers, *servers])
    steps = sorted([(int(t), 1) for t in served["started"]] + [(int(t), -1) for t in finished])
    # Of a work of no length the end sorts before its own beginning: it never counts.
    assert max(itertools.accumulate(step for _, step in steps), default=0) <= most


@drawn
@given(launches, st.integers(1, 3))
def test_luck_does_not_depend_on_capacity(launch: Launch, more: int) -> None:
    """With more servers the same people come, and lose patience at the same instants."""
    station = replace(launch.system.station, servers=launch.system.station.servers + more)
    before = CRAMPED.simulate(*launch).rows().visits
    after = (
        CRAMPED.simulate(launch.timetable, replace(launch.system, station=station)).rows().visits
    )
    line = ["visitor", "people", "arrived", "joined", "let_in"]
    assert before[line].tolist() == after[line].tolist()
