"""Levels that wander: against the whole law of the windows, and against values that do not drift."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulator.units import Floats
from simulator.verdict.truth.drift import CHANCE, Filter, drift_of

KEEPS, SPREAD, BY_CHANCE, WINDOWS = 0.8, 0.04, 0.09, 40


def covariance(windows: int = WINDOWS, keeps: float = KEEPS) -> Floats:
    """Of the levels."""
    apart = np.abs(np.subtract.outer(np.arange(windows), np.arange(windows)))
    return np.asarray(SPREAD * keeps**apart)


def wandering(seed: int, windows: int = WINDOWS) -> tuple[Floats, Floats]:
    """Levels, and the windows that are seen of them."""
    rng = np.random.default_rng(seed)
    levels = rng.multivariate_normal(np.zeros(windows), covariance(windows), method="cholesky")
    return levels, levels + rng.normal(0.0, BY_CHANCE**0.5, windows)


def filtered() -> Filter:
    keeps, spread = np.array([0.5, KEEPS]), np.array([0.1, SPREAD])
    return Filter(keeps=keeps, spread=spread, by_chance=BY_CHANCE)


def test_levels_are_their_means_given_all_windows() -> None:
    """Of a normal law: S (S + r)^-1 y."""
    _, windows = wandering(1)
    total = covariance() + BY_CHANCE * np.eye(WINDOWS)
    expected = covariance() @ np.linalg.solve(total, windows)
    assert filtered().smooth(windows, 1) == pytest.approx(expected, abs=1e-12)


def test_the_likelihood_is_that_of_all_windows_together() -> None:
    _, windows = wandering(2)
    total = covariance() + BY_CHANCE * np.eye(WINDOWS)
    law = stats.multivariate_normal(np.zeros(WINDOWS), total)
    expected = law.logpdf(windows) + WINDOWS / 2 * np.log(2 * np.pi)
    assert filtered().likelihood(windows)[1] == pytest.approx(expected, abs=1e-9)


def test_a_level_that_wanders_is_found_more_exactly_than_by_windows_alone() -> None:
    """Ten values a window, of sd 0.95: the windows are off by 0.3, and the levels spread by 0.2.

    Given all windows 40 % of the levels' variance is left in theory; as much as 60 % is granted, since
    their parameters are not known. The windows alone have 225 % of it, and the mean of all 100 %.
    """
    left = []
    for seed in range(10):
        levels, _ = wandering(seed, 200)
        noise = np.random.default_rng(100 + seed).normal(0.0, (10 * BY_CHANCE) ** 0.5, 2000)
        values = 3.0 + np.repeat(levels, 10) + noise
        found = drift_of(np.arange(2000, dtype=np.int64), values)
        at = found.at(np.arange(0, 2000, 10))
        left.append(np.square(at - 3.0 - levels).mean())
    theory = covariance(200) - covariance(200) @ np.linalg.solve(
        covariance(200) + BY_CHANCE * np.eye(200), covariance(200)
    )
    assert np.diag(theory).mean() / SPREAD == pytest.approx(0.4, abs=0.1)
    assert np.mean(left) < 0.6 * SPREAD


def test_values_that_do_not_drift_are_seldom_given_levels() -> None:
    """Once in twenty times at most: 20 of 400; z = 3.7 above that is 36.

    Who takes the likeliest parameters, whatever chance does, gives levels to most of them.
    """
    rng, moved = np.random.default_rng(2), 0
    at_ns = np.arange(200, dtype=np.int64)
    for _ in range(400):
        moved += len(drift_of(at_ns, rng.gamma(4.0, 0.25, 200)).levels) > 1
    assert moved < 36
    assert pytest.approx(stats.chi2.ppf(0.95, 2), abs=1e-3) == CHANCE


def test_few_values_and_equal_values_have_one_level() -> None:
    for values in ([2.0], [1.0, 3.0] * 9, [2.0] * 500):
        found = drift_of(np.arange(5, 5 + len(values), dtype=np.int64), np.array(values))
        assert found.levels.tolist() == [2.0]
        assert found.pace.at(0) == 2.0


def test_windows_that_begin_in_one_instant_are_one() -> None:
    values = np.repeat([1.0, 5.0, 1.0], 100) + np.tile([0.1, -0.1], 150)
    at_ns = np.repeat(np.arange(6, dtype=np.int64), 50)
    found = drift_of(at_ns, values)
    assert found.starts_ns.tolist() == list(range(6))  # five windows of ten begin in each
    # Of an instant the last of its windows counts.
    assert found.at(np.array([0, 2, 5])) == pytest.approx([1.0, 5.0, 1.0], rel=0.1)


def test_values_that_move_from_window_to_window_only_drift_most_clearly_of_all() -> None:
    found = drift_of(np.arange(200, dtype=np.int64), np.repeat([1.0, 2.0], 100))
    assert found.at(np.array([10, 190])).tolist() == [1.0, 2.0]
