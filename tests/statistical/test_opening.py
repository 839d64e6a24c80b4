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
    Theory,
    along,
    at_once,
    both,
    line,
    timetable,
    unlike,
)
from tests.statistical.oracles import lines
from tests.statistical.reading import clears_s, in_turn, left_line, line_at, wait_from_s

# A rush hour --------------------------------------------------------------------------------------

STANDING = 250
"""A rush that begins with the line's capacity begins at the edge of a line: a random one stands
above its fluid there, because it cannot be shorter than nobody. It stands on a crowd instead, which
is taken off again; six standard deviations of the arrivals are sqrt(1500) x 6 = 232."""


def off(
    engine: Engine, launches: int, theory: lines.Parabola, until_s: float, rate_per_s: float
) -> set[str]:
    """Which are off, beyond the standing crowd: the line at its peak and at the end; waits."""
    parts = [along(theory.arrived, until_s), at_once(0, 0, STANDING)]
    closes_s, peak_s = 3 * until_s, theory.peak_s
    played = ((timetable(parts, closes_s, launch), line(rate_per_s)) for launch in range(launches))
    longest_s = theory.longest_wait_s
    return unlike(engine, played, {
        "peak": Theory(lambda rows: line_at(rows, peak_s) - standing(rows), theory.line(peak_s), ONE_TOKEN),
        "end": Theory(lambda rows: line_at(rows, until_s - 1e-9) - standing(rows), 0.0, ONE_TOKEN),
        "total": Theory(lambda rows: person_seconds(rows, until_s) - standing(rows) * until_s,
                        theory.total_wait_s, ONE_TOKEN * theory.clears_s),
        "longest": Theory(lambda rows: wait_from_s(rows, peak_s) - standing(rows) / theory.capacity,
                          longest_s, ONE_TOKEN / theory.capacity),
    })  # fmt: skip


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
    assert not off(engine, launches, RUSH, RUSH.clears_s, 100)


@both(compiled=200, readable=8)
def test_the_longest_wait_of_a_rush_hour(engine: Engine, launches: int) -> None:
    theory = lines.Parabola(1, 10, 50)
    # He who is asked joins just after the peak.
    assert "longest" not in off(engine, launches, theory, theory.peak_s + 1, 50)


def test_a_rush_hour_is_told_from_a_release_that_is_2_per_cent_faster() -> None:
    found = off(Compiled(), 200, RUSH, RUSH.clears_s, 102)
    assert found >= {"peak", "end", "total"}


# A crowd at the door ------------------------------------------------------------------------------

OPENS_S = 10.0
FIRST = 500


def off_at_the_door(
    engine: Engine, launches: int, theory: lines.Shuffled, *, shuffles: bool
) -> set[str]:
    """Which are off: waits of the crowd from the opening on, and of its first; when it clears."""
    until_s = OPENS_S + 2 * theory.clears_s
    parts = [
        Component.of(0, [0, round(OPENS_S * S)], [theory.crowd]),
        along(lambda t: theory.arrival_rate * t, 2 * theory.clears_s, after_s=OPENS_S),
    ]
    system = line(theory.capacity, opens_s=OPENS_S, shuffles=shuffles)
    played = ((timetable(parts, until_s, launch), system) for launch in range(launches))
    # The mean wait of a Poisson crowd is half of N (N - 1) / C over N: exact, but for a token.
    mean_s, one_token_s = theory.mean_wait_s, ONE_TOKEN / theory.capacity
    p95_s, fall = theory.wait_quantile_s(0.95), theory.capacity - theory.arrival_rate
    return unlike(engine, played, {
        "waits": Theory(crowd_waits_s, mean_s, one_token_s),
        "first": Theory(lambda rows: crowd_waits_s(rows)[:FIRST], mean_s, one_token_s),
        # The share beyond a limit bends with N: to second order by Var(N) / N^2; and a token.
        "beyond p95": Theory(lambda rows: crowd_waits_s(rows) > p95_s, 0.05, 2 / theory.crowd),
        "overtakings": Theory(overtaken, 0.0),
        # By Wald the mean is exact, but for a token.
        "clears": Theory(lambda rows: clears_s(rows, OPENS_S) - OPENS_S, theory.clears_s, ONE_TOKEN / fall),
    })  # fmt: skip


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
    assert not off_at_the_door(engine, launches, theory, shuffles=True)


def test_a_shuffled_crowd_is_told_from_one_that_is_called_as_it_came() -> None:
    found = off_at_the_door(Compiled(), 20, lines.Shuffled(10_000, 20, 50), shuffles=False)
    assert found == {"first"}
