"""Durations counted in fixed log-linear buckets: mergeable by addition, a bucket under 0.8 % wide.

The layout is the same everywhere: below 2**7 ns a bucket a nanosecond; above, 2**7 buckets for each
doubling. How many lie at or below each limit that somebody set is counted exactly, and so are the
shortest and the longest duration: they cut their buckets, and what lies on one side of a limit is
told from what lies on the other.

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


def width_ns(bucket: int) -> int:
    """How many durations fall into the bucket."""
    return upper_bound_ns(bucket) - lower_bound_ns(bucket) + 1


def sum_of(values_ns: NDArray[np.int64]) -> int:
    """In halves: 65,536 waits of 40 hours are more than 64 bits hold."""
    return (int((values_ns >> 32).sum()) << 32) + int((values_ns & LOW_32).sum())


NONE = np.zeros(BUCKETS, np.int64)
"""Shared by all that count nothing."""
NONE.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a quantile's sample lies: ``samples`` durations from ``low_ns`` to ``high_ns``."""

    begins_ns: int
    """Where what limits leave of the bucket begins: what has the same beginning is not told apart."""
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
class Durations:
    """Some durations in nanoseconds, all of which are known."""

    counts: NDArray[np.int64] = field(default_factory=lambda: NONE)
    sum_ns: int = 0
    least_ns: int = LONGEST_NS
    """The shortest one, exactly."""
    most_ns: int = -1
    """The longest one, exactly."""
    limits_ns: tuple[int, ...] = ()
    """What they are held against, in increasing order."""
    within_limits: list[int] = field(default_factory=list)
    """How many are not longer than each limit, exactly."""

    @classmethod
    def against(cls, limits_ns: tuple[int, ...]) -> Durations:
        """None yet, of which these limits will be decided exactly."""
        limits = tuple(sorted(set(limits_ns)))
        return cls(limits_ns=limits, within_limits=[0] * len(limits))

    def add(self, values_ns: NDArray[np.int64]) -> None:
        if not len(values_ns):
            return
        self.counts = self.counts + np.bincount(bucket_of(values_ns), minlength=BUCKETS)
        self.sum_ns += sum_of(values_ns)
        self.least_ns = min(self.least_ns, max(0, int(values_ns.min())))
        self.most_ns = max(self.most_ns, 0, int(values_ns.max()))
        for number, limit_ns in enumerate(self.limits_ns):
            self.within_limits[number] += int((values_ns <= limit_ns).sum())

    def merged(self, other: Durations) -> Durations:
        """Both together; of limits, those that both know."""
        both = tuple(limit for limit in self.limits_ns if limit in other.limits_ns)
        nothing = self.counts is NONE and other.counts is NONE
        return Durations(
            NONE if nothing else self.counts + other.counts,
            self.sum_ns + other.sum_ns,
            min(self.least_ns, other.least_ns),
            max(self.most_ns, other.most_ns),
            both,
            [self.within(limit) + other.within(limit) for limit in both],
        )

    @property
    def many(self) -> int:
        return int(self.counts.sum())

    def within(self, limit_ns: int) -> int:
        """How many are not longer: exactly for a limit that is known, else those that surely are."""
        if limit_ns in self.limits_ns:
            return self.within_limits[self.limits_ns.index(limit_ns)]
        if limit_ns >= self.most_ns:
            return self.many
        bucket = int(bucket_of(np.array([limit_ns]))[0])
        if upper_bound_ns(bucket) > limit_ns:
            bucket -= 1
        return int(self.counts[: bucket + 1].sum())

    def piece_of(self, rank: int) -> tuple[int, Piece] | None:
        """The bucket of the rank-th shortest, from 1 on, and its place there; None beyond the last."""
        cumulative = np.cumsum(self.counts)
        if rank > cumulative[-1]:
            return None
        bucket = int(np.searchsorted(cumulative, rank))
        last = int(cumulative[bucket])
        return bucket, self._cut(bucket, rank, last - int(self.counts[bucket]), last)

    def _cut(self, bucket: int, rank: int, first: int, last: int) -> Piece:
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
            begins_ns=low_ns,
            low_ns=max(low_ns, self.least_ns) if low_seen else low_ns,
            high_ns=min(high_ns, self.most_ns) if high_seen else high_ns,
            low_seen=low_seen,
            high_seen=high_seen,
            samples=last - first,
            rank=rank - first,
        )

    def unevenness(self, bucket: int) -> float:
        """Which share of a bucket's durations may lie anywhere in it.

        Evenness is judged by the buckets before and after. A slope between them of ``2 d`` samples
        in ``n`` puts an even quantile off by ``d / 8 n`` of the width at most (the parabola against
        its chord). What lies in the bucket beyond the mean of both neighbours (a service of exactly
        20 ms) may lie anywhere in it. Two standard errors of either count are chance.
        """
        n = float(self.counts[bucket])
        before, after = self._as_wide(bucket - 1, bucket), self._as_wide(bucket + 1, bucket)
        slope = max(0.0, abs(after - before) - 2.0 * math.sqrt(2.0 * n))
        beyond = max(0.0, abs(n - (before + after) / 2.0) - 2.0 * math.sqrt(1.5 * n))
        return min(1.0, slope / (16.0 * n) + beyond / n)

    def _as_wide(self, bucket: int, other: int) -> float:
        """How many a bucket would have, were it as wide as another."""
        if not 0 <= bucket < BUCKETS:
            return 0.0
        return float(self.counts[bucket]) * width_ns(other) / width_ns(bucket)

    def to_json(self) -> dict[str, Any]:
        buckets = np.flatnonzero(self.counts)
        return {
            "buckets": buckets.tolist(),
            "counts": self.counts[buckets].tolist(),
            "sum_ns": self.sum_ns,
            "least_ns": self.least_ns,
            "most_ns": self.most_ns,
            "limits_ns": list(self.limits_ns),
            "within_limits": self.within_limits,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Durations:
        """As written; what was written before extremes were kept has those of its buckets."""
        buckets = data["buckets"]
        ends = (lower_bound_ns(buckets[0]), upper_bound_ns(buckets[-1])) if buckets else ()
        least_ns, most_ns = ends or (LONGEST_NS, -1)
        counts = NONE
        if buckets:
            counts = np.zeros(BUCKETS, np.int64)
            counts[np.array(buckets, dtype=np.int64)] = data["counts"]
        return cls(
            counts=counts,
            sum_ns=int(data["sum_ns"]),
            least_ns=int(data.get("least_ns", least_ns)),
            most_ns=int(data.get("most_ns", most_ns)),
            limits_ns=tuple(data.get("limits_ns", ())),
            within_limits=list(data.get("within_limits", ())),
        )
