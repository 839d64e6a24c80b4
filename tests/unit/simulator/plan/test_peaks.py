"""Peaks: the most people within a window, found exactly, and told with their window."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.plan.peaks import Peak, chart_bin_ns, in_words, peak, peaks
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy
from simulator.timetable.demand import Component, Demand
from simulator.units import NS_PER_S
from tests.launches.run import plan

S = NS_PER_S


def of(*parts: Component) -> Demand:
    return Demand(components=parts)


def planned(demand: Demand, horizon_s: int) -> Plan:
    made = plan(Subject.LAUNCH, Policy.OPEN)
    return replace(made, demand=demand, horizon_ns=horizon_s * S, end_ns=horizon_s * S, bin_ns=S)


def test_a_window_lies_over_the_edge_of_blocks() -> None:
    # A rate that rises to 8 a second at 10 s and falls again: the best second straddles it,
    # 8 - 0.4 in the mean at its ends, 2 x (8 + 7.6) / 2 / 2.
    hill = Component.of(0, [0, 10 * S, 20 * S], [40.0, 40.0], [1.0, -1.0])
    found = peak(of(hill), S, 20 * S)
    assert found.at_ns == 9.5 * S
    assert found.people == pytest.approx(7.8)


@pytest.mark.parametrize("width_s", [1, 3, 7, 20, 50])
def test_no_window_has_more(width_s: int) -> None:
    random = np.random.default_rng(width_s)
    parts = [
        Component.of(0, np.cumsum(random.integers(1, 5 * S, 12)), random.uniform(0, 9, 11), random.uniform(-1, 1, 11))
        for _ in range(3)
    ]  # fmt: skip
    demand, until_ns = of(*parts), 40 * S
    found = peak(demand, width_s * S, until_ns)
    begins = np.linspace(0, max(0, until_ns - width_s * S), 4001).astype(int)
    tried = max(
        demand.expected_by(int(at) + width_s * S) - demand.expected_by(int(at)) for at in begins
    )

    assert tried <= found.people * (1 + 1e-12)
    begun = demand.expected_by(found.at_ns + width_s * S) - demand.expected_by(found.at_ns)
    # The instant is rounded to a nanosecond.
    assert begun == pytest.approx(found.people, abs=40e-9)


def test_all_of_a_launch_is_its_longest_window() -> None:
    found = peak(of(Component.of(0, [0, 5 * S], [10.0])), 60 * S, 5 * S)
    assert (found.at_ns, found.people) == (0, 10.0)


def test_both_windows_are_told() -> None:
    crowd = Component.of(0, [0, S, 300 * S], [900.0, 299.0])
    # 300 s in bins of 1 s make 60 points of 5 s each: 900 and 4 more.
    assert in_words(planned(of(crowd), 300)) == (
        "900/s in the busiest second (at the opening), 181/s in the busiest 5 s (at the opening)"
    )


def test_the_bin_of_the_charts_is_the_second_window() -> None:
    made = planned(of(Component.of(0, [0, 300 * S], [10.0])), 300)
    assert [each.width_ns for each in peaks(made)] == [S, chart_bin_ns(made)] == [S, 5 * S]


def test_who_come_evenly_have_no_peak() -> None:
    # Ten in five minutes (gatling#2940); blocks are cut where they like.
    even = Component.of(0, [0, 7 * S, 300 * S], [10 * 7 / 300, 10 * 293 / 300])
    assert in_words(planned(of(even), 300)) == "2/min, evenly"
    assert in_words(planned(of(even), 600)) == "2/min, evenly, from the opening on for 5 min"


def test_nobody_has_no_peak() -> None:
    assert in_words(planned(of(Component.of(0, [0, S], [0.0])), 10)) == "nobody"


def test_a_peak_is_a_rate() -> None:
    assert Peak(at_ns=0, width_ns=5 * S, people=20.0).per_s == 4.0
