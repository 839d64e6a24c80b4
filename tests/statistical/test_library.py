"""What the launches of the library predict is held against what was published of them."""

import math

from scenarios import library
from simulator.compiled import Compiled
from simulator.fit import TOLERANCE
from simulator.launches import play
from simulator.resolve import launch_plan
from simulator.surge_words import Milestones

Z = 4.0
"""Each figure of each launch alarms falsely once in 16,000 times."""


def misses(*settings: str) -> list[float]:
    """How far one launch's line is from each published length, in parts of what is granted.

    Arrivals are Poisson, and those let in and those who leave hardly vary beside them: the standard
    error of the line is at most the root of the expected arrivals. The fit adds its tolerance.
    """
    scenario = library.load("truth-social-2022", settings=["launch.horizon=200 h", *settings])
    engine = Compiled()
    plan = launch_plan(scenario, seed=0, engine=engine)
    line = play(plan, engine, 0).bins.line
    (surge,) = scenario.words.surge
    assert isinstance(surge, Milestones)
    return [
        abs(line[point.at_ns // plan.bin_ns - 1] - point.count)
        / (Z * math.sqrt(plan.demand.expected_by(point.at_ns)) + TOLERANCE * point.count)
        for point in surge.points
    ]


def test_the_predicted_line_has_every_published_length() -> None:
    found = misses()

    assert len(found) == 5
    assert max(found) < 1.0


def test_published_lengths_taken_for_arrivals_are_missed() -> None:
    """The wrong model: those let in are forgotten."""
    assert min(misses('surge.opening.counts="arrivals"')) > 1.0
