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

from simulator.timetable import draws

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
        z = draws.normal(u) / DECILE
        far = min(abs(z), FARTHEST)
        return math.exp(far * math.log(self.high if z >= 0.0 else self.low))
