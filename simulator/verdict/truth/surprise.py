"""Surprise: whether one observed launch can be one of the predicted ones, by all its figures at once.

If the prediction is right, the observed launch and the ``n`` simulated ones come from one law, in
whatever order (a rehearsal's timetable is the same in all of them; its services, and what is uncertain
of them, are drawn anew). So each launch, the observed one too, is given the distance of its most
surprising figure,

    T = max over figures of |x - median| / spread,

with median and spread of all ``n + 1`` launches together, and every order of the ``n + 1`` distances
is as likely as any other. The observed one is among the ``k`` largest with probability ``k / (n + 1)``
at most: ``p = (launches with at least its distance, itself included) / (n + 1)`` is 5 % or less with
probability 5 % at most, however many figures there are and however they hang together. Twenty figures
that are held against twenty intervals would call every second right prediction wrong; Holm's rule on
their ranks would need some 800 launches to call any wrong at all.

The spread is from the median to the 2.5 % or the 97.5 % quantile, on the side on which the launch
lies, so that a skewed figure is as surprising on either side. What lies within the figure's grain (one
person, or a bucket of the histogram) is no distance. Nor is what one person in a thousand makes of a count, a rate or a
share: where no launch has any of it, the spread is nothing, and two refusals of 100,000 people, of a connection that
broke, would be beyond all launches. No simulation has what happens so rarely, and no plan is another for it: the
strictest objectives ask of one person in a thousand at most. A figure of which somebody has no value is left out for all.

The same distances, compared with the largest of each launch, give every figure a probability of its
own that is right for all of them together (single-step maxT).

Source: Westfall and Young 1993, "Resampling-based multiple testing", 2.3; Barnard 1963 (the rank of what
was observed among simulations).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.outcomes.figures.compared.once import grain_of
from simulator.outcomes.figures.intervals import CONFIDENCE
from simulator.outcomes.figures.reading import Reading
from simulator.units import Floats

LEAST_LAUNCHES = 19
"""With fewer than these no observation has a probability of 5 % or less."""
TAIL = (1 - CONFIDENCE) / 2
TINY = float(np.finfo(float).tiny)
FEW = 0.001
"""So small a part of the people is nobody's surprise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """How likely something as surprising is where the prediction is right."""

    p: float
    """Of all figures together."""
    of_figures: dict[str, float]
    """Of each one, as one of all: one at least is 5 % or less with probability 5 % at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A figure as it was observed and as each launch has it."""

    key: str
    unit: str
    observed: Reading
    launches: Sequence[Reading]


def surprise(figures: Sequence[Compared]) -> Surprise:
    """How surprising the observed launch is among the predicted ones; 1 where nothing can be compared."""
    tried = [figure for figure in figures if is_comparable(figure)]
    if not tried:
        return Surprise(p=1.0, of_figures={})
    apart = [distances(figure) for figure in tried]
    seen = np.array([own for own, _ in apart])
    largest = np.max(np.array([others for _, others in apart]), axis=0)
    many = len(largest) + 1
    p = [(1 + int((largest >= own).sum())) / many for own in seen]
    return Surprise(
        p=min(p), of_figures={each.key: one for each, one in zip(tried, p, strict=True)}
    )


def is_comparable(figure: Compared) -> bool:
    """Whether everybody has a value, and they are not all the same."""
    readings = (figure.observed, *figure.launches)
    known = all(reading.enough and reading.value == reading.value for reading in readings)
    seen = figure.observed
    return known and any(
        (one.value, one.most) != (seen.value, seen.most) for one in figure.launches
    )


def distances(figure: Compared) -> tuple[float, Floats]:
    """How far the observed one is from the median, in spreads, and how far each launch is.

    Of what was not seen to its end more is said of the launches, and less of what was observed, than is
    sure, unless both are lower bounds: then both were seen for as long, and are compared as they are.
    """
    readings = (figure.observed, *figure.launches)
    least, most = np.array([(one.value, one.most) for one in readings]).T
    grain = float(np.median([least_apart(one, figure.unit) for one in figure.launches]))
    apart = in_spreads(least, least, grain)
    if all(one.open == figure.observed.open for one in figure.launches):
        return float(apart[0]), apart[1:]
    other = in_spreads(most, least, grain)
    return float(min(apart[0], other[0])), np.maximum(apart, other)[1:]


def least_apart(one: Reading, unit: str) -> float:
    """What is no distance of a figure: its grain, and what few people make of it. Durations have their grain alone."""
    few = {"": FEW * one.samples, "share": FEW, "1/s": FEW * one.value}
    return max(grain_of(one, unit), few.get(unit, 0.0))


def in_spreads(values: Floats, launches: Floats, grain: float) -> Floats:
    """How much farther than a grain values are from the median of launches, in their spread.

    Made of order statistics, since what never ends is infinite and cannot be interpolated.
    """
    ordered, last = np.sort(launches), len(launches) - 1
    low, median, high = (float(ordered[round(share * last)]) for share in (TAIL, 0.5, 1 - TAIL))
    below, above = (max(_apart(median, each), grain, TINY) for each in (low, high))
    return np.array([
        _distance(max(0.0, _apart(value, median) - grain), below if value < median else above)
        for value in values.tolist()
    ])  # fmt: skip


def _distance(apart: float, spread: float) -> float:
    """Where even the spread has no end, as far as others are who never end."""
    return apart / spread if math.isfinite(spread) else float(math.isinf(apart))


def _apart(one: float, other: float) -> float:
    return 0.0 if one == other else abs(one - other)
