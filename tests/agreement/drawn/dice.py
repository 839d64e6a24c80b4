"""Chance with a coarse clock: how launches are drawn so that things happen at the same instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from simulator.timetable.laws import Duration
from simulator.units import NS_PER_DAY, NS_PER_MINUTE

T = TypeVar("T")

TICKS_PER_MINUTE, TICKS_PER_DAY = 6, 24
NANOSECONDS, MINUTES, DAYS = 1, NS_PER_MINUTE // TICKS_PER_MINUTE, NS_PER_DAY // TICKS_PER_DAY
"""The clocks: the rules know two spans by name, and each needs a clock on which it is short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dice:
    """Draws of one launch: in ticks of its clock, and as rich in rules as it shall be."""

    random: Random
    tick_ns: int
    richness: float
    """The share of all rules beyond the plainest that play a part."""
    is_plain: bool
    """Whether all is first come, first served: pools behind a line with a bucket, or none."""

    @classmethod
    def of(cls, random: Random, *, plain: float) -> Dice:
        """Dice for a launch that is plain with that probability."""
        return cls(
            random=random,
            tick_ns=random.choice([NANOSECONDS] * 6 + [MINUTES] * 3 + [DAYS]),
            richness=random.choice([0.05, 0.15, 0.15, 0.3, 0.3, 0.6, 0.9]),
            is_plain=random.random() < plain,
        )

    def has(self) -> bool:
        """Whether one more rule plays a part."""
        return self.random.random() < self.richness

    def has_more(self) -> bool:
        """Whether a rule plays a part that a plain launch does not know."""
        return not self.is_plain and self.has()

    def one_of(self, values: Sequence[T]) -> T:
        return self.random.choice(values)

    def whole(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def ns(self, least: int, most: int) -> int:
        """So many ticks, both ends included."""
        return self.random.randint(least, most) * self.tick_ns

    def rate(self, ticks: int) -> int:
        """Of one token in so many ticks, in millionths a second."""
        return 10**15 // (ticks * self.tick_ns)

    def duration(self, least: int = 0, most: int = 8) -> Duration:
        """Any law, of about so many ticks; only that of two values keeps a coarse clock coarse."""
        kind = self.whole(0, 9)
        mean_ns, cv = float(self.ns(max(1, least), most)), self.one_of([0.3, 1.0, 2.0])
        if kind < 4 or (self.tick_ns > 1 and self.whole(0, 2)):
            return self._of_ticks(kind, least, most)
        laws = [
            Duration.exponential(mean_ns),
            Duration.lognormal(mean_ns, cv),
            Duration.gamma(mean_ns, cv),
            Duration.weibull(mean_ns, self.one_of([0.5, 1.0, 2.0])),
            Duration.hyperexponential(mean_ns, max(1.0, cv)),
            Duration.empirical([(0.0, 0.0), (0.4, mean_ns), (1.0, 2.0 * mean_ns)]),
        ]
        return laws[kind % len(laws)]

    def maybe_never(self, least: int = 0, most: int = 8) -> Duration:
        return Duration.never() if self.whole(0, 3) == 0 else self.duration(least, most)

    def _of_ticks(self, kind: int, least: int, most: int) -> Duration:
        short, long = sorted([self.ns(least, most), self.ns(least, most)])
        if kind % 2 or short == long:
            return Duration.fixed(short)
        return Duration.empirical([(0.0, short), (0.5, short), (0.5 + 1e-9, long), (1.0, long)])
