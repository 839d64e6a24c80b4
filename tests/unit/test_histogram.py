import math

import numpy as np
import pytest

from simulator.histogram import BUCKETS, Histogram, bucket_of, upper_bound_ns


@pytest.mark.parametrize(
    "value",
    [0, 1, 127, 128, 129, 255, 256, 257, 10**6, 10**9, 2**53 - 1, 2**53 + 1, 2**62, 2**63 - 1],
)
def test_a_bucket_holds_its_value_to_one_part_in_128(value: int) -> None:
    bucket = int(bucket_of(np.array([value]))[0])

    assert 0 <= bucket < BUCKETS
    assert value <= upper_bound_ns(bucket) <= value + value / 128


def test_buckets_are_in_the_order_of_their_values() -> None:
    bounds = [upper_bound_ns(bucket) for bucket in range(BUCKETS)]

    assert bounds == sorted(set(bounds))


def test_a_bucket_ends_at_its_upper_bound() -> None:
    buckets = np.arange(BUCKETS - 1)
    bounds = np.array([upper_bound_ns(int(bucket)) for bucket in buckets])

    assert (bucket_of(bounds) == buckets).all()
    assert (bucket_of(bounds + 1) == buckets + 1).all()


def test_quantiles_of_small_numbers_are_exact() -> None:
    histogram = Histogram()
    histogram.add(np.arange(1, 101))

    assert [histogram.quantile_ns(q) for q in (0.0, 0.5, 0.95, 1.0)] == [1, 50, 95, 100]
    assert histogram.mean_ns() == 50.5


def test_who_never_ends_is_beyond_every_number() -> None:
    histogram = Histogram(infinite=1)
    histogram.add(np.array([10, 20, 30]))

    assert histogram.quantile_ns(0.75) == 30
    assert histogram.quantile_ns(0.76) == math.inf


def test_nothing_has_no_quantile() -> None:
    assert math.isnan(Histogram().quantile_ns(0.5))
    assert math.isnan(Histogram().mean_ns())


@pytest.mark.parametrize(
    ("quantile", "samples", "enough"),
    [
        (0.99, 999, False),
        (0.99, 1000, True),
        (0.95, 199, False),
        (0.95, 200, True),
        (0.5, 20, True),
    ],
)
def test_ten_samples_must_lie_beyond_a_quantile(
    quantile: float, samples: int, enough: bool
) -> None:
    histogram = Histogram()
    histogram.add(np.ones(samples, np.int64))

    assert histogram.enough_for(quantile) is enough


def test_merging_is_addition_and_survives_json() -> None:
    left, right, both = Histogram(infinite=2), Histogram(infinite=1), Histogram(infinite=3)
    left.add(np.array([5, 1000]))
    right.add(np.array([70_000_000]))
    both.add(np.array([5, 1000, 70_000_000]))

    assert Histogram.from_json(left.to_json()).merged(right).to_json() == both.to_json()


def test_within_counts_only_what_is_surely_within() -> None:
    histogram = Histogram()
    histogram.add(np.array([100, 1000, 2000]))

    assert [histogram.within(limit) for limit in (99, 100, 1007, 10_000)] == [0, 1, 2, 3]
