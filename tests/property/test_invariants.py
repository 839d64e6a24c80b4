"""What is true of every launch, whatever the rules do."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from simulator import Compiled, Readable
from simulator.engine.invariants.check import check
from simulator.engine.rules import Engine
from simulator.system.line import Feedback, Slots
from tests.agreement.agreement import CRAMPED, RIGHT, replay
from tests.agreement.drawn.strategies import Launch, launches, replayed

drawn = settings(max_examples=50, derandomize=True, print_blob=True)
engines = pytest.mark.parametrize(
    "engine", [pytest.param(RIGHT, id="simpy"), pytest.param(CRAMPED, id="compiled")]
)


@engines
def test_no_launch_breaks_an_invariant(engine: Readable | Compiled) -> None:
    for seed in range(300):
        found = check(replay(engine, replayed, seed).rows, *replayed(seed))
        assert not found, f"replay with launch_of(Random({seed})): {found}"


@drawn
@given(launches)
def test_a_launch_that_breaks_an_invariant_is_made_small(launch: Launch) -> None:
    note(repr(launch))
    assert check(Readable().simulate(*launch).rows(), *launch) == []


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
    small, large = CRAMPED.simulate(*launch).rows(), Compiled().simulate(*launch).rows()
    assert small.visits.tobytes() == large.visits.tobytes()
    assert small.attempts.tobytes() == large.attempts.tobytes()


@drawn
@given(launches, st.integers(1, 3))
def test_luck_does_not_depend_on_capacity(launch: Launch, more: int) -> None:
    """With more servers the same people come, and the line treats them alike.

    Not where the line looks at what becomes of them: by feedback, or as sessions last.
    """
    assume(not looks_at_the_stations(launch))
    stations = tuple(replace(s, servers=s.servers + more) for s in launch.system.stations)
    before = CRAMPED.simulate(*launch).rows().visits
    system = replace(launch.system, stations=stations)
    after = CRAMPED.simulate(launch.timetable, system).rows().visits
    line = ["visitor", "people", "arrived", "joined", "let_in"]
    assert before[line].tolist() == after[line].tolist()


def looks_at_the_stations(launch: Launch) -> bool:
    release = launch.system.waitlist.release
    sessions_differ = isinstance(release, Slots) and (release.renews or release.early)
    return isinstance(release, Feedback) or sessions_differ
