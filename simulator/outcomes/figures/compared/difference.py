"""Difference: by how much a figure changed from one side to another, and how sure that is.

How it is found of two predictions is said in :mod:`simulator.outcomes.figures.compared.paired`, of two runs
that took place once in :mod:`simulator.outcomes.figures.compared.once`; what is made of many of them together
in :mod:`simulator.outcomes.figures.compared.change`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scipy import special

from simulator.outcomes.figures.intervals import CONFIDENCE
from simulator.units import Floats

TAIL = (1 - CONFIDENCE) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure on two sides, and new less old."""

    old: float
    """NaN where it is not known."""
    new: float
    value: float
    """New less old; infinite where one of the two never ends, NaN where nothing can be said."""
    low: float
    high: float
    """The 95 % interval of the difference, of this figure alone."""
    p: float
    """How likely so large a difference is where there is none, two-sided; of this figure alone."""
    launches: int = 1
    """How many pairs of launches say so."""
    by_median: bool = False
    """Whether old, new and the difference are medians of the launches, and not means."""
    old_open: bool = False
    new_open: bool = False
    """Whether the figure is a lower bound: not all of it was seen to its end."""
    few: bool = False
    """Whether there are too few samples, or launches, to say anything."""
    undecided: bool = False
    """Whether what was not seen to its end leaves open which way the figure changed."""

    @property
    def same(self) -> bool:
        """Whether nothing changed at all, in any launch."""
        return self.value == self.low == self.high == 0.0

    def opened(self, *, old: bool, new: bool) -> Difference:
        """The same of figures that were not seen to their end."""
        return replace(self, old_open=old, new_open=new)


def unsaid(old: float, new: float, *, few: bool = False, undecided: bool = False) -> Difference:
    """Two figures of which nothing follows."""
    nan = math.nan
    return Difference(
        old=old, new=new, value=nan, low=nan, high=nan, p=1.0, few=few, undecided=undecided
    )


def none(old: float, new: float, launches: int = 1) -> Difference:
    """Two figures that are the same, in every launch."""
    return Difference(old=old, new=new, value=0.0, low=0.0, high=0.0, p=1.0, launches=launches)


def between(found: Difference, least: Difference, most: Difference) -> Difference:
    """Of a figure that lies between bounds the difference does too.

    Where the bounds are on one side of zero, that which is nearer to it tells which way it changed.
    """
    sure = least if least.value > 0 else most if most.value < 0 else None
    return replace(
        found,
        value=found.value if sure is None else sure.value,
        low=least.low,
        high=most.high,
        p=1.0 if sure is None else sure.p,
        undecided=sure is None,
    )


def less(new: float, old: float) -> float:
    """New less old; of two that never end nothing."""
    return 0.0 if new == old else new - old


def margin(old: float, blur: float, tolerance: float) -> float:
    """What is no change: what a bucket hides, and what nobody minds."""
    return blur + (tolerance * abs(old) if math.isfinite(old) else 0.0)


def tails(beyond: float, error: float, freedom: float) -> float:
    """Two-sided, of Student's law, so far beyond nothing."""
    if not beyond:
        return 1.0
    return 2.0 * float(special.stdtr(freedom, -beyond / error)) if error else 0.0


def half_width(error: float, freedom: float) -> float:
    """Half of Student's 95 % interval."""
    return float(special.stdtrit(freedom, 1 - TAIL)) * error


def spread_of(values: Floats) -> float:
    """The standard deviation; rounding makes a spread of none."""
    return 0.0 if (values == values[0]).all() else float(values.std(ddof=1))
