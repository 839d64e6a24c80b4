"""Counts of durations in fixed log-linear buckets: mergeable by addition, a bucket under 0.8 % wide.

The layout is the same everywhere: below 2**7 ns a bucket a nanosecond; above, 2**7 buckets for each
doubling. A quantile is interpolated among the samples of its bucket: its upper bound, which was
reported once, is too long by 0.3 % in the mean, more than the interval of two million visits is wide.

A gate is decided by no interpolation. How many lie at or below each limit that somebody set is
counted exactly, and so are the shortest and the longest duration: they cut their buckets, and a
quantile lies on that side of the limit on which its sample lies. That is cheaper than to keep the
samples of a bucket, which nobody knows before all are in, and enough: only limits are decided.

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
LONGEST_NS = (1 << 63) - 1
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


def lower_bound_ns(bucket: int) -> int:
    """The smallest duration that falls into the bucket."""
    return upper_bound_ns(bucket - 1) + 1 if bucket else 0


def samples_needed(quantile: float) -> int:
    """The fewest samples of which ten lie beyond the quantile.

    >>> samples_needed(0.99)
    1000
    """
    return math.ceil(SAMPLES_BEYOND / (1.0 - quantile) - 1e-6)


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a quantile's sample lies: ``samples`` durations from ``low_ns`` to ``high_ns``."""

    low_ns: int
    high_ns: int
    low_seen: int
    """1 where a sample lies at the lower end itself, else 0."""
    high_seen: int
    samples: int
    rank: int
    """Which of them is meant, from 1 on."""

    @property
    def value_ns(self) -> float:
        """Where it is expected if the samples lie evenly.

        Of ``n`` even draws between two ends the k-th lies, in the mean, at ``k / (n + 1)``; a sample
        that lies at an end is one of them and is drawn no more.

        Source: David and Nagaraja 2003, "Order statistics", 2.1.
        """
        if self.low_ns == self.high_ns:
            return float(self.low_ns)
        gaps = self.samples + 1 - self.low_seen - self.high_seen
        return self.low_ns + (self.rank - self.low_seen) / gaps * (self.high_ns - self.low_ns)

    def off_by_ns(self, share: float) -> float:
        """How far it may be off, where so large a share of the samples may lie anywhere."""
        to_end_ns = max(self.value_ns - self.low_ns, self.high_ns - self.value_ns)
        return min(share * (self.high_ns - self.low_ns), to_end_ns)


@dataclass(slots=True, eq=False)
class Histogram:
    """Durations in nanoseconds; ``infinite`` counts those that never ended."""

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BUCKETS, np.int64))
    infinite: int = 0
    sum_ns: int = 0
    least_ns: int = LONGEST_NS
    """The shortest one, exactly."""
    most_ns: int = -1
    """The longest finite one, exactly."""
    limits_ns: tuple[int, ...] = ()
    """What they are held against, in increasing order."""
    within_limits: list[int] = field(default_factory=list)
    """How many are not longer than each limit, exactly."""

    @classmethod
    def against(cls, limits_ns: tuple[int, ...]) -> Histogram:
        """One that will decide these limits exactly."""
        limits = tuple(sorted(set(limits_ns)))
        return cls(limits_ns=limits, within_limits=[0] * len(limits))

    def add(self, values_ns: NDArray[np.int64]) -> None:
        if not len(values_ns):
            return
        self.counts += np.bincount(bucket_of(values_ns), minlength=BUCKETS)
        # In halves: 65,536 waits of 40 hours are more than 64 bits hold.
        self.sum_ns += (int((values_ns >> 32).sum()) << 32) + int((values_ns & LOW_32).sum())
        self.least_ns = min(self.least_ns, max(0, int(values_ns.min())))
        self.most_ns = max(self.most_ns, 0, int(values_ns.max()))
        for number, limit_ns in enumerate(self.limits_ns):
            self.within_limits[number] += int((values_ns <= limit_ns).sum())

    def merged(self, other: Histogram) -> Histogram:
        """Both together; of limits, those that both know."""
        both = tuple(limit for limit in self.limits_ns if limit in other.limits_ns)
        return Histogram(
            self.counts + other.counts,
            self.infinite + other.infinite,
            self.sum_ns + other.sum_ns,
            min(self.least_ns, other.least_ns),
            max(self.most_ns, other.most_ns),
            both,
            [self.within(limit) + other.within(limit) for limit in both],
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
        """The smallest duration that at least ``quantile`` of all do not exceed, interpolated.

        Infinity where the quantile falls among those that never ended; NaN without any sample.
        It is at most a limit exactly if so many samples are.
        """
        if not self.total:
            return math.nan
        found = self._found(quantile)
        return math.inf if found is None else found[1].value_ns

    def blur_ns(self, quantile: float) -> float:
        """How far interpolation may be off: what launches share, so that their spread hides it.

        Evenness is judged by the buckets before and after. A slope between them of ``2 d`` samples
        in ``n`` puts an even quantile off by ``d / 8 n`` of the width at most (the parabola against
        its chord). What lies in the bucket beyond the mean of both neighbours (a service of exactly
        20 ms) may lie anywhere in it. Two standard errors of either count are chance.
        """
        found = self._found(quantile) if self.total else None
        if found is None:
            return 0.0
        bucket, piece = found
        n = float(self.counts[bucket])
        before, after = self._as_wide(bucket - 1, bucket), self._as_wide(bucket + 1, bucket)
        slope = max(0.0, abs(after - before) - 2.0 * math.sqrt(2.0 * n))
        beyond = max(0.0, abs(n - (before + after) / 2.0) - 2.0 * math.sqrt(1.5 * n))
        return piece.off_by_ns(min(1.0, slope / (16.0 * n) + beyond / n))

    def _found(self, quantile: float) -> tuple[int, Piece] | None:
        """The bucket of a quantile and its place there; None where it never ends."""
        rank = max(1, math.ceil(quantile * self.total - 1e-9))
        cumulative = np.cumsum(self.counts)
        if rank > cumulative[-1]:
            return None
        bucket = int(np.searchsorted(cumulative, rank))
        last = int(cumulative[bucket])
        return bucket, self._piece(bucket, rank, last - int(self.counts[bucket]), last)

    def _piece(self, bucket: int, rank: int, first: int, last: int) -> Piece:
        """The part of a bucket in which a rank lies, as limits and both ends cut it."""
        low_ns, high_ns = lower_bound_ns(bucket), upper_bound_ns(bucket)
        for limit_ns, within in zip(self.limits_ns, self.within_limits, strict=True):
            if low_ns <= limit_ns < high_ns:
                if rank <= within:
                    high_ns, last = limit_ns, within
                else:
                    low_ns, first = limit_ns + 1, within
        low_seen, high_seen = int(self.least_ns >= low_ns), int(self.most_ns <= high_ns)
        return Piece(
            low_ns=max(low_ns, self.least_ns) if low_seen else low_ns,
            high_ns=min(high_ns, self.most_ns) if high_seen else high_ns,
            low_seen=low_seen,
            high_seen=high_seen,
            samples=last - first,
            rank=rank - first,
        )

    def _as_wide(self, bucket: int, other: int) -> float:
        """How many a bucket would have, were it as wide as another."""
        if not 0 <= bucket < BUCKETS:
            return 0.0
        return float(self.counts[bucket]) * _width_ns(other) / _width_ns(bucket)

    def longest_ns(self) -> int:
        """The longest finite one; 0 where there is none."""
        return max(0, self.most_ns)

    def within(self, limit_ns: int) -> int:
        """How many are not longer: exactly for a limit that is known, else those that surely are."""
        if limit_ns in self.limits_ns:
            return self.within_limits[self.limits_ns.index(limit_ns)]
        if limit_ns >= self.most_ns:
            return self.finite
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
            "least_ns": self.least_ns,
            "most_ns": self.most_ns,
            "limits_ns": list(self.limits_ns),
            "within_limits": self.within_limits,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Histogram:
        """As written; what was written before extremes were kept has those of its buckets."""
        buckets = data["buckets"]
        ends = (lower_bound_ns(buckets[0]), upper_bound_ns(buckets[-1])) if buckets else ()
        least_ns, most_ns = ends or (LONGEST_NS, -1)
        histogram = cls(
            infinite=int(data["infinite"]),
            sum_ns=int(data["sum_ns"]),
            least_ns=int(data.get("least_ns", least_ns)),
            most_ns=int(data.get("most_ns", most_ns)),
            limits_ns=tuple(data.get("limits_ns", ())),
            within_limits=list(data.get("within_limits", ())),
        )
        histogram.counts[np.array(buckets, dtype=np.int64)] = data["counts"]
        return histogram


def _width_ns(bucket: int) -> int:
    return upper_bound_ns(bucket) - lower_bound_ns(bucket) + 1
