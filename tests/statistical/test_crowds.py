"""Crowds before servers without end: present are Poisson, with a mean that follows the arrivals."""

import functools
from collections.abc import Callable

import numpy as np

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.statistical.launching import (
    WITHOUT_END,
    S,
    Sample,
    along,
    both,
    exponential,
    open_to,
    pool,
    sample,
    timetable,
)
from tests.statistical.oracles import crowds
from tests.statistical.reading import in_service_at

BLOCKS = 0.01
"""Blocks of half a second with a linear rate: a thousandth of a person each, ten service times."""


@functools.cache
def served_at(
    kind: Callable[[], Engine],
    launches: int,
    arrived: Callable[[float], float],
    service: Duration,
    instants_s: tuple[float, ...],
) -> tuple[Sample, ...]:
    """How many are served at each instant; played once for all who ask."""
    until_s = max(instants_s) + 0.001
    part = along(arrived, until_s)
    system = open_to(pool(WITHOUT_END, service))
    return sample(
        kind(),
        ((timetable([part], until_s, launch), system) for launch in range(launches)),
        *(lambda rows, at_s=at_s: in_service_at(rows, at_s) for at_s in instants_s),
    )


MANY = 400
DECAY = crowds.DecayWithoutEnd(100, 60, 1)
FIXED = crowds.DecayFixedService(100, 60, 1)
AT_S = (DECAY.peak_s, FIXED.peak_s, DECAY.decay_s)


WAVE = crowds.Wave(100, 0.5, 0.2617993877991494, 1)
PERIOD_S = 24.0
LOW_RISING_HIGH_S = (WAVE.depth_s, PERIOD_S, WAVE.peak_s + PERIOD_S)
"""Long after the beginning, of which e^-18 is left at the depth; halfway up the arrivals are at
their mean, and the number present is not yet."""


def arrived_in_waves(t: float) -> float:
    g = WAVE.frequency
    return WAVE.mean_rate * (t + WAVE.swing / g * (1 - float(np.cos(g * t))))


@examples("theory, arrived, service, instants_s",
    ("a decay", DECAY, FIXED.arrived, exponential(1), AT_S),
    ("a decay with a fixed service", FIXED, FIXED.arrived, Duration.fixed(S), AT_S),
    ("a wave", WAVE, arrived_in_waves, exponential(1), LOW_RISING_HIGH_S),
)  # fmt: skip
@both(compiled=MANY, readable=8)
def test_a_crowd(
    engine: Engine,
    launches: int,
    theory: crowds.DecayWithoutEnd | crowds.DecayFixedService | crowds.Wave,
    arrived: Callable[[float], float],
    service: Duration,
    instants_s: tuple[float, ...],
) -> None:
    found = served_at(type(engine), launches, arrived, service, instants_s)
    for at_s, there in zip(instants_s, found, strict=True):
        assert there.agrees_with(theory.present(at_s), bias=BLOCKS)


def test_the_law_of_the_service_time_is_told_on_the_way_up() -> None:
    _, there, _ = served_at(Compiled, MANY, FIXED.arrived, exponential(1), AT_S)
    assert not there.agrees_with(FIXED.present(FIXED.peak_s), bias=BLOCKS)
    _, there, _ = served_at(Compiled, MANY, FIXED.arrived, Duration.fixed(S), AT_S)
    assert not there.agrees_with(DECAY.present(FIXED.peak_s), bias=BLOCKS)


def test_a_crowd_has_the_spread_of_a_poisson_law() -> None:
    """The sample variance of n Poisson numbers of mean m is m, give or take
    ``sqrt(m (1 + 2 m) / n)``; beyond four of these the right model is once in 16,000."""
    found = served_at(Compiled, MANY, FIXED.arrived, exponential(1), AT_S)
    for at_s, there in zip(AT_S, found, strict=True):
        m, n = DECAY.present(at_s), len(there.sums)
        assert abs(there.sums.var(ddof=1) - m) < 4 * np.sqrt(m * (1 + 2 * m) / n)


def test_a_wave_is_told_from_one_that_is_followed_without_lag() -> None:
    _, rising, _ = served_at(Compiled, MANY, arrived_in_waves, exponential(1), LOW_RISING_HIGH_S)
    assert not rising.agrees_with(WAVE.mean_rate / WAVE.service_rate, bias=BLOCKS)
