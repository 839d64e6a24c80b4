"""Entries: whether people were let in faster than was promised.

A bucket of b tokens that fills at r per second lets at most b + r (e - s) people in between any two instants
s and e. Who asked at s or later and was told to wait, and had seen by e that he is let in, was let in
between the two. The most that is proven beyond the bound, over all pairs of instants, is

    max over s <= e of  #{i : s <= called_after[i], entered[i] <= e} - b - r (e - s).

Going through the entries in the order in which they were seen, one keeps for each s the count so far plus
r s; an entry adds 1 to every s up to its own. The largest is found in blocks, so that 100,000 take a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.units import FOREVER, NS_PER_S, Floats
from simulator.verdict.line.promises import Promises
from simulator.verdict.line.stints import Stints


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """How many were let in, and by how many more than promised, in the worst time of all."""

    entered: int
    rate_per_s: float
    allowed: float
    """By so many the bound may be exceeded, since a line may be late and catch up."""
    excess: float
    """At least so many beyond the bound; 0: none is proven."""
    within_s: float
    """In a time of this length,"""
    many: int
    """in which at least so many were let in."""


class Running:
    """The largest of many values, to whose first ones something is added again and again.

    A value counts from the first time that anything is added to it.
    """

    def __init__(self, values: Floats) -> None:
        self.values, self.counted = values, 0
        self.width = max(1, math.isqrt(len(values)))
        self.flat = np.full(-(-len(values) // self.width) * self.width, -math.inf)
        self.blocks = self.flat.reshape(-1, self.width)
        self.largest = self.blocks.max(axis=1)

    def add(self, count: int) -> None:
        """One more for each of the first so many."""
        if count > self.counted:
            first, last = self.counted // self.width, -(-count // self.width)
            self.flat[self.counted : count] = self.values[self.counted : count]
            self.largest[first:last] = self.blocks[first:last].max(axis=1)
            self.counted = count
        whole, rest = divmod(count, self.width)
        self.blocks[:whole] += 1
        self.largest[:whole] += 1
        if rest:
            self.blocks[whole, :rest] += 1
            self.largest[whole] = self.blocks[whole].max()

    def best(self) -> tuple[float, int]:
        """The largest, and where it stands."""
        block = int(self.largest.argmax())
        return float(self.largest[block]), block * self.width + int(self.blocks[block].argmax())


def entries(stints: Stints, promises: Promises) -> Entries | None:
    """None where no rate is promised, or nobody was let in."""
    came = stints.chosen(stints.entered < FOREVER)
    rate = promises.rate_per_s
    if rate is None or not len(came):
        return None
    seen = np.sort(came.entered)
    after = came.called_after[np.argsort(came.entered, kind="stable")]
    starts = np.sort(after)
    counts = Running(rate * starts / NS_PER_S)
    excess, worst = 0.0, (0, 0)
    for end_ns, upto in zip(seen.tolist(), np.searchsorted(starts, after, "right"), strict=True):
        counts.add(int(upto))
        largest, at = counts.best()
        beyond = largest - rate * end_ns / NS_PER_S - promises.burst
        if beyond > excess:
            excess, worst = beyond, (int(starts[at]), end_ns)
    within_s = (worst[1] - worst[0]) / NS_PER_S
    many = int(((after >= worst[0]) & (seen <= worst[1])).sum()) if excess else 0
    return Entries(
        entered=len(came),
        rate_per_s=rate,
        allowed=max(1.0, rate * promises.catches_up_ns / NS_PER_S),
        excess=excess,
        within_s=within_s,
        many=many,
    )
