"""Counts of durations in fixed log-linear buckets: mergeable by addition, exact to under 0.8 %.

The layout is the same everywhere: below 2**7 ns a bucket a nanosecond; above, 2**7 buckets for each
doubling. A quantile is reported as its bucket's upper bound, so that a gate never passes by rounding.

Source: Gil Tene, HdrHistogram (the layout).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SUB_BITS = 7
SUB = 1 << SUB_BITS
BUCKETS = (63 - SUB_BITS) * SUB + SUB
LOW_32 = (1 << 32) - 1
SAMPLES_BEYOND = 10
"""How many samples must lie beyond a quantile before it is reported."""


def bucket_of(values_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bucket of each duration (negative ones count as 0)."""
    values = np.maximum(values_ns, 0)
    _, exponent = np.frexp(values.astype(np.float64))
    shift = np.maximum(exponent.astype(np.int64) - 1 - SUB_BITS, 0)
    # A value just under a power of two may round up to it in float64: its top bits tell.
    shift = np.where((values >> shift) >= SUB, shift, np.maximum(shift - 1, 0))
    bucket: NDArray[np.int64] = np.minimum((shift << SUB_BITS) + (values >> shift), BUCKETS - 1)
    return bucket


def upper_bound_ns(bucket: int) -> int:
    """The largest duration that falls into the bucket."""
    if bucket < 2 * SUB:
        return bucket
    shift = (bucket >> SUB_BITS) - 1
    top = SUB + (bucket & (SUB - 1))
    return ((top + 1) << shift) - 1


def samples_needed(quantile: float) -> int:
    """The fewest samples of which ten lie beyond the quantile.

    >>> samples_needed(0.99)
    1000
    """
    return math.ceil(SAMPLES_BEYOND / (1.0 - quantile) - 1e-6)


@dataclass(slots=True, eq=False)
class Histogram:
    """Durations in nanoseconds; ``infinite`` counts those that never ended."""

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BUCKETS, np.int64))
    infinite: int = 0
    sum_ns: int = 0

    def add(self, values_ns: NDArray[np.int64]) -> None:
        if len(values_ns):
            self.counts += np.bincount(bucket_of(values_ns), minlength=BUCKETS)
            # In halves: 65,536 waits of 40 hours are more than 64 bits hold.
            self.sum_ns += (int((values_ns >> 32).sum()) << 32) + int((values_ns & LOW_32).sum())

    def merged(self, other: Histogram) -> Histogram:
        return Histogram(
            self.counts + other.counts, self.infinite + other.infinite, self.sum_ns + other.sum_ns
        )

    @property
    def finite(self) -> int:
        return int(self.counts.sum())

    @property
    def total(self) -> int:
        return self.finite + self.infinite

    def mean_ns(self) -> float:
        """Mean of the finite ones; NaN where there are none."""
        return self.sum_ns / self.finite if self.finite else math.nan

    def enough_for(self, quantile: float) -> bool:
        """Whether at least ten samples lie beyond the quantile."""
        return self.total * (1.0 - quantile) >= SAMPLES_BEYOND - 1e-9

    def quantile_ns(self, quantile: float) -> float:
        """The smallest bucket bound that at least ``quantile`` of all lie at or below.

        Infinity where the quantile falls among those that never ended; NaN without any sample.
        """
        if not self.total:
            return math.nan
        rank = max(1, math.ceil(quantile * self.total - 1e-9))
        cumulative = np.cumsum(self.counts)
        if rank > cumulative[-1]:
            return math.inf
        return float(upper_bound_ns(int(np.searchsorted(cumulative, rank))))

    def longest_ns(self) -> int:
        """The upper bound of the longest finite one; 0 where there is none."""
        buckets = np.flatnonzero(self.counts)
        return upper_bound_ns(int(buckets[-1])) if len(buckets) else 0

    def within(self, limit_ns: int) -> int:
        """How many lie in buckets that end at or before the limit."""
        bucket = int(bucket_of(np.array([limit_ns]))[0])
        if upper_bound_ns(bucket) > limit_ns:
            bucket -= 1
        return int(self.counts[: bucket + 1].sum())

    def to_json(self) -> dict[str, object]:
        buckets = np.flatnonzero(self.counts)
        return {
            "buckets": buckets.tolist(),
            "counts": self.counts[buckets].tolist(),
            "infinite": self.infinite,
            "sum_ns": self.sum_ns,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Histogram:
        histogram = cls(infinite=int(data["infinite"]), sum_ns=int(data["sum_ns"]))
        histogram.counts[np.array(data["buckets"], dtype=np.int64)] = data["counts"]
        return histogram
