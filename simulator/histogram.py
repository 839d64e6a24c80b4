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


NONE = np.zeros(BUCKETS, np.int64)
"""Shared by all histograms without such durations."""
NONE.flags.writeable = False


@dataclass(slots=True, eq=False)
class Histogram:
    """Durations in nanoseconds; ``infinite`` counts those that never ended.

    Where nobody saw the end of some, a figure of all lies between two bounds
    (:meth:`quantile_bounds_ns`): as if these had ended when they were last seen, and as if they
    never ended. Nothing is estimated in between: the estimate of Kaplan and Meier (1958) needs
    censoring that is independent of the duration, and in a surge who came last waits longest and is
    seen least.
    """

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BUCKETS, np.int64))
    infinite: int = 0
    sum_ns: int = 0
    censored: NDArray[np.int64] = field(default_factory=lambda: NONE)
    """Those that had not ended when they were last seen, by how long they had lasted then."""
    censored_sum_ns: int = 0
    left: NDArray[np.int64] = field(default_factory=lambda: NONE)
    """Those that somebody broke off who would wait no longer, by how long he had waited."""

    def add(self, values_ns: NDArray[np.int64]) -> None:
        if len(values_ns):
            self.counts += np.bincount(bucket_of(values_ns), minlength=BUCKETS)
            self.sum_ns += sum_of(values_ns)

    def add_censored(self, values_ns: NDArray[np.int64]) -> None:
        """Durations of which no more is known than that they are longer."""
        if len(values_ns):
            found = np.bincount(bucket_of(values_ns), minlength=BUCKETS)
            self.censored = self.censored + found
            self.censored_sum_ns += sum_of(np.maximum(values_ns, 0))

    def add_left(self, values_ns: NDArray[np.int64]) -> None:
        """Durations that were broken off."""
        if len(values_ns):
            self.left = self.left + np.bincount(bucket_of(values_ns), minlength=BUCKETS)

    def merged(self, other: Histogram) -> Histogram:
        return Histogram(
            self.counts + other.counts,
            self.infinite + other.infinite,
            self.sum_ns + other.sum_ns,
            _both(self.censored, other.censored),
            self.censored_sum_ns + other.censored_sum_ns,
            _both(self.left, other.left),
        )

    @property
    def finite(self) -> int:
        return int(self.counts.sum())

    @property
    def unended(self) -> int:
        """How many are censored."""
        return int(self.censored.sum())

    @property
    def total(self) -> int:
        """All but those that somebody broke off."""
        return self.finite + self.infinite + self.unended

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

    def quantile_bounds_ns(self, quantile: float) -> tuple[float, float]:
        """Between which two durations the quantile lies; the same twice where it is known.

        Who broke off is no short wait and no endless one: until the instant at which he left he
        counts as one who waits, from then on not at all. The quantile is the smallest ``t`` with

            ended within t >= quantile * (ended + not ended + left after t)

        so that "95 of 100 wait no longer than t" is what call centres call a service level with
        abandonment. To count who left soon as served soon would flatter a line that few can bear,
        and to count him as waiting for ever would let one impatient visitor in twenty hide every
        quantile; the share that left is a figure of its own.

        Source: "Service level calculations", ICMI Queue Tips, July 2002 (the fourth of its formulas).
        """
        ended, latest = self.counts, self.infinite + self.unended
        least = _quantile_of_stayers(ended + self.censored, self.infinite, self.left, quantile)
        most = _quantile_of_stayers(ended, latest, self.left, quantile)
        return (_at_least(least) if least < most else least), most

    def mean_bounds_ns(self) -> tuple[float, float]:
        """Between which two durations the mean of those not broken off lies."""
        if not self.total:
            return math.nan, math.nan
        if self.infinite:
            return math.inf, math.inf
        least = (self.sum_ns + self.censored_sum_ns) / self.total
        return least, math.inf if self.unended else least

    def longest_ns(self) -> int:
        """The longest seen, ended or not; 0 where there is none.

        The upper bound of its bucket, or the lower one where it may have been longer still.
        """
        buckets = np.flatnonzero(self.counts + self.censored + self.left)
        longest = upper_bound_ns(int(buckets[-1])) if len(buckets) else 0
        return int(_at_least(longest)) if self.longest_is_open else longest

    @property
    def longest_is_open(self) -> bool:
        """Whether the longest may have been longer still: nobody saw its end."""
        return bool(self.infinite or self.unended)

    def within(self, limit_ns: int) -> int:
        """How many lie in buckets that end at or before the limit."""
        bucket = int(bucket_of(np.array([limit_ns]))[0])
        if upper_bound_ns(bucket) > limit_ns:
            bucket -= 1
        return int(self.counts[: bucket + 1].sum())

    def to_json(self) -> dict[str, object]:
        return {
            **_listed(self.counts),
            "infinite": self.infinite,
            "sum_ns": self.sum_ns,
            "censored": _listed(self.censored),
            "censored_sum_ns": self.censored_sum_ns,
            "left": _listed(self.left),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Histogram:
        """Read it back; what an older version did not count is none."""
        return cls(
            counts=_counted(data),
            infinite=int(data["infinite"]),
            sum_ns=int(data["sum_ns"]),
            censored=_counted(data["censored"]) if "censored" in data else NONE,
            censored_sum_ns=int(data.get("censored_sum_ns", 0)),
            left=_counted(data["left"]) if "left" in data else NONE,
        )


def _quantile_of_stayers(
    counts: NDArray[np.int64], infinite: int, left: NDArray[np.int64], quantile: float
) -> float:
    """The quantile without those who had left by then."""
    so_far, ended = np.cumsum(left), np.cumsum(counts)
    after = so_far[-1] - so_far
    reached = ended + 1e-9 >= quantile * (ended[-1] + infinite + after)
    if not ended[-1] + infinite or not reached.any():
        return math.inf if ended[-1] + infinite else math.nan
    bucket = int(np.argmax(reached))
    found = Histogram(counts, infinite + int(after[bucket])).quantile_ns(quantile)
    # Where it was a leaving that made the others enough, the quantile is when that was.
    return max(found, upper_bound_ns(bucket)) if left[bucket] else found


def _at_least(value_ns: float) -> float:
    """The smallest duration of its bucket: what is longer than a bound must not be rounded up."""
    if not math.isfinite(value_ns):
        return value_ns
    bucket = int(bucket_of(np.array([value_ns], np.int64))[0])
    return float(upper_bound_ns(bucket - 1) + 1) if bucket else 0.0


def sum_of(values_ns: NDArray[np.int64]) -> int:
    """In halves: 65,536 waits of 40 hours are more than 64 bits hold."""
    return (int((values_ns >> 32).sum()) << 32) + int((values_ns & LOW_32).sum())


def _both(ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> NDArray[np.int64]:
    return NONE if ours is NONE and theirs is NONE else ours + theirs


def _listed(counts: NDArray[np.int64]) -> dict[str, object]:
    buckets = np.flatnonzero(counts)
    return {"buckets": buckets.tolist(), "counts": counts[buckets].tolist()}


def _counted(data: dict[str, Any]) -> NDArray[np.int64]:
    counts = np.zeros(BUCKETS, np.int64)
    counts[np.array(data["buckets"], dtype=np.int64)] = data["counts"]
    return counts
