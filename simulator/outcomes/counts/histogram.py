"""Durations of a launch, and their quantiles: those that ended, those that did not, those broken off.

A quantile is interpolated among the samples of its bucket: its upper bound, which was reported once,
is too long by 0.3 % in the mean, more than the interval of two million visits is wide.

A gate is decided by no interpolation: a quantile lies on that side of a limit on which its sample
lies (:mod:`simulator.outcomes.counts.durations` counts them exactly), and so do its bounds where not all was seen.
That is cheaper than to keep the samples of a bucket, which nobody knows before all are in, and
enough: only limits are decided.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.counts.durations import Durations, Piece, lower_bound_ns, upper_bound_ns

SAMPLES_BEYOND = 10
"""How many samples must lie beyond a quantile before it is reported."""


def samples_needed(quantile: float) -> int:
    """The fewest samples of which ten lie beyond the quantile.

    >>> samples_needed(0.99)
    1000
    """
    return math.ceil(SAMPLES_BEYOND / (1.0 - quantile) - 1e-6)


@dataclass(slots=True, eq=False)
class Histogram:
    """Durations in nanoseconds; ``infinite`` counts those that never ended.

    Where nobody saw the end of some, a figure of all lies between two bounds
    (:meth:`quantile_bounds_ns`): as if these had ended when they were last seen, and as if they
    never ended. Nothing is estimated in between: the estimate of Kaplan and Meier (1958) needs
    censoring that is independent of the duration, and in a surge who came last waits longest and is
    seen least.
    """

    ended: Durations = field(default_factory=Durations)
    infinite: int = 0
    censored: Durations = field(default_factory=Durations)
    """Those that had not ended when they were last seen, by how long they had lasted then."""
    left: Durations = field(default_factory=Durations)
    """Those that somebody broke off who would wait no longer, by how long he had waited."""

    @classmethod
    def against(cls, limits_ns: tuple[int, ...]) -> Histogram:
        """One that will decide these limits exactly."""
        ended, censored, left = (Durations.against(limits_ns) for _ in range(3))
        return cls(ended=ended, censored=censored, left=left)

    def add(self, values_ns: NDArray[np.int64]) -> None:
        self.ended.add(values_ns)

    def add_censored(self, values_ns: NDArray[np.int64]) -> None:
        """Durations of which no more is known than that they are longer."""
        self.censored.add(np.maximum(values_ns, 0))

    def add_left(self, values_ns: NDArray[np.int64]) -> None:
        """Durations that were broken off."""
        self.left.add(values_ns)

    def merged(self, other: Histogram) -> Histogram:
        return Histogram(
            self.ended.merged(other.ended),
            self.infinite + other.infinite,
            self.censored.merged(other.censored),
            self.left.merged(other.left),
        )

    @property
    def counts(self) -> NDArray[np.int64]:
        """Of those that ended, by bucket."""
        return self.ended.counts

    @property
    def sum_ns(self) -> int:
        """Of those that ended."""
        return self.ended.sum_ns

    @property
    def finite(self) -> int:
        return self.ended.many

    @property
    def unended(self) -> int:
        """How many are censored."""
        return self.censored.many

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
        """The smallest duration that at least ``quantile`` of all do not exceed, interpolated.

        Infinity where the quantile falls among those that never ended, or whose end nobody saw; NaN
        without any sample. It is at most a limit exactly if so many samples are. Who broke off is
        not heeded.
        """
        if not self.total:
            return math.nan
        found = self.ended.piece_of(rank_of(quantile, self.total))
        return math.inf if found is None else found[1].value_ns

    def quantile_bounds_ns(self, quantile: float) -> tuple[float, float]:
        """Between which two durations the quantile lies; the same twice where it is known.

        Who broke off is no short wait and no endless one: until the instant at which he left he
        counts as one who waits, from then on not at all. The quantile is the smallest ``t`` with

            ended within t >= quantile * (ended + not ended + left after t)

        so that "95 of 100 wait no longer than t" is what call centres call a service level with
        abandonment. To count who left soon as served soon would flatter a line that few can bear,
        and to count him as waiting for ever would let one impatient visitor in twenty hide every
        quantile; the share that left is a figure of its own.

        Where both bounds fall into the same bucket, on the same side of every limit, it is known.

        Source: "Service level calculations", ICMI Queue Tips, July 2002 (the fourth of its formulas).
        """
        if not self.total:
            return math.nan, math.nan
        most = self._latest(quantile)
        seen = self.ended.merged(self.censored) if self.unended else self.ended
        least = _found(seen, self.infinite, self.left, quantile)
        latest_ns = math.inf if most is None else most[1].value_ns
        if least is None or (most and most[1].begins_ns == least[1].begins_ns):
            return latest_ns, latest_ns
        # What is longer than a bound must not be rounded up.
        return float(least[1].low_ns), latest_ns

    def blur_ns(self, quantile: float) -> float:
        """How far interpolation may be off: what launches share, so that their spread hides it."""
        found = self._latest(quantile) if self.total else None
        if found is None:
            return 0.0
        bucket, piece = found
        share = self.ended.unevenness(bucket) if self.counts[bucket] else 1.0
        return piece.off_by_ns(share)

    def _latest(self, quantile: float) -> tuple[int, Piece] | None:
        """Where the quantile lies if what nobody saw the end of never ended."""
        return _found(self.ended, self.infinite + self.unended, self.left, quantile)

    def mean_bounds_ns(self) -> tuple[float, float]:
        """Between which two durations the mean of those not broken off lies."""
        if not self.total:
            return math.nan, math.nan
        if self.infinite:
            return math.inf, math.inf
        least = (self.sum_ns + self.censored.sum_ns) / self.total
        return least, math.inf if self.unended else least

    def longest_ns(self) -> int:
        """The longest seen, ended or not; 0 where there is none."""
        return max(0, self.ended.most_ns, self.censored.most_ns, self.left.most_ns)

    @property
    def longest_is_open(self) -> bool:
        """Whether the longest may have been longer still: nobody saw its end."""
        return bool(self.infinite or self.unended)

    def within(self, limit_ns: int) -> int:
        """How many ended and are not longer: exactly for a limit that is known, else at least so many."""
        return self.ended.within(limit_ns)

    def to_json(self) -> dict[str, object]:
        return {
            **self.ended.to_json(),
            "infinite": self.infinite,
            "censored": self.censored.to_json(),
            "left": self.left.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Histogram:
        """Read it back; what an older version did not count is none."""
        return cls(
            ended=Durations.from_json(data),
            infinite=int(data["infinite"]),
            censored=Durations.from_json(data["censored"]) if "censored" in data else Durations(),
            left=Durations.from_json(data["left"]) if "left" in data else Durations(),
        )


def rank_of(quantile: float, total: int) -> int:
    """Which of so many, from the shortest on, the quantile is."""
    return max(1, math.ceil(quantile * total - 1e-9))


def _found(
    ended: Durations, others: int, left: Durations, quantile: float
) -> tuple[int, Piece] | None:
    """The bucket of the quantile of those who stayed, and its place there; None where there is none.

    ``others`` never ended.
    """
    total, broke_off = ended.many + others, left.many
    if not broke_off:
        return ended.piece_of(rank_of(quantile, total))
    stayed = total + broke_off - np.cumsum(left.counts)
    reached = np.cumsum(ended.counts) + 1e-9 >= quantile * stayed
    if not reached.any():
        return None
    bucket = int(np.argmax(reached))
    return bucket, _among_stayers(ended, total, left, quantile, bucket)


def _among_stayers(
    ended: Durations, total: int, left: Durations, quantile: float, bucket: int
) -> Piece:
    """The part of a bucket, as limits cut it, at whose end the quantile is first reached."""
    begins_ns = lower_bound_ns(bucket)
    limits_ns = [limit for limit in ended.limits_ns if limit in left.limits_ns]
    ends = [limit for limit in limits_ns if begins_ns <= limit < upper_bound_ns(bucket)]
    for high_ns in (*ends, upper_bound_ns(bucket)):
        rank = rank_of(quantile, total + left.many - left.within(high_ns))
        if ended.within(high_ns) >= rank:
            break
        begins_ns = high_ns + 1
    if left.within(high_ns) > left.within(begins_ns - 1):
        # Where it was a leaving that made the others enough, the quantile is when that was: at the
        # latest where this part, or what was seen of it, ends.
        last_ns = min(high_ns, max(ended.most_ns, left.most_ns))
        return _unsure(begins_ns, last_ns)
    found = ended.piece_of(rank)
    return found[1] if found else _unsure(begins_ns, high_ns)


def _unsure(low_ns: int, high_ns: int) -> Piece:
    """Anywhere from one duration to another, and told as the longer one."""
    return Piece(
        begins_ns=low_ns,
        low_ns=low_ns,
        high_ns=high_ns,
        low_seen=0,
        high_seen=1,
        samples=1,
        rank=1,
    )
