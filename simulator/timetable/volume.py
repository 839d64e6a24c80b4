"""How uncertain the volume of a surge is: a factor that each launch draws once.

A planner says three figures: the likely one, and a low and a high one of which he thinks that one
launch in ten stays below and one in ten goes beyond. Demand is a product of many uncertain shares,
so that its logarithm is what varies evenly: the law is lognormal on each side of the likely figure,
with a spread of its own on each, and goes through the three as its quantiles 0.1, 0.5 and 0.9. ::

    factor = (high / likely) ** ( z / Z)     for z >= 0
    factor = (low / likely)  ** (-z / Z)     for z < 0,   Z = 1.2816, z standard normal

Why not a triangular or a PERT law: they end at the figures that somebody thought of, and launches
are lost beyond these (planned for 1, feared 5, and 50 came). Nobody's figures say anything about
what is three times as far in the logarithm, so the factor ends there: one launch in 16,000 on
each side.

All surges of a launch share the draw: what makes a launch larger than thought is mostly the same
for all of them, and independent draws would cancel out.

What else nobody knows for sure varies by the same law, each with a draw of its own
(:mod:`simulator.system.uncertain`).

Source: Keefer and Bodily 1983, "Three-point approximations for continuous random variables" (that
planners' low and high figures are best read as the quantiles 0.1 and 0.9).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.timetable import draws
from simulator.units import Floats, frozen_floats

DECILE = 1.2815515655446004
"""Z: a standard normal law is above it once in ten."""
FARTHEST = 3.0
"""In multiples of Z."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Factors of the likely volume."""

    low: float
    """At most 1: one launch in ten has fewer."""
    high: float
    """At least 1: one launch in ten has more."""

    def factor(self, u: float) -> float:
        """The factor that the draw ``u`` names; rising with it.

        >>> [round(Volume(low=0.5, high=4.0).factor(u), 12) for u in (0.1, 0.5, 0.9)]
        [0.5, 1.0, 4.0]
        """
        return self.at(draws.normal(u) / DECILE)

    def at(self, deviate: float) -> float:
        """The factor so far from the likely one, in multiples of a decile's deviate (Z)."""
        far = min(abs(deviate), FARTHEST)
        return math.exp(far * math.log(self.high if deviate >= 0.0 else self.low))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Where it is not the volume that is uncertain but the curve: the factor of each block of time.

    A launch's own curve lies between two that are given, and is so much of the one and so much of the
    other: what all of them have in common, such as published counts that they go through, it has too.
    """

    deviates: Floats
    """Shape (g,), rising and even around 0: of each curve, in multiples of a decile's (Z)."""
    ratios: Floats
    """Shape (g, m): how many times the likely mass each of them has in each block."""

    @classmethod
    def of(cls, deviates: ArrayLike, ratios: ArrayLike) -> Curves:
        return cls(deviates=frozen_floats(deviates), ratios=frozen_floats(ratios))

    def factor(self, u: float) -> Floats:
        """The factors of the blocks that the draw ``u`` names.

        >>> curves = Curves.of([-1.0, 0.0, 1.0], [[0.5, 2.0], [1.0, 1.0], [3.0, 0.0]])
        >>> [curves.factor(u).round(9).tolist() for u in (0.1, 0.5, 0.9)]
        [[0.5, 2.0], [1.0, 1.0], [3.0, 0.0]]
        """
        z = draws.normal(u) / DECILE
        place = float(np.interp(z, self.deviates, np.arange(len(self.deviates))))
        below = min(int(place), len(self.deviates) - 2)
        above = place - below
        return np.asarray((1.0 - above) * self.ratios[below] + above * self.ratios[below + 1])
