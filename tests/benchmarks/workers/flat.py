"""Whether a process's memory is flat: how fast it grows, how sure that is, and what that is for each visitor.

*How fast.* A line is fitted to the means of ``BATCHES`` batches of readings. Neighbouring readings are all but the
same (an allocator takes memory in steps and keeps it), so that each of them alone says little; the means of long
batches depend on one another far less, and what is left is what Student's t with ``BATCHES - 2`` degrees of freedom
is for. Source: Law, Simulation Modeling and Analysis, 5th ed., 9.5.3, and any textbook on least squares.

*Flat.* The least that Python keeps of a visitor is his number, an object of 32 bytes, and its place in a list. So
who leaks any object for each visitor grows by ``LEAST_BYTES`` for each, and a process is flat where it grows by less
with 95 % certainty. That bounds what grows with time alone as well, at the rate that is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.units import Floats

BATCHES = 10
CERTAIN = 0.95
LEAST_BYTES = 40.0


@dataclass(frozen=True, slots=True)
class Slope:
    """How fast something grows, in its unit a second, and the standard error of that."""

    per_s: float
    error_per_s: float

    @property
    def most_per_s(self) -> float:
        """The upper end of a one-sided interval."""
        return self.per_s + float(special.stdtrit(BATCHES - 2, CERTAIN)) * self.error_per_s


def slope_of(at_s: Floats, values: Floats) -> Slope:
    """By least squares over the means of batches of equal length, in their order."""
    each = len(at_s) // BATCHES
    used = each * BATCHES
    times, means = (one[:used].reshape(BATCHES, each).mean(axis=1) for one in (at_s, values))
    return least_squares(times, means)


def least_squares(at_s: Floats, values: Floats) -> Slope:
    """A line through values that do not depend on one another."""
    apart = at_s - at_s.mean()
    spread = float(apart @ apart)
    per_s = float(apart @ values) / spread
    left = values - values.mean() - per_s * apart
    return Slope(per_s, float(np.sqrt(left @ left / (len(at_s) - 2) / spread)))


def kept_bytes(slope: Slope, visitors_per_s: float) -> float:
    """How much is kept of each visitor at most."""
    return slope.most_per_s / visitors_per_s


def is_flat(slope: Slope, visitors_per_s: float) -> bool:
    """Whether that is less than anything that could be kept of one."""
    return kept_bytes(slope, visitors_per_s) < LEAST_BYTES
