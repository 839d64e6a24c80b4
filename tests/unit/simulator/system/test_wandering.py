"""A station that wanders: said in a file, drawn once a launch, played alike by all three implementations."""

from dataclasses import replace

import pytest

from simulator import launch_plan, parse
from simulator.engine.agreement import agreement
from simulator.engine.compiled.engine import Compiled
from simulator.engine.readable.launch import Readable
from simulator.errors import ScenarioError
from simulator.plan.plan import Plan
from simulator.system.pace import Pace
from simulator.system.wandering import Wandering
from tests.launches.files import SMALL

SERVERS = "servers = 2\n"


def plan_of(words: str = 'drift = { sd = 0.3, over = "20 s" }\n') -> Plan:
    return launch_plan(
        parse(SMALL.replace(SERVERS, f"{SERVERS}{words}"), "f"), seed=3, engine=Compiled()
    )


def test_each_launch_draws_a_course_of_its_own() -> None:
    made = plan_of()

    (first,), (again,), (other,) = (made.system_of(launch).stations for launch in (0, 0, 1))

    assert first == again
    assert first.pace != other.pace
    assert replace(first, pace=None) == made.system.stations[0]
    assert plan_of("").system_of(0).stations[0].pace is None


def test_another_station_moves_nobodys_course() -> None:
    made = plan_of()
    more = replace(
        made,
        wandering=(
            Wandering(key="station.a.drift", name="a", sd=0.9, over_ns=10**9),
            *made.wandering,
        ),
    )

    assert more.system_of(4) == made.system_of(4)


def test_it_wanders_around_a_pace_that_it_has() -> None:
    made = plan_of()
    slow = tuple(replace(each, pace=Pace.of([0], [2.0])) for each in made.system.stations)
    slower = replace(made, system=replace(made.system, stations=slow))

    course, twice = (each.system_of(1).stations[0].pace for each in (made, slower))

    assert course is not None
    assert twice == course.times(Pace.of([0], [2.0]))


@pytest.mark.parametrize("launch", [0, 1])
def test_all_implementations_play_the_same_course(launch: int) -> None:
    made = plan_of()

    for engine in (Compiled(), Compiled(fifo=False)):
        assert agreement(engine, Readable(), made.timetable(launch), made.system_of(launch)).equal


def test_a_drift_that_is_none_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"station\.desk\.drift\.sd"):
        plan_of('drift = { sd = 2.0, over = "20 s" }\n')
