"""The line against its fluid: surges that decay, and a pulse that some leave."""

import math

import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate
from simulator.timetable.demand import Component
from simulator.timetable.laws import Duration
from tests.statistical.launching import ONE_TOKEN, S, Theory, along, both, line, timetable, unlike
from tests.statistical.oracles import lines
from tests.statistical.reading import Figure, clears_s, in_line_s, let_in, line_at, wait_from_s

# Surges that decay --------------------------------------------------------------------------------

Decay = lines.ExponentialDecay | lines.PowerDecay


def standing_at(at_s: float) -> Figure:
    return lambda rows: line_at(rows, at_s)


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


def off(engine: Engine, launches: int, theory: Decay, rate_per_s: float) -> set[str]:
    """Which are off: the line rising, at its peak and falling; when it clears; waits; the total."""
    until_s, peak_s = math.ceil(1.4 * theory.clears_s), theory.peak_s
    part = along(theory.arrived, until_s)
    played = ((timetable([part], until_s, launch), line(rate_per_s)) for launch in range(launches))
    instants_s = {"rising": peak_s / 2, "peak": peak_s, "falling": (peak_s + theory.clears_s) / 2}
    lengths = {
        name: Theory(standing_at(at_s), theory.line(at_s), ONE_TOKEN)
        for name, at_s in instants_s.items()
    }
    longest_s, one_token_s = theory.longest_wait_s, ONE_TOKEN / theory.capacity
    return unlike(engine, played, {
        **lengths,
        "clears": Theory(lambda rows: clears_s(rows, peak_s), theory.clears_s, clearing_bias_s(theory)),
        "wait": Theory(lambda rows: wait_from_s(rows, peak_s), longest_s, one_token_s),
        "longest": Theory(lambda rows: in_line_s(let_in(rows)).max(), longest_s, longest_wait_bias_s(theory)),
        "total": Theory(lambda rows: len(rows.visits), theory.arrived(until_s)),
    })  # fmt: skip


@pytest.mark.parametrize("shape", DECAYS)
@both(compiled=100, readable=8)
def test_a_surge_that_decays(engine: Engine, launches: int, shape: type[Decay]) -> None:
    theory = shape(100, 60 if engine.name == "compiled" else 20, 20)
    assert not off(engine, launches, theory, 20)


@pytest.mark.parametrize("shape", DECAYS)
def test_a_surge_is_told_from_a_release_that_is_5_per_cent_faster(shape: type[Decay]) -> None:
    found = off(Compiled(), 100, shape(100, 60, 20), 21)
    assert found == {"rising", "peak", "falling", "clears", "wait", "longest"}


# A pulse that some leave --------------------------------------------------------------------------


def pulse_bias_s(theory: lines.Pulse) -> float:
    """Of the clearing: a token's time, and the bend of the logarithm over the spread of the line.

    ``f(Q) = ln(1 + theta Q / C) / theta`` bends by ``f'' = -theta / (C + theta Q)^2``; the variance
    of the line is at most that of its arrivals.
    """
    falls = theory.capacity + theory.patience_rate * theory.longest
    spread = theory.arrival_rate * theory.for_s
    return ONE_TOKEN / theory.capacity + theory.patience_rate / falls**2 * spread / 2


def off_pulse(engine: Engine, launches: int, theory: lines.Pulse, patience: Duration) -> set[str]:
    """Which are off: the line as the pulse ends, when it clears, who was served, who was lost."""
    for_s, until_s = theory.for_s, theory.for_s + 2 * theory.clears_after_s
    part = Component.of(0, [0, round(for_s * S)], [theory.arrival_rate * for_s])
    system = line(theory.capacity, patience)
    played = ((timetable([part], until_s, launch), system) for launch in range(launches))
    bias_s = pulse_bias_s(theory)
    # Who is let in later than the fluid clears is one who is not lost.
    bias = ONE_TOKEN + theory.capacity * bias_s
    return unlike(engine, played, {
        "peak": Theory(standing_at(for_s), theory.longest, ONE_TOKEN),
        "clears": Theory(lambda rows: clears_s(rows, for_s) - for_s, theory.clears_after_s, bias_s),
        "served": Theory(lambda rows: (rows.visits["fate"] == Fate.SERVED).sum(), theory.served, bias),
        "lost": Theory(lambda rows: (rows.visits["fate"] == Fate.RENEGED).sum(), theory.lost, bias),
    })  # fmt: skip


@both(compiled=50, readable=8)
def test_a_pulse_that_some_leave(engine: Engine, launches: int) -> None:
    theory = lines.Pulse(100, 60, 0.01, 120 if engine.name == "compiled" else 25)
    assert not off_pulse(engine, launches, theory, Duration.exponential(S / theory.patience_rate))


def test_the_pulse_is_told_from_a_fixed_patience_of_the_same_mean() -> None:
    found = off_pulse(Compiled(), 50, lines.Pulse(100, 60, 0.01, 120), Duration.fixed(100 * S))
    assert found == {"peak", "clears", "served", "lost"}
