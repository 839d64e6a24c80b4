import numpy as np
import pytest

from simulator.timetable.demand import Component, Demand
from simulator.timetable.volume import Volume

S = 1_000_000_000


def test_expected_arrivals_follow_the_linear_rate_of_a_block() -> None:
    # Density 1 + x' with x' from -1 to 1: a rate that rises from 0; half the time is a quarter.
    rising = Component.of(0, [0, 10 * S], [100.0], [1.0])
    assert [rising.expected_by(t * S) for t in (-1, 0, 5, 10, 11)] == [0, 0, 25.0, 100, 100]


def test_a_window_keeps_its_share_of_the_people_and_starts_at_zero() -> None:
    demand = Demand(components=(Component.of(0, [0, 10 * S, 20 * S], [100.0, 50.0], [0.5, -0.5]),))
    window = demand.window(5 * S, 15 * S, factor=2.0)
    (component,) = window.components
    assert component.edges_ns.tolist() == [0, 5 * S, 10 * S]
    for t in (0, 1, 4, 5, 8, 10):
        expected = 2 * (demand.expected_by((5 + t) * S) - demand.expected_by(5 * S))
        assert window.expected_by(t * S) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_window_beyond_the_demand_is_empty() -> None:
    demand = Demand(components=(Component.of(0, [0, 10 * S], [100.0]),))
    assert demand.window(20 * S, 30 * S).total == 0


def test_components_are_read_only() -> None:
    component = Component.of(0, [0, 1], [1.0])
    with pytest.raises(ValueError, match="read-only"):
        component.mass[0] = 2.0
    assert component.tilt.tolist() == np.zeros(1).tolist()


def test_what_came_in_blocks_is_spread_within_them_as_the_rate_says() -> None:
    rising = Component.of(0, [0, 10 * S, 20 * S], [100.0, 50.0], [1.0, 0.0])
    found = rising.by_instant(np.array([8, 6]), np.array([-1, 0, 5, 10, 15, 20, 99]) * S)
    assert found.tolist() == [0, 0, 2, 8, 11, 14, 14]


def test_the_likely_demand_is_certain() -> None:
    volume = Volume(low=0.5, high=2.0)
    demand = Demand(components=(Component.of(0, [0, S], [3.0], volume=volume),))
    (component,) = demand.likely.components
    assert (component.volume, component.mass.tolist()) == (None, [3.0])
