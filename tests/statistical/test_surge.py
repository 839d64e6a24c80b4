"""Arrivals follow the curve that the file describes, not only the blocks made of it.

Given their number, arrivals of a Poisson process are independent draws from its cumulative curve:
the curve's value at each, over its value at the horizon, is uniform (time rescaling). The test is
Kolmogorov and Smirnov's; it rejects a true model once in 1,000 seeds, and the seeds are fixed. With
n = 20,000 it sees a deviation of 1.95 / sqrt(n) = 1.4 % of all arrivals.

Source: Brown, Barbieri, Ventura, Kass and Frank 2002, "The time-rescaling theorem".
"""

import numpy as np
import pytest
from scipy import stats

from simulator.demand import Demand, Floats
from simulator.quantities import NS_PER_S
from simulator.surge import Cumulative, countdown, through, to_component
from simulator.surge_words import Countdown, Milestones
from simulator.timetable import Timetable

HORIZON_NS = 2 * 3_600 * NS_PER_S
FALSE_ALARM = 0.001


def milestones(first: int) -> Milestones:
    points = [["30 min", first], ["3 h", 24_000], ["9 h", 26_000]]
    plain = {"shape": "milestones", "people": "all", "counts": "arrivals"}
    return Milestones.model_validate({**plain, "points": points})


def crowd(median: str) -> Countdown:
    reaction = {"median": median, "cv": 1.0}
    plain = {"shape": "countdown", "people": "all", "crowd": 18_000, "reaction": reaction}
    return Countdown.model_validate({**plain, "rate": "2/s", "decay": "20 min"})


def arrivals_s(surge: Milestones | Countdown, seed: int) -> Floats:
    demand = Demand(components=(to_component(surge, 0, HORIZON_NS),))
    timetable = Timetable(demand=demand, horizon_ns=HORIZON_NS, end_ns=HORIZON_NS, seed=seed)
    return np.concatenate([part.arrived_ns for part in timetable.arrivals()]) / NS_PER_S


def p_value(instants_s: Floats, curve: Cumulative) -> float:
    end = float(curve(np.array([HORIZON_NS / NS_PER_S]))[0])
    return float(stats.kstest(curve(instants_s) / end, "uniform").pvalue)


@pytest.mark.parametrize("seed", range(5))
def test_milestones_are_filled_along_their_curve(seed: int) -> None:
    surge = milestones(12_000)
    assert p_value(arrivals_s(surge, seed), through(surge.points)) > FALSE_ALARM


@pytest.mark.parametrize("seed", range(5))
def test_a_crowd_comes_as_it_reacts(seed: int) -> None:
    surge = crowd("4 s")
    assert p_value(arrivals_s(surge, seed), countdown(surge)) > FALSE_ALARM


def test_another_curve_through_the_same_ends_is_rejected() -> None:
    # 11,000 instead of 12,000 in the first half hour: 4 % of all arrivals.
    assert p_value(arrivals_s(milestones(12_000), 0), through(milestones(11_000).points)) < 1e-6


def test_a_slower_crowd_is_rejected() -> None:
    assert p_value(arrivals_s(crowd("4 s"), 0), countdown(crowd("4.4 s"))) < 1e-6
