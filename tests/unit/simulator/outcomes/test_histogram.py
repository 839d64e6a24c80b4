import math

import numpy as np
import pytest
from numpy.typing import ArrayLike

from simulator.outcomes.counts.durations import BUCKETS, bucket_of, upper_bound_ns
from simulator.outcomes.counts.histogram import Histogram


def of(values_ns: ArrayLike, infinite: int = 0) -> Histogram:
    histogram = Histogram(infinite=infinite)
    histogram.add(np.asarray(values_ns, np.int64))
    return histogram


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
    histogram = of(np.arange(1, 101))
    assert [histogram.quantile_ns(q) for q in (0.0, 0.5, 0.95, 1.0)] == [1, 50, 95, 100]
    assert histogram.mean_ns() == 50.5


def test_who_never_ends_is_beyond_every_number() -> None:
    histogram = of([10, 20, 30], infinite=1)
    assert histogram.quantile_ns(0.75) == 30
    assert histogram.longest_ns() == 30
    assert histogram.quantile_ns(0.76) == math.inf


def test_nothing_has_no_quantile() -> None:
    assert math.isnan(Histogram().quantile_ns(0.5))
    assert math.isnan(Histogram().mean_ns())


@pytest.mark.parametrize(("quantile", "samples", "enough"), [
    (0.99, 999, False),
    (0.99, 1000, True),
    (0.95, 199, False),
    (0.95, 200, True),
    (0.5, 20, True),
])  # fmt: skip
def test_ten_samples_must_lie_beyond_a_quantile(
    quantile: float, samples: int, enough: bool
) -> None:
    assert of(np.ones(samples)).enough_for(quantile) is enough


def test_merging_is_addition_and_survives_json() -> None:
    left, right = of([5, 1000], infinite=2), of([70_000_000], infinite=1)
    both = of([5, 1000, 70_000_000], infinite=3)
    assert Histogram.from_json(left.to_json()).merged(right).to_json() == both.to_json()


def test_what_takes_exactly_as_long_as_allowed_is_within() -> None:
    hour = 3_600_000_000_000
    histogram = of(np.full(24, hour))
    assert histogram.quantile_ns(0.5) == hour
    assert (histogram.within(hour), histogram.within(hour - 1)) == (24, 0)


LIMIT = 1_000_000_007


@pytest.mark.parametrize("sooner", [49, 50, 51])
def test_a_limit_inside_a_bucket_is_decided_exactly(sooner: int) -> None:
    # All within 8 ms, which is a bucket; what is no longer than the limit is so by a nanosecond.
    histogram = Histogram.against((LIMIT,))
    histogram.add(np.concatenate([np.full(sooner, LIMIT), np.full(100 - sooner, LIMIT + 1)]))
    assert len(np.flatnonzero(histogram.counts)) == 1
    assert histogram.within(LIMIT) == sooner
    assert (histogram.quantile_ns(0.5) <= LIMIT) is (sooner >= 50)


def test_merging_keeps_the_limits_that_both_know() -> None:
    one, other = Histogram.against((LIMIT, 5)), Histogram.against((LIMIT,))
    one.add(np.array([3, LIMIT]))
    other.add(np.array([LIMIT + 1]))
    both = one.merged(other)
    assert (both.ended.limits_ns, both.ended.within_limits) == ((LIMIT,), [2])
    assert (both.ended.least_ns, both.ended.most_ns) == (3, LIMIT + 1)


def test_a_quantile_is_interpolated_within_its_bucket() -> None:
    # An even law from 1 ms to 2 ms: of 10^5 draws the median's standard error is 1.6 us.
    draws = np.random.default_rng(1).integers(1_000_000, 2_000_000, 100_000)
    histogram = of(draws)

    # To the sample's own quantile a piece of a bucket is left: 8.2 us, of which 800 draws each lie
    # off by half a standard deviation of a bridge, 8.2 / (2 sqrt 800) = 0.14 us; 4 of them.
    for quantile in (0.1, 0.5, 0.95):
        exact = float(np.sort(draws)[round(quantile * len(draws)) - 1])
        assert abs(histogram.quantile_ns(quantile) - exact) < 4 * 140


def test_what_a_bucket_hides_is_told() -> None:
    # Four services of exactly 20 ms among others: the median is one of them, wherever in the bucket.
    spread = np.random.default_rng(2).integers(10_000_000, 30_000_000, 10_000)
    smooth = of(spread)
    histogram = of(np.concatenate([spread, np.full(20_000, 20_000_000)]))
    off = abs(histogram.quantile_ns(0.5) - 20_000_000)
    assert off <= histogram.blur_ns(0.5) <= 20_000_000 / 128
    assert smooth.blur_ns(0.5) < histogram.blur_ns(0.5) / 10


def test_what_was_written_before_extremes_were_kept_is_read() -> None:
    told = of([5, 1000]).to_json()
    old = {key: told[key] for key in ("buckets", "counts", "infinite", "sum_ns")}
    assert Histogram.from_json(old).longest_ns() == 1003


def test_within_counts_only_what_is_surely_within() -> None:
    histogram = of([100, 1000, 2000])
    assert [histogram.within(limit) for limit in (99, 100, 1007, 10_000)] == [0, 1, 2, 3]
