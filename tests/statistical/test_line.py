"""The line against its fluid: surges that decay, a rush hour, a crowd at the door, and a pulse.

What a fluid does not know is the first token, which lies in the bucket at the opening. While the
line is not empty, ``1 + floor((t - a) C)`` have been let in by ``t``, where ``a`` is the first
arrival, on average ``1 / lambda(0)`` after the opening: within one person of ``C t``.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from simulator.compiled import Compiled
from simulator.demand import Component, Floats
from simulator.duration import Duration
from simulator.engine import Engine
from simulator.outcomes import UNKNOWN, Block, Fate, Rows
from simulator.system import Policy, System, TokenBucket, Waitlist
from simulator.timetable import Timetable
from tests.statistical import fluids
from tests.statistical.launching import (
    AMPLE,
    S,
    Sample,
    along,
    at_once,
    both,
    open_to,
    sample,
    timetable,
)
from tests.statistical.reading import in_line_s, left_line, line_at, one

ONE_TOKEN = 1.0


def line(
    rate_per_s: float,
    patience: Duration | None = None,
    *,
    opens_s: float = 0.0,
    shuffles: bool = False,
) -> System:
    """A line before a station that is never busy."""
    system = open_to(AMPLE)
    return replace(
        system,
        people=tuple(
            replace(group, patience=patience or Duration.never()) for group in system.people
        ),
        waitlist=Waitlist(
            policy=Policy.FIFO,
            release=TokenBucket.at_rate(rate_per_s),
            opens_ns=round(opens_s * S),
            shuffles=shuffles,
        ),
    )


def in_turn(rows: Block) -> Rows:
    """Everybody in the order of joining."""
    return rows.visits[np.argsort(rows.visits["joined"], kind="stable")]


def clears_s(rows: Block, after_s: float) -> float:
    """When the line is empty for the first time after that instant."""
    visits = in_turn(rows)
    all_left = np.maximum.accumulate(left_line(visits))
    next_joins = np.append(visits["joined"][1:], np.iinfo(np.int64).max)
    empty = (all_left <= next_joins) & (all_left >= after_s * S)
    return float(all_left[np.argmax(empty)] / S)


def wait_from_s(rows: Block, at_s: float) -> float:
    """How long the first one waits who joins at that instant or later."""
    visits = in_turn(rows)
    return float(in_line_s(visits)[np.searchsorted(visits["joined"], at_s * S)])


# Surges that decay --------------------------------------------------------------------------------

Decay = fluids.ExponentialDecay | fluids.PowerDecay


def decaying(engine: Engine, launches: int, theory: Decay, rate_per_s: float) -> tuple[Sample, ...]:
    """The line on its way up, at its peak, and on its way down; when it clears; waits; the total."""
    until_s = math.ceil(1.4 * theory.clears_s)
    part = along(theory.arrived, until_s)
    instants_s = (theory.peak_s / 2, theory.peak_s, (theory.peak_s + theory.clears_s) / 2)
    return sample(
        engine,
        ((timetable([part], until_s, launch), line(rate_per_s)) for launch in range(launches)),
        *(lambda rows, at_s=at_s: one(line_at(rows, at_s)) for at_s in instants_s),
        lambda rows: one(clears_s(rows, theory.peak_s)),
        lambda rows: one(wait_from_s(rows, theory.peak_s)),
        lambda rows: one(in_line_s(rows.visits).max()),
        lambda rows: one(len(rows.visits)),
    )


def last_rate(theory: Decay) -> float:
    """The arrival rate at the instant at which the line clears."""
    before_s = theory.clears_s - 0.5
    return theory.arrived(before_s + 1) - theory.arrived(before_s)


def clearing_bias_s(theory: Decay) -> float:
    """A token, at the rate at which the line then falls, and the bend of the arrivals.

    The line is at zero when a random number of variance Lambda(t) is made up for by a fall of
    ``C - lambda``, which still grows: to second order the mean is ``lambda' Lambda / 2 (C -
    lambda)^3`` early.
    """
    fall = theory.capacity - last_rate(theory)
    bend = last_rate(theory) / theory.decay_s * 2
    return ONE_TOKEN / fall + bend * theory.arrived(theory.clears_s) / (2 * fall**3)


def longest_wait_bias_s(theory: Decay) -> float:
    """The longest wait is of the highest point of a random path, not of the path of the means.

    Around a peak of curvature ``-b`` a path of variance ``s^2`` a second rises by
    ``0.996 s^(4/3) / b^(1/3)`` more. Here arrivals are random, so that ``s^2 = C``.

    Source: Daniels and Skyrme 1985, "The maximum of a random walk whose mean path has a maximum".
    """
    h = 1.0
    peak = theory.peak_s
    bend = (2 * theory.line(peak) - theory.line(peak - h) - theory.line(peak + h)) / h**2
    rise = 0.996 * theory.capacity ** (2 / 3) / bend ** (1 / 3)
    return (rise + ONE_TOKEN) / theory.capacity


DECAYS = [
    pytest.param(fluids.ExponentialDecay, id="exponential"),
    pytest.param(fluids.PowerDecay, id="power"),
]


@pytest.mark.parametrize("shape", DECAYS)
@both(compiled=200, readable=8)
def test_a_surge_that_decays(engine: Engine, launches: int, shape: type[Decay]) -> None:
    theory = shape(100, 60 if engine.name == "compiled" else 20, 20)
    rising, peak, falling, clears, wait, longest, total = decaying(engine, launches, theory, 20)
    middle_s = (theory.peak_s + theory.clears_s) / 2
    assert rising.agrees_with(theory.line(theory.peak_s / 2), bias=ONE_TOKEN)
    assert peak.agrees_with(theory.line(theory.peak_s), bias=ONE_TOKEN)
    assert falling.agrees_with(theory.line(middle_s), bias=ONE_TOKEN)
    assert clears.agrees_with(theory.clears_s, bias=clearing_bias_s(theory))
    assert wait.agrees_with(theory.longest_wait_s, bias=ONE_TOKEN / theory.capacity)
    assert longest.agrees_with(theory.longest_wait_s, bias=longest_wait_bias_s(theory))
    assert total.agrees_with(theory.arrived(math.ceil(1.4 * theory.clears_s)))


@pytest.mark.parametrize("shape", DECAYS)
def test_a_surge_is_told_from_a_release_that_is_2_per_cent_faster(shape: type[Decay]) -> None:
    theory = shape(100, 60, 20)
    rising, peak, falling, clears, wait, longest, _ = decaying(Compiled(), 200, theory, 20.4)
    assert not rising.agrees_with(theory.line(theory.peak_s / 2), bias=ONE_TOKEN)
    assert not peak.agrees_with(theory.line(theory.peak_s), bias=ONE_TOKEN)
    assert not clears.agrees_with(theory.clears_s, bias=clearing_bias_s(theory))
    assert not wait.agrees_with(theory.longest_wait_s, bias=ONE_TOKEN / theory.capacity)


# A rush hour --------------------------------------------------------------------------------------

STANDING = 250
"""A rush that begins with the line's capacity begins at the edge of a line: a random one stands
above its fluid there, because it cannot be shorter than nobody. It stands on a crowd instead, which
is taken off again; six standard deviations of the arrivals are sqrt(1500) x 6 = 232."""


def rush(
    engine: Engine, launches: int, theory: fluids.Parabola, until_s: float, rate_per_s: float
) -> tuple[Sample, ...]:
    """Beyond the standing crowd: the line at its peak and at the end, the total wait; a wait."""
    parts = [along(theory.arrived, until_s), at_once(0, 0, STANDING)]
    return sample(
        engine,
        ((timetable(parts, until_s, launch), line(rate_per_s)) for launch in range(launches)),
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


RUSH = fluids.Parabola(1, 10, 100)
"""The peak and the total are those of ``C = 50``, at which nobody could come as the formula says
for the last second of the line: 50 + 13.7 x (10 - 13.7) is less than none."""


@both(compiled=400, readable=10)
def test_a_rush_hour(engine: Engine, launches: int) -> None:
    peak, end, total_s, _ = rush(engine, launches, RUSH, RUSH.clears_s, 100)
    assert peak.agrees_with(RUSH.line(RUSH.peak_s), bias=ONE_TOKEN)
    assert end.agrees_with(0.0, bias=ONE_TOKEN)
    assert total_s.agrees_with(RUSH.total_wait_s, bias=ONE_TOKEN * RUSH.clears_s)


@both(compiled=400, readable=10)
def test_the_longest_wait_of_a_rush_hour(engine: Engine, launches: int) -> None:
    theory = fluids.Parabola(1, 10, 50)
    # He who is asked joins just after the peak.
    *_, longest = rush(engine, launches, theory, theory.peak_s + 1, 50)
    assert longest.agrees_with(theory.longest_wait_s, bias=ONE_TOKEN / theory.capacity)


def test_a_rush_hour_is_told_from_a_release_that_is_2_per_cent_faster() -> None:
    peak, end, total_s, _ = rush(Compiled(), 400, RUSH, RUSH.clears_s, 102)
    assert not peak.agrees_with(RUSH.line(RUSH.peak_s), bias=ONE_TOKEN)
    assert not end.agrees_with(0.0, bias=ONE_TOKEN)
    assert not total_s.agrees_with(RUSH.total_wait_s, bias=ONE_TOKEN * RUSH.clears_s)


# A crowd at the door ------------------------------------------------------------------------------

OPENS_S = 10.0
FIRST = 500


def at_the_door(
    engine: Engine, launches: int, theory: fluids.Shuffled, *, shuffles: bool
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
    theory = fluids.Shuffled(10_000 if engine.name == "compiled" else 1_000, 20, 50)
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
    theory = fluids.Shuffled(10_000, 20, 50)
    waits, _, of_the_first, _, clears = at_the_door(Compiled(), 20, theory, shuffles=False)
    assert waits.agrees_with(theory.mean_wait_s, bias=ONE_TOKEN / theory.capacity)
    assert clears.agrees_with(theory.clears_s, bias=ONE_TOKEN)
    assert not of_the_first.agrees_with(theory.mean_wait_s, bias=ONE_TOKEN / theory.capacity)


# A pulse that some leave --------------------------------------------------------------------------


def steadily(theory: fluids.Pulse, launch: int) -> Timetable:
    until_s = theory.for_s + 2 * theory.clears_after_s
    for_ns = round(theory.for_s * S)
    part = Component.of(0, [0, for_ns], [theory.arrival_rate * theory.for_s])
    return timetable([part], until_s, launch)


def pulse(
    engine: Engine, launches: int, theory: fluids.Pulse, patience: Duration
) -> tuple[Sample, ...]:
    """The line as the pulse ends, when it clears after that, who was served, and who was lost."""
    system = line(theory.capacity, patience)
    return sample(
        engine,
        ((steadily(theory, launch), system) for launch in range(launches)),
        lambda rows: one(line_at(rows, theory.for_s)),
        lambda rows: one(clears_s(rows, theory.for_s) - theory.for_s),
        lambda rows: one((rows.visits["fate"] == Fate.SERVED).sum()),
        lambda rows: one((rows.visits["fate"] == Fate.RENEGED).sum()),
    )


def pulse_bias_s(theory: fluids.Pulse) -> float:
    """Of the clearing: a token's time, and the bend of the logarithm over the spread of the line.

    ``f(Q) = ln(1 + theta Q / C) / theta`` bends by ``f'' = -theta / (C + theta Q)^2``; the variance
    of the line is at most that of its arrivals.
    """
    falls = theory.capacity + theory.patience_rate * theory.longest
    spread = theory.arrival_rate * theory.for_s
    return ONE_TOKEN / theory.capacity + theory.patience_rate / falls**2 * spread / 2


@both(compiled=100, readable=8)
def test_a_pulse_that_some_leave(engine: Engine, launches: int) -> None:
    theory = fluids.Pulse(100, 60, 0.01, 120 if engine.name == "compiled" else 25)
    patience = Duration.exponential(S / theory.patience_rate)
    peak, clears, served, lost = pulse(engine, launches, theory, patience)
    bias_s = pulse_bias_s(theory)
    assert peak.agrees_with(theory.longest, bias=ONE_TOKEN)
    assert clears.agrees_with(theory.clears_after_s, bias=bias_s)
    # Who is let in later than the fluid clears is one who is not lost.
    assert served.agrees_with(theory.served, bias=ONE_TOKEN + theory.capacity * bias_s)
    assert lost.agrees_with(theory.lost, bias=ONE_TOKEN + theory.capacity * bias_s)


def test_the_pulse_is_told_from_a_fixed_patience_of_the_same_mean() -> None:
    theory = fluids.Pulse(100, 60, 0.01, 120)
    peak, clears, served, lost = pulse(Compiled(), 100, theory, Duration.fixed(100 * S))
    bias_s = pulse_bias_s(theory)
    assert not peak.agrees_with(theory.longest, bias=ONE_TOKEN)
    assert not clears.agrees_with(theory.clears_after_s, bias=bias_s)
    assert not served.agrees_with(theory.served, bias=ONE_TOKEN + theory.capacity * bias_s)
    assert not lost.agrees_with(theory.lost, bias=ONE_TOKEN + theory.capacity * bias_s)
