"""The laws of random durations, as the engines draw from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scipy import special

from simulator.timetable import draws
from simulator.units import FOREVER

ALMOST_ALL = 0.999
"""Of thinking times, which have no end: one in a thousand takes longer than is granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """The law of a random duration, ready for :func:`simulator.timetable.draws.duration_ns`.

    What ``location`` and ``scale`` are depends on the law; they are explained there.
    """

    law: int
    location: float = 0.0
    scale: float = 0.0
    knots: tuple[float, ...] = ()
    """EMPIRICAL: share, nanoseconds, share, nanoseconds, ... from share 0 to share 1."""

    @classmethod
    def never(cls) -> Duration:
        return cls(law=draws.NEVER)

    @classmethod
    def fixed(cls, ns: int) -> Duration:
        return cls(law=draws.FIXED, location=float(ns))

    @classmethod
    def exponential(cls, mean_ns: float) -> Duration:
        return cls(law=draws.EXPONENTIAL, location=float(mean_ns))

    @classmethod
    def lognormal(cls, mean_ns: float, cv: float) -> Duration:
        """A lognormal law of the given mean and coefficient of variation (sd / mean)."""
        variance = math.log1p(cv * cv)
        return cls(
            law=draws.LOGNORMAL,
            location=math.log(mean_ns) - variance / 2,
            scale=math.sqrt(variance),
        )

    @classmethod
    def gamma(cls, mean_ns: float, cv: float) -> Duration:
        """A gamma law: shape ``1 / cv^2``, and the scale that gives the mean."""
        return cls(law=draws.GAMMA, location=mean_ns * cv * cv, scale=1.0 / (cv * cv))

    @classmethod
    def weibull(cls, mean_ns: float, shape: float) -> Duration:
        """A Weibull law; a shape below 1 has many who give up early and some who hardly do."""
        scale_ns = mean_ns / math.gamma(1.0 + 1.0 / shape)
        return cls(law=draws.WEIBULL, location=scale_ns, scale=1.0 / shape)

    @classmethod
    def hyperexponential(cls, mean_ns: float, cv: float) -> Duration:
        """Two exponential laws of balanced means, for a ``cv`` of at least 1.

        The quicker one has the share ``p = (1 + sqrt((cv^2 - 1) / (cv^2 + 1))) / 2``, and both
        branches contribute half of the mean.
        """
        excess = (cv * cv - 1.0) / (cv * cv + 1.0)
        return cls(
            law=draws.HYPEREXPONENTIAL,
            location=float(mean_ns),
            scale=(1.0 + math.sqrt(max(0.0, excess))) / 2.0,
        )

    @classmethod
    def empirical(cls, quantiles: Sequence[tuple[float, float]]) -> Duration:
        """The law with these quantiles (share, nanoseconds), linear between them.

        Shares begin with 0, end with 1 and rise; durations do not fall.
        """
        return cls(
            law=draws.EMPIRICAL,
            knots=tuple(float(value) for quantile in quantiles for value in quantile),
        )

    def times(self, factor: float) -> Duration:
        """The law of durations that are all so many times as long; what is fixed stays whole.

        >>> Duration.fixed(10).times(0.25).location, Duration.never().times(2.0) == Duration.never()
        (3.0, True)
        """
        if factor == 1.0 or self.law == draws.NEVER:
            return self
        if self.law == draws.LOGNORMAL:
            return replace(self, location=self.location + math.log(factor))
        if self.law == draws.EMPIRICAL:
            values = (value if n % 2 == 0 else value * factor for n, value in enumerate(self.knots))
            return replace(self, knots=tuple(values))
        if self.law == draws.FIXED:
            # Not less than a nanosecond: what takes some time takes some time.
            least = min(1.0, self.location)
            return replace(
                self, location=max(least, float(math.floor(self.location * factor + 0.5)))
            )
        return replace(self, location=self.location * factor)

    @property
    def is_nothing(self) -> bool:
        """Whether it never takes any time."""
        return self.law == draws.FIXED and not self.location

    def mean_ns(self) -> float:
        if self.law == draws.NEVER:
            return math.inf
        if self.law == draws.LOGNORMAL:
            return math.exp(self.location + self.scale * self.scale / 2)
        if self.law == draws.GAMMA:
            return self.location * self.scale
        if self.law == draws.WEIBULL:
            return self.location * math.gamma(1.0 + self.scale)
        if self.law == draws.EMPIRICAL:
            return self._mean_between_knots_ns()
        return self.location

    def _mean_between_knots_ns(self) -> float:
        points = list(zip(self.knots[::2], self.knots[1::2], strict=True))
        return sum((q - p) * (x + y) / 2 for (p, x), (q, y) in pairwise(points))


def almost_longest_ns(law: Duration) -> int:
    """What almost all do not exceed."""
    tail = -math.log(1.0 - ALMOST_ALL)
    if law.law == draws.NEVER:
        return FOREVER
    if law.law == draws.EXPONENTIAL:
        return math.ceil(law.location * tail)
    if law.law == draws.LOGNORMAL:
        return math.ceil(math.exp(law.location + law.scale * draws.normal(ALMOST_ALL)))
    if law.law == draws.GAMMA:
        return math.ceil(law.location * special.gammaincinv(law.scale, ALMOST_ALL))
    if law.law == draws.WEIBULL:
        return math.ceil(law.location * math.pow(tail, law.scale))
    if law.law == draws.HYPEREXPONENTIAL:
        # The slower of its two exponential laws alone: the quicker one only helps.
        return math.ceil(law.location / (2.0 * (1.0 - law.scale)) * tail)
    return math.ceil(law.knots[-1] if law.law == draws.EMPIRICAL else law.location)
