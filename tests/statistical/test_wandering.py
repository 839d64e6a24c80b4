"""The course of a wandering station has the law that its file says.

Tolerances are of four standard errors, which chance alone exceeds once in 16,000 times.
"""

import math

import numpy as np
import pytest

from simulator.system.wandering import MOST_STEPS, Wandering
from simulator.units import NS_PER_S, Floats

LAUNCHES, SD, OVER_S = 4_000, 0.3, 20
Z = 4.0


def courses(over_s: float = OVER_S, end_s: int = 100) -> Floats:
    """Logarithms of the factors: a row a launch."""
    found = Wandering(key="station.web.drift", name="web", sd=SD, over_ns=round(over_s * NS_PER_S))
    return np.log([found.pace(7, launch, end_s * NS_PER_S).factors for launch in range(LAUNCHES)])


def correlated(logs: Floats, lag: int) -> tuple[float, float]:
    """The correlation of two instants over launches, and its standard error by Fisher's transform."""
    found = float(np.corrcoef(logs[:, 0], logs[:, lag])[0, 1])
    return found, (1 - found**2) / math.sqrt(LAUNCHES - 3)


def test_the_mean_of_the_factor_is_one_at_each_instant() -> None:
    factors = np.exp(courses())
    errors = factors.std(axis=0) / math.sqrt(LAUNCHES)

    assert (abs(factors.mean(axis=0) - 1) < Z * errors).all()


def test_its_spread_is_the_same_from_the_opening_to_the_end() -> None:
    spread = courses().std(axis=0, ddof=1)

    assert spread == pytest.approx(SD, abs=Z * SD / math.sqrt(2 * (LAUNCHES - 1)))


@pytest.mark.parametrize("lag", [1, 4, 12])
def test_what_is_left_of_it_falls_exponentially(lag: int) -> None:
    """A quarter of ``over`` is a step."""
    found, error = correlated(courses(), lag)

    assert found == pytest.approx(math.exp(-lag / 4), abs=Z * error)


def test_independent_factors_would_fail() -> None:
    """White noise of the same spread."""
    logs = np.random.default_rng(1).normal(0, SD, (LAUNCHES, 20))
    found, error = correlated(logs, 4)

    assert abs(found - math.exp(-1)) > Z * error


@pytest.mark.parametrize("u", [0.26, 1.0, 4.0, 16.0])
def test_of_a_long_horizon_each_step_has_the_mean_over_it(u: float) -> None:
    """Variance and correlation of neighbours are those of means over steps of ``u`` times ``over``.

    A course of n correlated steps knows its variance as well as n (1 - r) / (1 + r) independent ones, r
    being the squared correlation of neighbours, and its correlation to sqrt(1 - r) / sqrt(n).
    """
    over_s = 100
    end_s = round(u * over_s * MOST_STEPS)
    found = Wandering(key="k", name="web", sd=SD, over_ns=over_s * NS_PER_S)
    logs = np.concatenate([np.log(found.pace(7, n, end_s * NS_PER_S).factors) for n in range(5)])
    area = u - 1 + math.exp(-u)
    variance, kept = SD**2 * 2 * area / u**2, (1 - math.exp(-u)) ** 2 / (2 * area)
    independent = len(logs) * (1 - kept**2) / (1 + kept**2)

    assert len(logs) == 5 * MOST_STEPS
    assert logs.var(ddof=1) == pytest.approx(variance, rel=Z * math.sqrt(2 / independent))
    neighbours = float(np.corrcoef(logs[:-1], logs[1:])[0, 1])
    assert neighbours == pytest.approx(
        kept, abs=Z * math.sqrt((1 - kept**2) / len(logs)) + 4 / len(logs)
    )
