"""The line against its fluid: surges that decay, and a pulse that some leave."""

import math

import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate
from simulator.timetable.demand import Component
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.statistical.launching import ONE_TOKEN, S, Sample, along, both, line, sample, timetable
from tests.statistical.oracles import lines
from tests.statistical.reading import clears_s, in_line_s, let_in, line_at, one, wait_from_s

# Surges that decay --------------------------------------------------------------------------------

Decay = lines.ExponentialDecay | lines.PowerDecay


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
        lambda rows: one(in_line_s(let_in(rows)).max()),
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
    lambda)^3`` early, where ``-lambda'`` is at most ``2 lambda / tau`` in either decay.
    """
    fall = theory.capacity - last_rate(theory)
    bend = last_rate(theory) / theory.decay_s * 2
    return float(ONE_TOKEN / fall + bend * theory.arrived(theory.clears_s) / (2 * fall**3))


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
    return float((rise + ONE_TOKEN) / theory.capacity)


DECAYS = [
    pytest.param(lines.ExponentialDecay, id="exponential"),
    pytest.param(lines.PowerDecay, id="power"),
]


@pytest.mark.parametrize("shape", DECAYS)
@both(compiled=100, readable=8)
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
def test_a_surge_is_told_from_a_release_that_is_5_per_cent_faster(shape: type[Decay]) -> None:
    theory = shape(100, 60, 20)
    rising, peak, falling, clears, wait, longest, total = decaying(Compiled(), 100, theory, 21)
    middle_s = (theory.peak_s + theory.clears_s) / 2
    assert not rising.agrees_with(theory.line(theory.peak_s / 2), bias=ONE_TOKEN)
    assert not peak.agrees_with(theory.line(theory.peak_s), bias=ONE_TOKEN)
    assert not falling.agrees_with(theory.line(middle_s), bias=ONE_TOKEN)
    assert not clears.agrees_with(theory.clears_s, bias=clearing_bias_s(theory))
    assert not wait.agrees_with(theory.longest_wait_s, bias=ONE_TOKEN / theory.capacity)
    assert not longest.agrees_with(theory.longest_wait_s, bias=longest_wait_bias_s(theory))
    assert total.agrees_with(theory.arrived(math.ceil(1.4 * theory.clears_s)))


# A pulse that some leave --------------------------------------------------------------------------


def steadily(theory: lines.Pulse, launch: int) -> Timetable:
    until_s = theory.for_s + 2 * theory.clears_after_s
    for_ns = round(theory.for_s * S)
    part = Component.of(0, [0, for_ns], [theory.arrival_rate * theory.for_s])
    return timetable([part], until_s, launch)


def pulse(
    engine: Engine, launches: int, theory: lines.Pulse, patience: Duration
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


def pulse_bias_s(theory: lines.Pulse) -> float:
    """Of the clearing: a token's time, and the bend of the logarithm over the spread of the line.

    ``f(Q) = ln(1 + theta Q / C) / theta`` bends by ``f'' = -theta / (C + theta Q)^2``; the variance
    of the line is at most that of its arrivals.
    """
    falls = theory.capacity + theory.patience_rate * theory.longest
    spread = theory.arrival_rate * theory.for_s
    return ONE_TOKEN / theory.capacity + theory.patience_rate / falls**2 * spread / 2


@both(compiled=50, readable=8)
def test_a_pulse_that_some_leave(engine: Engine, launches: int) -> None:
    theory = lines.Pulse(100, 60, 0.01, 120 if engine.name == "compiled" else 25)
    patience = Duration.exponential(S / theory.patience_rate)
    peak, clears, served, lost = pulse(engine, launches, theory, patience)
    bias_s = pulse_bias_s(theory)
    assert peak.agrees_with(theory.longest, bias=ONE_TOKEN)
    assert clears.agrees_with(theory.clears_after_s, bias=bias_s)
    # Who is let in later than the fluid clears is one who is not lost.
    assert served.agrees_with(theory.served, bias=ONE_TOKEN + theory.capacity * bias_s)
    assert lost.agrees_with(theory.lost, bias=ONE_TOKEN + theory.capacity * bias_s)


def test_the_pulse_is_told_from_a_fixed_patience_of_the_same_mean() -> None:
    theory = lines.Pulse(100, 60, 0.01, 120)
    peak, clears, served, lost = pulse(Compiled(), 50, theory, Duration.fixed(100 * S))
    bias_s = pulse_bias_s(theory)
    assert not peak.agrees_with(theory.longest, bias=ONE_TOKEN)
    assert not clears.agrees_with(theory.clears_after_s, bias=bias_s)
    assert not served.agrees_with(theory.served, bias=ONE_TOKEN + theory.capacity * bias_s)
    assert not lost.agrees_with(theory.lost, bias=ONE_TOKEN + theory.capacity * bias_s)
