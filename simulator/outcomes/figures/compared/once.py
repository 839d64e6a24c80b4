"""Two runs, each of which took place once.

The visits of a run depend on one another, so that no number of them tells how far its figures move by
chance. What does are the simulated launches of its own plan: the variance of one further launch of
either plan, added, is that of the difference. That is the luck of the draws alone; what a machine
does from one day to the next is in no simulation.

Source: Welch 1947, "The generalization of Student's problem when several different population
variances are involved" (the degrees of freedom).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from simulator.outcomes.counts.durations import SUB
from simulator.outcomes.figures.compared.difference import (
    Difference,
    between,
    half_width,
    less,
    margin,
    none,
    spread_of,
    tails,
    unsaid,
)
from simulator.outcomes.figures.reading import Reading
from simulator.units import Floats


def of_two(
    old: Reading,
    new: Reading,
    old_launches: Sequence[Reading],
    new_launches: Sequence[Reading],
    *,
    unit: str,
    alike: bool = True,
    tolerance: float = 0.0,
) -> Difference:
    """The difference of two observed figures, and the spread of either's simulated launches.

    ``alike`` and ``tolerance`` are those of :func:`simulator.outcomes.figures.compared.paired.of_pairs`.
    """
    if math.isnan(old.value) or math.isnan(new.value):
        return unsaid(old.value, new.value)
    if not (old.enough and new.enough):
        return unsaid(old.value, new.value, few=True)
    if old.value == new.value and old.open == new.open:
        return none(old.value, new.value).opened(old=old.open, new=new.open)
    known = [_known(launches) for launches in (old_launches, new_launches)]
    if min(map(len, known)) < 2:
        return unsaid(old.value, new.value, few=True)
    if not all(np.isfinite(each).all() for each in known):
        return unsaid(old.value, new.value, undecided=True).opened(old=old.open, new=new.open)
    error, freedom = welch(known[0], known[1])
    grain = grain_of(old, unit) + grain_of(new, unit)
    half = half_width(error, freedom) + grain

    def told(before: float, after: float) -> Difference:
        value = less(after, before)
        beyond = max(0.0, abs(value) - margin(before, grain, tolerance))
        return Difference(
            old=old.value, new=new.value, value=value, low=value - half, high=value + half,
            p=tails(beyond, error, freedom), old_open=old.open, new_open=new.open,
        )  # fmt: skip

    found = told(old.value, new.value)
    if not (old.open or new.open) or (old.open and new.open and alike):
        return found
    return between(found, told(old.most, new.value), told(old.value, new.most))


def welch(old: Floats, new: Floats) -> tuple[float, float]:
    """Standard deviation of the difference of one further launch of each, and its degrees of freedom."""
    variances = spread_of(old) ** 2, spread_of(new) ** 2
    total = sum(variances)
    if not total:
        return 0.0, float(len(old) + len(new) - 2)
    parts = variances[0] ** 2 / (len(old) - 1) + variances[1] ** 2 / (len(new) - 1)
    return math.sqrt(total), total**2 / parts


def grain_of(reading: Reading, unit: str) -> float:
    """The least by which a single observation is off: one person, or what its bucket hides.

    A line lets in the same number in every simulation; of a server it is one more or less, by the
    instant at which the last one asked.
    """
    if unit == "s":
        # A lower bound is the lower end of its bucket.
        return reading.value / SUB if reading.open else reading.blur
    if unit == "":
        return 1.0
    people = max(1, reading.samples)
    return (reading.value if unit == "1/s" else 1.0) / people


def _known(launches: Sequence[Reading]) -> Floats:
    return np.array([one.value for one in launches if not math.isnan(one.value)])
