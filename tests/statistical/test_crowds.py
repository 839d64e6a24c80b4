"""Crowds before servers without end: present are Poisson, with a mean that follows the arrivals."""

from collections.abc import Callable

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.timetable.laws import Duration
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
from tests.statistical.reading import in_service_at, one

BLOCKS = 0.01
"""Blocks of half a second with a linear rate: a thousandth of a person each, ten service times."""


def served_at(
    engine: Engine,
    launches: int,
    arrived: Callable[[float], float],
    service: Duration,
    instants_s: list[float],
) -> tuple[Sample, ...]:
    """How many are served at each instant."""
    until_s = max(instants_s) + 0.001
    part = along(arrived, until_s)
    system = open_to(pool(WITHOUT_END, service))
    return sample(
        engine,
        ((timetable([part], until_s, launch), system) for launch in range(launches)),
        *(lambda rows, at_s=at_s: one(in_service_at(rows, at_s)) for at_s in instants_s),
    )


DECAY = crowds.DecayWithoutEnd(100, 60, 1)
FIXED = crowds.DecayFixedService(100, 60, 1)


@both(compiled=400, readable=8)
def test_a_decaying_crowd(engine: Engine, launches: int) -> None:
    instants_s = [DECAY.peak_s, DECAY.decay_s]
    for at_s, there in zip(
        instants_s,
        served_at(engine, launches, FIXED.arrived, exponential(1), instants_s),
        strict=True,
    ):
        assert there.agrees_with(DECAY.present(at_s), bias=BLOCKS)


@both(compiled=400, readable=8)
def test_a_decaying_crowd_with_a_fixed_service(engine: Engine, launches: int) -> None:
    instants_s = [FIXED.peak_s, FIXED.decay_s]
    for at_s, there in zip(
        instants_s,
        served_at(engine, launches, FIXED.arrived, Duration.fixed(S), instants_s),
        strict=True,
    ):
        assert there.agrees_with(FIXED.present(at_s), bias=BLOCKS)


def test_the_law_of_the_service_time_is_told_on_the_way_up() -> None:
    [there] = served_at(Compiled(), 400, FIXED.arrived, exponential(1), [FIXED.peak_s])
    assert not there.agrees_with(FIXED.present(FIXED.peak_s), bias=BLOCKS)
    [there] = served_at(Compiled(), 400, FIXED.arrived, Duration.fixed(S), [FIXED.peak_s])
    assert not there.agrees_with(DECAY.present(FIXED.peak_s), bias=BLOCKS)


WAVE = crowds.Wave(100, 0.5, 0.2617993877991494, 1)
PERIOD_S = 24.0
HEIGHT_S, RISE_S, DEPTH_S = WAVE.peak_s + PERIOD_S, PERIOD_S, WAVE.depth_s
"""Long after the beginning, of which e^-18 is left at the depth; halfway up the arrivals are at
their mean, and the number present is not yet."""


def arrived_in_waves(t: float) -> float:
    g = WAVE.frequency
    return WAVE.mean_rate * (t + WAVE.swing / g * (1 - float(np.cos(g * t))))


@both(compiled=400, readable=8)
def test_a_wave(engine: Engine, launches: int) -> None:
    instants_s = [DEPTH_S, RISE_S, HEIGHT_S]
    found = served_at(engine, launches, arrived_in_waves, exponential(1), instants_s)
    for at_s, there in zip(instants_s, found, strict=True):
        assert there.agrees_with(WAVE.present(at_s), bias=BLOCKS)


def test_a_wave_is_told_from_one_that_is_followed_without_lag() -> None:
    _, rising, _ = served_at(
        Compiled(), 400, arrived_in_waves, exponential(1), [DEPTH_S, RISE_S, HEIGHT_S]
    )
    assert not rising.agrees_with(WAVE.mean_rate / WAVE.service_rate, bias=BLOCKS)


@pytest.mark.parametrize("at_s", [DECAY.peak_s, DECAY.decay_s])
def test_a_crowd_has_the_spread_of_a_poisson_law(at_s: float) -> None:
    """The sample variance of n Poisson numbers of mean m is m, give or take
    ``sqrt(m (1 + 2 m) / n)``; beyond four of these the right model is once in 16,000."""
    [there] = served_at(Compiled(), 400, FIXED.arrived, exponential(1), [at_s])
    m, n = DECAY.present(at_s), len(there.sums)
    assert abs(there.sums.var(ddof=1) - m) < 4 * np.sqrt(m * (1 + 2 * m) / n)
