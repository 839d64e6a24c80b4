"""How far an observed figure is from its prediction, where that can be told, and whether it lies within it."""

from __future__ import annotations

import math

from reports.run.comparison.cells import Cell
from simulator.outcomes.counts.durations import SUB

RESOLUTION = {"s": 1.0 / SUB}
"""Two durations that are closer than a bucket of the histogram cannot be told apart."""


def comparable(predicted: Cell | None, observed: Cell | None) -> bool:
    return (
        predicted is not None
        and observed is not None
        and not math.isnan(predicted.value)
        and not math.isnan(observed.value)
    )


def error_of(predicted: Cell | None, observed: Cell | None) -> tuple[float | None, bool]:
    """The error, and whether it is only the least that it can be.

    Of two figures that were not seen to their end, that of the least that they can be: it is what was
    seen for as long, of either. Of two of which one that lie between bounds the error does too; where these bounds are on one side of
    zero, that which is nearer to it can be told.
    """
    if predicted is None or observed is None or not comparable(predicted, observed):
        return None, False
    (least, most), (seen_least, seen_most) = predicted.bounds, observed.bounds
    if predicted.open == observed.open:
        return _relative(least, seen_least), False
    if seen_least > most:
        return _relative(most, seen_least), True
    if seen_most < least:
        return _relative(least, seen_most), True
    return None, False


def _relative(predicted: float, observed: float) -> float | None:
    if predicted == observed:
        return 0.0
    if not math.isfinite(predicted) or not math.isfinite(observed):
        return None
    return (observed - predicted) / predicted if predicted else None


def carries_a_ratio(predicted: Cell | None, observed: Cell | None) -> bool:
    """Whether what is predicted is large enough for an error in per cent of it.

    A prediction tells of one launch, as an observation does, and either spreads by ``s`` from launch
    to launch. Of ``o`` over ``p`` those ratios ``r`` fit for which ``(o - r p)**2`` is at most
    ``z**2 s**2 (1 + r**2)``. They reach from one number to another only if ``p > z s``; else they
    have no end, and chance alone makes nothing or twice as much of it. The middle 95 % of launches
    are ``2 z s`` wide: half of that has to be less than ``p``. A count of Poisson carries a ratio
    from ``z**2 = 3.84`` on.

    What equals its prediction has no error, however small; and where there are too few launches to
    know their middle, or it has no upper end, the ratio is told.

    Source: Fieller 1954, "Some problems in interval estimation", J. R. Stat. Soc. B 16.
    """
    if predicted is None or observed is None or predicted.value == observed.value:
        return True
    half = (predicted.to - predicted.from_) / 2
    return not predicted.value <= half < math.inf


def difference_of(predicted: Cell | None, observed: Cell | None) -> float | None:
    """What a count was off by, where a ratio would say nothing."""
    if carries_a_ratio(predicted, observed) or predicted is None or observed is None:
        return None
    found = observed.value - predicted.value
    return found if math.isfinite(found) else None


def is_within(predicted: Cell | None, observed: Cell | None, unit: str) -> bool | None:
    """Whether all that it can be lies within what is sure; or outside of all that can be.

    Where neither was seen to its end, both were seen for as long: then the least and the most that
    it can be are held against those of the launches.
    """
    if predicted is None or observed is None or not comparable(predicted, observed):
        return None
    if math.isnan(predicted.from_):
        return None
    slack = 1.0 + RESOLUTION.get(unit, 0.0)
    least, most = observed.bounds
    surely_from, surely_to = (
        (predicted.surely_from, predicted.surely_to)
        if predicted.open
        else (predicted.from_, predicted.to)
    )
    if predicted.open and observed.open:
        least_fits = predicted.from_ / slack <= least <= surely_to * slack
        return least_fits and surely_from / slack <= most <= predicted.to * slack
    if surely_from / slack <= least and most <= surely_to * slack:
        return True
    outside = most < predicted.from_ / slack or least > predicted.to * slack
    return None if not outside else False
