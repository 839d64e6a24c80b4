"""Equal nights are seldom called changed, though machines have their days; a slower one is found.

A night's figure is the luck of its people and services, which simulations know, and the machine of
that night, which they do not. Of many weeks of equal nights at most one in twenty may end in a change;
the band is that of the binomial law, which such a share leaves upwards once in 1,000 times.
"""

import math

import numpy as np
import pytest
from scipy import stats

from simulator.outcomes.figures.compared.change import REAL, changes_of
from simulator.outcomes.figures.compared.difference import Difference
from simulator.outcomes.figures.compared.direction import direction_of
from simulator.outcomes.figures.compared.once import of_two
from simulator.outcomes.figures.compared.replays import Seen, of_replays
from simulator.outcomes.figures.reading import Reading

WEEKS, FIGURES = 150, 12
LUCK, MACHINE = 0.02, 0.03
"""Shares of a figure: standard deviations of either, beside a mean of 1 s."""
OF_SEED = 0.2
"""And of what a seed's people make of it."""


def nights(
    draw: np.random.Generator, seeds: list[int], of_seed: np.ndarray, slower: float = 0.0
) -> list[list[Seen]]:
    """Of each figure, a night for each seed: the machine moves all figures of a night together."""
    found: list[list[Seen]] = [[] for _ in range(FIGURES)]
    for seed in seeds:
        machine = draw.normal(0.0, MACHINE)
        values = 1.0 + slower + of_seed[seed] + machine + draw.normal(0.0, LUCK, FIGURES)
        for figure, value in zip(found, values, strict=True):
            figure.append(Seen(seed, Reading(float(value), 1000)))
    return found


def changed(found: list[Difference]) -> bool:
    return bool(REAL & set(changes_of(found, [direction_of("errors")] * len(found))))


def of_weeks(old: list[int], new: list[int], slower: float = 0.0) -> tuple[int, int, int]:
    """In how many weeks any figure is called changed: by replays, by simulations, and seed by seed mixed up."""
    draw = np.random.default_rng(20261129)
    by_replays = by_simulations = mixed = 0
    for _ in range(WEEKS):
        of_seed = draw.normal(0.0, OF_SEED, (max(old + new) + 1, FIGURES))
        before, after = nights(draw, old, of_seed), nights(draw, new, of_seed, slower)
        simulated = [Reading(float(one), 1000) for one in 1.0 + draw.normal(0.0, LUCK, 60)]
        pairs = list(zip(before, after, strict=True))
        by_replays += changed([of_replays(a, b, simulated, simulated, unit="s") for a, b in pairs])
        by_simulations += changed(
            [of_two(a[-1].reading, b[-1].reading, simulated, simulated, unit="s") for a, b in pairs]
        )
        mixed += changed(
            [of_replays(alike(a), alike(b), simulated, simulated, unit="s") for a, b in pairs]
        )
    return by_replays, by_simulations, mixed


def alike(side: list[Seen]) -> list[Seen]:
    """The wrong way: as if all had the same people."""
    return [Seen(0, one.reading) for one in side]


MOST = int(stats.binom.ppf(0.999, WEEKS, 0.05))


@pytest.mark.parametrize(("old", "new"), [([0] * 6, [0]), ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])])
def test_equal_nights_are_seldom_called_changed_and_by_simulations_alone_often_would_be(
    old: list[int], new: list[int]
) -> None:
    by_replays, by_simulations, _ = of_weeks(old, new)
    assert by_replays <= MOST < by_simulations


def test_a_slower_night_is_found_by_its_seeds_and_not_among_other_peoples() -> None:
    """Five pairs of nights, a fifth slower.

    A figure is called a change at least where its own probability is below 0.05 / 12 (Holm's first
    step), and none is where none of the twelve is. Its ``t`` is Student's, off its centre by the
    change in standard errors, with 4 degrees of freedom in pairs and 8 mixed up.
    """
    slower, pairs, level = 0.2, 5, 0.05 / FIGURES / 2
    by_pairs = MACHINE**2 + LUCK**2
    power = power_of(slower / math.sqrt(2 * by_pairs / pairs), pairs - 1, level)
    at_most = FIGURES * power_of(
        slower / math.sqrt(2 * (by_pairs + OF_SEED**2) / pairs), 2 * pairs - 2, level
    )
    assert at_most < power
    by_replays, _, mixed = of_weeks([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], slower)
    assert by_replays >= stats.binom.ppf(0.001, WEEKS, power)
    assert mixed <= stats.binom.ppf(0.999, WEEKS, at_most)


def power_of(off: float, freedom: int, level: float) -> float:
    """How often Student's ``t`` is beyond the level on one side, so many errors off its centre."""
    return float(stats.nct.sf(stats.t.isf(level, freedom), freedom, off))
