"""Several replays on either side: their own spread tells what chance makes, the machine's included.

Replays with one seed have the same people, so that the seed's luck is in both sides and falls away.
A figure of replay ``r`` with seed ``s`` is ``mean_s + change * (r is new) + noise``, fitted by least
squares (a design of randomised blocks). With one seed that is Student's test of two samples, with one
replay of either side for each seed his test of pairs; all else lies between.

Noise is how far equal replays lie apart, so a day on which the machine is slow is in it, which no
simulation knows. It is taken to be as wide on both sides, which is what nothing has changed means.
Where replays tell no spread (there is one of each, all agree to the last digit, or some never ended),
their medians are held against the spread of simulated launches (:mod:`simulator.outcomes.figures.compared.once`).

Source: Montgomery 2019, "Design and analysis of experiments", 4.1 (the randomised complete block
design) and 4.4 (least squares where blocks are incomplete).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from simulator.outcomes.figures.compared.difference import (
    Difference,
    between,
    half_width,
    less,
    margin,
    tails,
    unsaid,
)
from simulator.outcomes.figures.compared.once import grain_of, of_two
from simulator.outcomes.figures.reading import Reading
from simulator.units import Floats

Values = Sequence[tuple[int, float]]
"""Of each replay: its seed, and a value."""


class Seen(NamedTuple):
    """A figure of one replay."""

    seed: int
    """Of its launch: the same people come with the same seed."""
    reading: Reading


@dataclass(frozen=True, slots=True)
class Fitted:
    """The change, and what chance makes of it."""

    old: float
    new: float
    error: float
    """The standard error of new less old."""
    freedom: int


def of_replays(
    old: Sequence[Seen],
    new: Sequence[Seen],
    old_launches: Sequence[Reading],
    new_launches: Sequence[Reading],
    *,
    unit: str,
    alike: bool = True,
    tolerance: float = 0.0,
) -> Difference:
    """The difference of a figure between some replays and others.

    ``old_launches`` and ``new_launches`` are simulated ones of either side; ``alike`` and
    ``tolerance`` are those of :func:`simulator.outcomes.figures.compared.paired.of_pairs`.
    """
    old, new = _known(old), _known(new)
    if not old or not new:
        return unsaid(_middle(old), _middle(new))
    if not (_enough(old) and _enough(new)):
        return unsaid(_middle(old), _middle(new), few=True)
    old_open, new_open = (any(one.reading.open for one in side) for side in (old, new))
    ends = [{math.isfinite(one.reading.value) for one in side} for side in (old, new)]
    if any(
        len(each) > 1 for each in ends
    ):  # some of one side never ended: no median says by how much
        return unsaid(_middle(old), _middle(new), undecided=True)
    fitted = fit(_least(old), _least(new))
    if fitted is None:
        found = of_two(
            _median(old), _median(new), old_launches, new_launches,
            unit=unit, alike=alike, tolerance=tolerance,
        )  # fmt: skip
        return replace(found, by_median=len(old) + len(new) > 2)
    grain = max(grain_of(one.reading, unit) for one in (*old, *new))
    found = _told(fitted, grain, tolerance, len(old) + len(new))
    found = found.opened(old=old_open, new=new_open)
    if not (old_open or new_open) or (alike and all(one.reading.open for one in (*old, *new))):
        return found
    return between(
        found,
        _bound(_most(old), _least(new), grain, tolerance),
        _bound(_least(old), _most(new), grain, tolerance),
    )


def fit(old: Values, new: Values) -> Fitted | None:
    """The change, by least squares; None where no spread is seen, or no seed is on both sides.

    A seed of one side alone tells of the spread, and nothing of the change.

    >>> fit([(1, 4.0), (1, 6.0)], [(1, 8.0), (1, 10.0)])
    Fitted(old=5.0, new=9.0, error=1.4142135623730951, freedom=2)
    """
    blocks = [_block(old, new, seed) for seed in sorted({seed for seed, _ in (*old, *new)})]
    both = [block for block in blocks if len(block[0]) and len(block[1])]
    if not both or not all(np.isfinite(side).all() for block in blocks for side in block):
        return None
    weights = np.array([len(a) * len(b) / (len(a) + len(b)) for a, b in both])
    means = np.array([(a.mean(), b.mean()) for a, b in both])
    before, after = np.average(means, axis=0, weights=weights).tolist()
    apart = (weights * (means[:, 1] - means[:, 0] - (after - before)) ** 2).sum()
    squares = apart + sum(_squares(side) for block in blocks for side in block)
    freedom = len(old) + len(new) - len(blocks) - 1
    if freedom < 1 or squares <= SAME * max(abs(before), abs(after)) ** 2:
        return None
    return Fitted(before, after, math.sqrt(squares / freedom / weights.sum()), freedom)


SAME = 1e-24
"""Squares of so small a share are rounding."""


def _block(old: Values, new: Values, seed: int) -> tuple[Floats, Floats]:
    a, b = (np.array([value for of, value in side if of == seed]) for side in (old, new))
    return a, b


def _squares(values: Floats) -> float:
    return float(((values - values.mean()) ** 2).sum()) if len(values) else 0.0


def _told(fitted: Fitted, grain: float, tolerance: float, replays: int = 1) -> Difference:
    value, half = fitted.new - fitted.old, half_width(fitted.error, fitted.freedom) + grain
    beyond = max(0.0, abs(value) - margin(fitted.old, grain, tolerance))
    return Difference(
        old=fitted.old,
        new=fitted.new,
        value=value,
        low=value - half,
        high=value + half,
        p=tails(beyond, fitted.error, fitted.freedom),
        launches=replays,
    )


def _bound(old: Values, new: Values, grain: float, tolerance: float) -> Difference:
    """What the difference would be if that much was not seen: without end, where nobody knows."""
    fitted = fit(old, new)
    if fitted is not None:
        return _told(fitted, grain, tolerance)
    before, after = (math.fsum(value for _, value in side) / len(side) for side in (old, new))
    value = less(after, before)
    endless = math.isinf(value)
    return Difference(
        old=before, new=after, value=value, low=value, high=value, p=0.0 if endless else 1.0
    )


def _known(side: Sequence[Seen]) -> list[Seen]:
    return [one for one in side if not math.isnan(one.reading.value)]


def _enough(side: Sequence[Seen]) -> bool:
    """In most of them."""
    return 2 * sum(one.reading.enough for one in side) > len(side)


def _least(side: Sequence[Seen]) -> Values:
    return [(one.seed, one.reading.value) for one in side]


def _most(side: Sequence[Seen]) -> Values:
    return [(one.seed, one.reading.most) for one in side]


def _median(side: Sequence[Seen]) -> Reading:
    ordered = sorted((one.reading for one in side), key=lambda one: one.value)
    return ordered[(len(ordered) - 1) // 2]


def _middle(side: Sequence[Seen]) -> float:
    return _median(side).value if side else math.nan
