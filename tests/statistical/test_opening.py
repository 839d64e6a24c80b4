"""The line against its fluid: a rush hour, and a crowd at the door."""

import numpy as np

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Block
from simulator.timetable.demand import Component
from simulator.units import Floats
from tests.statistical.launching import (
    ONE_TOKEN,
    S,
    Sample,
    along,
    at_once,
    both,
    line,
    sample,
    timetable,
)
from tests.statistical.oracles import lines
from tests.statistical.reading import clears_s, in_turn, left_line, line_at, one, wait_from_s

# A rush hour --------------------------------------------------------------------------------------

STANDING = 250
"""A rush that begins with the line's capacity begins at the edge of a line: a random one stands
above its fluid there, because it cannot be shorter than nobody. It stands on a crowd instead, which
is taken off again; six standard deviations of the arrivals are sqrt(1500) x 6 = 232."""


def rush(
    engine: Engine, launches: int, theory: lines.Parabola, until_s: float, rate_per_s: float
) -> tuple[Sample, ...]:
    """Beyond the standing crowd: the line at its peak and at the end, the total wait; a wait."""
    parts = [along(theory.arrived, until_s), at_once(0, 0, STANDING)]
    closes_s = 3 * until_s
    return sample(
        engine,
        ((timetable(parts, closes_s, launch), line(rate_per_s)) for launch in range(launches)),
        lambda rows: one(line_at(rows, theory.peak_s) - standing(rows)),
        lambda rows: one(line_at(rows, until_s - 1e-9) - standing(rows)),
        lambda rows: one(person_seconds(rows, until_s) - standing(rows) * until_s),
        lambda rows: one(wait_from_s(rows, theory.peak_s) - standing(rows) / theory.capacity),
    )


def standing(rows: Block) -> int:
    """How many came at the opening."""
    return int((rows.visits["arrived"] == 0).sum())


def person_seconds(rows: Block, until_s: float) -> float:
    """What everybody together has waited by then."""
    left_s = np.minimum(left_line(rows.visits) / S, until_s)
    return float((left_s - rows.visits["joined"] / S).sum())


RUSH = lines.Parabola(1, 10, 100)
"""The peak and the total are those of ``C = 50``, at which nobody could come as the formula says
for the last second of the line: 50 + 13.7 x (10 - 13.7) is less than none."""


@both(compiled=200, readable=8)
def test_a_rush_hour(engine: Engine, launches: int) -> None:
    peak, end, total_s, _ = rush(engine, launches, RUSH, RUSH.clears_s, 100)
    assert peak.agrees_with(RUSH.line(RUSH.peak_s), bias=ONE_TOKEN)
    assert end.agrees_with(0.0, bias=ONE_TOKEN)
    assert total_s.agrees_with(RUSH.total_wait_s, bias=ONE_TOKEN * RUSH.clears_s)


@both(compiled=200, readable=8)
def test_the_longest_wait_of_a_rush_hour(engine: Engine, launches: int) -> None:
    theory = lines.Parabola(1, 10, 50)
    # He who is asked joins just after the peak.
    *_, longest = rush(engine, launches, theory, theory.peak_s + 1, 50)
    assert longest.agrees_with(theory.longest_wait_s, bias=ONE_TOKEN / theory.capacity)


def test_a_rush_hour_is_told_from_a_release_that_is_2_per_cent_faster() -> None:
    peak, end, total_s, _ = rush(Compiled(), 200, RUSH, RUSH.clears_s, 102)
    assert not peak.agrees_with(RUSH.line(RUSH.peak_s), bias=ONE_TOKEN)
    assert not end.agrees_with(0.0, bias=ONE_TOKEN)
    assert not total_s.agrees_with(RUSH.total_wait_s, bias=ONE_TOKEN * RUSH.clears_s)


# A crowd at the door ------------------------------------------------------------------------------

OPENS_S = 10.0
FIRST = 500


def at_the_door(
    engine: Engine, launches: int, theory: lines.Shuffled, *, shuffles: bool
) -> tuple[Sample, ...]:
    """Waits from the opening on of the crowd, of those who came to it first; when the line clears."""
    until_s = OPENS_S + 2 * theory.clears_s
    parts = [
        Component.of(0, [0, round(OPENS_S * S)], [theory.crowd]),
        along(lambda t: theory.arrival_rate * t, 2 * theory.clears_s, after_s=OPENS_S),
    ]
    system = line(theory.capacity, opens_s=OPENS_S, shuffles=shuffles)
    return sample(
        engine,
        ((timetable(parts, until_s, launch), system) for launch in range(launches)),
        crowd_waits_s,
        lambda rows: crowd_waits_s(rows) > theory.wait_quantile_s(0.95),
        lambda rows: crowd_waits_s(rows)[:FIRST],
        lambda rows: one(overtaken(rows)),
        lambda rows: one(clears_s(rows, OPENS_S) - OPENS_S),
    )


def crowd_waits_s(rows: Block) -> Floats:
    """In the order of joining."""
    visits = in_turn(rows)
    crowd = visits[visits["joined"] < OPENS_S * S]
    return np.asarray((crowd["let_in"] - OPENS_S * S) / S)


def overtaken(rows: Block) -> int:
    """How many of those behind the crowd are let in before somebody who joined before them."""
    visits = in_turn(rows)
    let_in = np.where(visits["let_in"] == UNKNOWN, np.iinfo(np.int64).max, visits["let_in"])
    late = visits["joined"] >= OPENS_S * S
    before = np.maximum.accumulate(let_in)
    return int((let_in < before)[late].sum())


@both(compiled=50, readable=8)
def test_a_shuffled_crowd(engine: Engine, launches: int) -> None:
    theory = lines.Shuffled(10_000 if engine.name == "compiled" else 1_000, 20, 50)
    waits, beyond, of_the_first, overtakings, clears = at_the_door(
        engine, launches, theory, shuffles=True
    )
    one_token_s = ONE_TOKEN / theory.capacity
    # The mean wait of a Poisson crowd is half of N (N - 1) / C over N: exact, but for a token.
    assert waits.agrees_with(theory.mean_wait_s, bias=one_token_s)
    assert of_the_first.agrees_with(theory.mean_wait_s, bias=one_token_s)
    # The share beyond a limit bends with N: to second order by Var(N) / N^2; and a token.
    assert beyond.agrees_with(0.05, bias=2 / theory.crowd)
    assert overtakings.agrees_with(0.0)
    # By Wald the mean is exact, but for a token.
    fall = theory.capacity - theory.arrival_rate
    assert clears.agrees_with(theory.clears_s, bias=ONE_TOKEN / fall)


def test_a_shuffled_crowd_is_told_from_one_that_is_called_as_it_came() -> None:
    theory = lines.Shuffled(10_000, 20, 50)
    waits, _, of_the_first, _, clears = at_the_door(Compiled(), 20, theory, shuffles=False)
    assert waits.agrees_with(theory.mean_wait_s, bias=ONE_TOKEN / theory.capacity)
    assert clears.agrees_with(theory.clears_s, bias=ONE_TOKEN)
    assert not of_the_first.agrees_with(theory.mean_wait_s, bias=ONE_TOKEN / theory.capacity)
