"""Demand of another size."""

import numpy as np
import pytest

from simulator.plan.sized import is_uncertain, of_size
from simulator.timetable.demand import Brought, Component, Demand
from simulator.timetable.timetable import Timetable
from simulator.timetable.volume import Volume
from simulator.units import frozen_floats

S = 1_000_000_000
EDGES = [0, 10 * S, 20 * S]
VOLUME = Volume(low=0.5, high=3.0)


def certain() -> Component:
    return Component.of(0, EDGES, [40.0, 60.0])


def uncertain() -> Component:
    return Component.of(0, EDGES, [100.0, 100.0], volume=VOLUME)


def family(*, again: bool, volume: Volume | None = None) -> tuple[Component, ...]:
    """Each brings half a person, evenly into his own block and the next."""
    spread = frozen_floats(np.array([[0.5, 0.5], [0.0, 1.0]]))
    brought = Brought(by=(0,), number=0.5, again=again, shares=(1.0,), spread=spread)
    mass = np.array([10.0, 40.0])
    return (certain(), Component.of(0, EDGES, mass, brought=brought, volume=volume))


def counted(demand: Demand, launch: int) -> int:
    timetable = Timetable(demand=demand, horizon_ns=20 * S, end_ns=20 * S, launch=launch)
    return timetable.total


def test_each_surge_is_as_large_as_the_draw_names_its_own_volume() -> None:
    both = Demand(components=(certain(), uncertain()))
    assert is_uncertain(both)
    for luck, expected in [(0.1, 100.0 + 100.0), (0.5, 300.0), (0.9, 100.0 + 600.0)]:
        found = of_size(both, luck=luck)
        assert found.total == pytest.approx(expected)
        assert not is_uncertain(found)


def test_a_factor_is_of_all_that_come() -> None:
    assert of_size(Demand(components=(certain(), uncertain())), 2.5).total == pytest.approx(750.0)


@pytest.mark.parametrize("again", [True, False], ids=["who is brought brings", "and does not"])
def test_those_brought_are_as_many_more_as_those_who_bring(again: bool) -> None:
    demand = Demand(components=family(again=again))
    once, thrice = (of_size(demand, factor).total for factor in (1.0, 3.0))
    assert thrice == pytest.approx(3.0 * once)
    # The mean that is written down is the mean of what is drawn.
    mean = np.mean([counted(of_size(demand, 3.0), launch) for launch in range(400)])
    error = np.sqrt(thrice / (1.0 - 0.5) ** 2 / 400)
    assert abs(mean - thrice) <= 3.3 * error


def test_an_uncertain_number_of_those_brought_is_how_many_each_brings() -> None:
    demand = Demand(components=family(again=False, volume=VOLUME))
    # 40 bring a half in their block and the next, 60 a half in theirs: 50 at 0.5 each.
    assert of_size(demand, luck=0.5).total == pytest.approx(100.0 + 50.0)
    assert of_size(demand, luck=0.9).total == pytest.approx(100.0 + 150.0)


def test_a_larger_demand_brings_those_of_a_smaller_one_as_well() -> None:
    demand = Demand(components=(certain(),))
    for launch in range(50):
        few, many = (
            Timetable(demand=of_size(demand, f), horizon_ns=20 * S, end_ns=20 * S, launch=launch)
            for f in (0.7, 1.0)
        )
        came = {int(visitor) for part in many.arrivals() for visitor in part.visitor}
        assert {int(visitor) for part in few.arrivals() for visitor in part.visitor} <= came
