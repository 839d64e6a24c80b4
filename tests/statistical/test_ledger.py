"""The interval of a ledger's coverage holds what it says, although the figures of a launch go together."""

import numpy as np
import pytest
from scipy import stats

from simulator.outcomes.figures.score import CONFIDENCE, interval

LEDGERS = 1_000
LEAST = int(stats.binom.ppf(0.001, LEDGERS, CONFIDENCE))
"""Of an interval that holds 95 %, fewer hold the truth once in 1,000 times: 927."""
FIGURES = 12


def ledgers(launches: int, share: float, alike: float) -> list[list[tuple[int, int]]]:
    """Launches whose figures lie in their bands with a chance of their own, of the given mean.

    ``alike`` is the correlation of two figures of one launch: a beta-binomial law.
    """
    random = np.random.default_rng(launches)
    strength = 1 / alike - 1
    chances = random.beta(share * strength, (1 - share) * strength, (LEDGERS, launches))
    return [[(int(n), FIGURES) for n in row] for row in random.binomial(FIGURES, chances)]


@pytest.mark.parametrize("launches", [5, 20, 60])
@pytest.mark.parametrize("share", [0.95, 0.8])
def test_the_interval_holds_the_true_share(launches: int, share: float) -> None:
    held = [low <= share <= high for low, high in map(interval, ledgers(launches, share, 0.2))]

    assert sum(held) >= LEAST


def test_an_interval_of_independent_figures_would_not() -> None:
    def naive(counts: list[tuple[int, int]]) -> bool:
        within, of = sum(a for a, _ in counts), sum(b for _, b in counts)
        low, high = stats.binomtest(within, of).proportion_ci(CONFIDENCE, "exact")
        return bool(low <= 0.8 <= high)

    assert sum(map(naive, ledgers(20, 0.8, 0.2))) < LEAST
