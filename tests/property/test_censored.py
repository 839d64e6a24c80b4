"""Quantiles of durations that were not all seen to their end: the bounds hold the truth between them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.outcomes.counts.histogram import Histogram

FINE = 1 + 1 / 128
"""A bucket's width: no figure of a histogram is closer."""

durations = st.integers(0, 10**12)
quantiles = st.sampled_from([0.25, 0.5, 0.9, 0.95, 1.0])


def seen(values: list[tuple[int, int]], left: list[int]) -> Histogram:
    """Durations, each of which was watched for a time of its own."""
    histogram = Histogram()
    ended = [value for value, watched in values if value <= watched]
    histogram.add(np.array(ended, np.int64))
    unended = [watched for value, watched in values if value > watched]
    histogram.add_censored(np.array(unended, np.int64))
    histogram.add_left(np.array(left, np.int64))
    return histogram


def share_within(values: list[int], left: list[int], limit: float) -> float:
    """The service level: within the limit, of all but those who left by then."""
    stayed = len(values) + sum(each > limit for each in left)
    return sum(value <= limit for value in values) / stayed if stayed else math.nan


def true_quantile(values: list[int], left: list[int], quantile: float) -> float:
    """The first instant at which the share is reached, tried one by one."""
    for limit in sorted({*values, *left}):
        if share_within(values, left, limit) >= quantile - 1e-12:
            return float(limit)
    return math.inf


@settings(max_examples=150, derandomize=True)
@given(
    st.lists(st.tuples(durations, durations), min_size=1, max_size=40),
    st.lists(durations, max_size=20),
    quantiles,
)
def test_the_bounds_hold_the_quantile_of_what_nobody_saw(
    values: list[tuple[int, int]], left: list[int], quantile: float
) -> None:
    least, most = seen(values, left).quantile_bounds_ns(quantile)
    truth = true_quantile([value for value, _ in values], left, quantile)
    assert least <= FINE * truth + 1
    assert truth <= FINE * most + 1


@settings(max_examples=150, derandomize=True)
@given(st.lists(durations, min_size=1, max_size=40), st.lists(durations, max_size=20), quantiles)
def test_what_was_all_seen_has_one_quantile(
    values: list[int], left: list[int], quantile: float
) -> None:
    least, most = seen([(value, value) for value in values], left).quantile_bounds_ns(quantile)
    assert least == most
    assert most == pytest.approx(true_quantile(values, left, quantile), rel=1 / 128, abs=1)


@settings(max_examples=100, derandomize=True)
@given(
    *[
        st.lists(st.tuples(durations, durations), max_size=20),
        st.lists(st.tuples(durations, durations), max_size=20),
        st.lists(durations, max_size=9),
    ]
)
def test_bounds_of_two_launches_are_those_of_their_people_together(
    ours: list[tuple[int, int]], theirs: list[tuple[int, int]], left: list[int]
) -> None:
    merged = seen(ours, left).merged(seen(theirs, []))
    together = seen(ours + theirs, left)
    assert Histogram.from_json(merged.to_json()).to_json() == together.to_json()
    assert merged.mean_bounds_ns() == together.mean_bounds_ns() or not (ours or theirs)
