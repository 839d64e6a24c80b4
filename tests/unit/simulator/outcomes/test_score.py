"""What a ledger says of its figures."""

import math

import pytest
from scipy import stats

from simulator.outcomes.figures.score import Held, by_figure, coverage, interval


def held(key: str, error: float, within: bool | None = True) -> Held:
    return Held(key=key, error=error, within=within)


def test_each_figure_is_told_over_the_launches_that_have_it() -> None:
    launches = [
        [held("p95", 0.1), held("errors", math.nan)],
        [held("p95", -0.2, within=False)],
        [held("p95", 0.4, within=None)],
    ]

    p95, errors = by_figure(launches)

    assert (p95.key, p95.median, p95.least, p95.most, p95.errors) == ("p95", 0.1, -0.2, 0.4, 3)
    assert (p95.within, p95.of) == (1, 2)
    assert math.isnan(errors.median)
    assert (errors.errors, errors.within, errors.of) == (0, 1, 1)


def test_what_cannot_be_told_is_in_no_share() -> None:
    found = coverage([[held("a", 0.0), held("b", 0.0, within=None)], [held("a", 0.0, within=None)]])

    assert (found.within, found.of, found.launches, found.share) == (1, 1, 1, 1.0)
    assert math.isnan(found.low)
    assert math.isnan(coverage([]).share)


def test_where_all_figures_are_alike_each_launch_counts_once() -> None:
    """Seven launches, all of whose figures lay in their bands: as seven figures, not as seventy."""
    low, high = interval([(10, 10)] * 7)

    assert low == pytest.approx(0.025 ** (1 / 7))  # Clopper-Pearson of 7 of 7
    assert high == 1.0
    low, high = interval([(0, 10)] * 7)
    assert (low, high) == pytest.approx((0.0, 1 - 0.025 ** (1 / 7)))


def test_one_figure_a_launch_is_a_binomial_share() -> None:
    """Then launches are figures, and the interval is Clopper and Pearson's of nearly as many."""
    counts = [(1, 1)] * 160 + [(0, 1)] * 40
    exact = stats.binomtest(160, 200).proportion_ci(0.95, "exact")

    assert interval(counts) == pytest.approx((exact.low, exact.high), abs=0.001)
