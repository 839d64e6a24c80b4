"""Arrivals follow the curve that the file describes, not only the blocks made of it.

Given their number, arrivals of a Poisson process are independent draws from its cumulative curve:
the curve's value at each, over its value at the horizon, is uniform (time rescaling), and from one
to the next the curve grows by an exponential step of mean 1. Both are tested by Kolmogorov and
Smirnov's test. It rejects a true model once in 1,000 seeds, and the seeds are fixed. With n = 20,000
the first sees a deviation of 1.95 / sqrt(n) = 1.4 % of all arrivals.

A sample is rejected with p < 1e-6 if it is 2.7 / sqrt(n) away from a curve, and it is 1.95 / sqrt(n)
away from its own at most (but once in 1,000 seeds): so wrong curves are the sum of both away.

Source: Brown, Barbieri, Ventura, Kass and Frank 2002, "The time-rescaling theorem".
"""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from simulator.plan.surges.curve import Clock, Cumulative
from simulator.plan.surges.demand import components_of, streams
from simulator.scenario.words.groups import Entry
from simulator.scenario.words.surges.surge import Surge
from simulator.timetable.demand import Demand
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_S, Floats

SURGE: TypeAdapter[Surge] = TypeAdapter(Surge)
HORIZON_S = 2 * 3_600
CLOCK = Clock(opening=datetime(2023, 7, 5, 23, 40, tzinfo=UTC), horizon_ns=HORIZON_S * NS_PER_S)
FALSE_ALARM = 0.001

Words = dict[str, Any]


def milestones(first: int, **words: object) -> Words:
    points = [["30 min", first], ["3 h", 24_000], ["9 h", 26_000]]
    return {"shape": "milestones", "counts": "arrivals", "points": points, **words}


def crowd(median: str) -> Words:
    reaction = {"median": median, "cv": 1.0}
    plain = {"shape": "countdown", "crowd": 18_000, "reaction": reaction}
    return {**plain, "rate": "2/s", "decay": "20 min"}


def spike(**words: object) -> Words:
    return {"shape": "spike", "size": 20_000, "at": "40 min", "rise": "2 min", **words}


def waves(**words: object) -> Words:
    plain = {"shape": "waves", "invited": 20_000, "every": "30 min", "times": 3, "accepts": 0.4}
    return {**plain, "after": {"law": "gamma", "mean": "10 min", "cv": 0.7}, **words}


def day(*zones: tuple[str, float], **words: object) -> Words:
    return {"shape": "diurnal", "rate": "3/s", "zones": zones, **words}


HOURS = [1.0, 3.0] * 12
COUNTS = [100, 3_000, 1_500, 900, 6_000, 2_000, 4_000, 2_000]
RIGHT_AND_WRONG = {
    "milestones": (milestones(12_000), milestones(10_800)),
    "milestones, early": (milestones(12_000, between="early"), milestones(12_000)),
    "milestones, capped": (milestones(16_000, peak="8.9/s"), milestones(16_000)),
    "countdown": (crowd("4 s"), crowd("4.4 s")),
    "constant": (
        {"shape": "constant", "rate": "4/s", "from": "10 min", "until": "90 min"},
        {"shape": "constant", "rate": "4/s", "from": "10 min", "until": "100 min"},
    ),
    "ramp": (
        {"shape": "ramp", "first": "1/s", "last": "5/s", "until": "2 h"},
        {"shape": "ramp", "first": "1/s", "last": "3/s", "until": "2 h"},
    ),
    "spike": (spike(decay="9 min"), spike(decay="10 min")),
    "spike, power law": (spike(decay="3 min", exponent=1.6), spike(decay="3 min", exponent=1.8)),
    "waves": (
        waves(expires="20 min", again={"after": "25 min", "accepts": 0.5}),
        waves(expires="20 min"),
    ),
    "bass": (
        {"shape": "bass", "market": 22_000, "p": "0.1/h", "q": "3/h"},
        {"shape": "bass", "market": 22_000, "p": "0.15/h", "q": "3/h"},
    ),
    "logistic": (
        {"shape": "logistic", "capacity": 20_000, "midpoint": "1 h", "growth": "10 min"},
        {"shape": "logistic", "capacity": 20_000, "midpoint": "1 h", "growth": "13 min"},
    ),
    "diurnal, hours": (
        day(("UTC+05:30", 0.7), ("UTC", 0.3), hours=HOURS),
        day(("UTC+05:30", 0.3), ("UTC", 0.7), hours=HOURS),
    ),
    "diurnal, wave": (
        day(("UTC", 1.0), peak_hour=2.0, depth=1.0),
        day(("UTC+06:00", 1.0), peak_hour=2.0, depth=1.0),
    ),
    "recorded": (
        {"shape": "recorded", "every": "15 min", "counts": COUNTS},
        {"shape": "recorded", "every": "15 min", "counts": COUNTS[::-1]},
    ),
}
EACH = pytest.mark.parametrize("name", RIGHT_AND_WRONG)


def surge(words: Words) -> Surge:
    return SURGE.validate_python({"people": "all", **words})


def curve(of: Surge) -> Cumulative:
    (stream,) = streams(of, CLOCK)
    return stream.cumulative


def arrivals_s(of: Surge, seed: int) -> Floats:
    entries = [Entry(group="all", journey=0, share=1.0)]
    demand = Demand(components=components_of([of], entries, CLOCK))
    horizon_ns = CLOCK.horizon_ns
    timetable = Timetable(demand=demand, horizon_ns=horizon_ns, end_ns=horizon_ns, seed=seed)
    return np.concatenate([part.arrived_ns for part in timetable.arrivals()]) / NS_PER_S


def p_value(instants_s: Floats, cumulative: Cumulative) -> float:
    end = float(cumulative(np.array([float(HORIZON_S)]))[0])
    return float(stats.kstest(cumulative(instants_s) / end, "uniform").pvalue)


def apart(one: Cumulative, other: Cumulative) -> float:
    """The largest distance between two curves, as shares of their ends."""
    at_s = np.linspace(0.0, HORIZON_S, 10_001)
    first, second = one(at_s), other(at_s)
    return float(np.abs(first / first[-1] - second / second[-1]).max())


@pytest.mark.parametrize("seed", range(3))
@EACH
def test_people_come_along_the_curve(name: str, seed: int) -> None:
    right = surge(RIGHT_AND_WRONG[name][0])
    found_s = arrivals_s(right, seed)
    assert len(found_s) > 15_000
    assert p_value(found_s, curve(right)) > FALSE_ALARM
    steps = np.diff(curve(right)(found_s))
    assert stats.kstest(steps, "expon").pvalue > FALSE_ALARM


@EACH
def test_another_curve_is_rejected(name: str) -> None:
    right, wrong = map(surge, RIGHT_AND_WRONG[name])
    found_s = arrivals_s(right, 0)
    assert apart(curve(right), curve(wrong)) > (2.7 + 1.95) / np.sqrt(len(found_s))
    assert p_value(found_s, curve(wrong)) < 1e-6
