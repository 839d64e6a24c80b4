"""Two predictions, paired launch by launch.

Launch ``i`` of either has the same luck where the seeds are the same, so that most of the noise is in
both and falls away; where they are not, the pairs are independent, and the interval is as wide as it
has to be. Without any change the two of a pair can be exchanged: their difference has a symmetric law,
whatever that of the figure, so that Student's interval is sound for few launches too.

A figure that is infinite in some launch (what never ends) has no mean: then the median of the
differences is told, between two of their order statistics.

Source: Law 2015, "Simulation modeling and analysis", 10.2 (paired t, common random numbers); Conover
1999, "Practical nonparametric statistics", 3.2 and 3.4 (quantiles, the sign test).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from simulator.outcomes.figures.compared.difference import (
    TAIL,
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
from simulator.outcomes.figures.intervals import interval_of_share
from simulator.outcomes.figures.reading import Reading
from simulator.units import Floats

RESAMPLES = 1_000
"""Of a bootstrap: its interval's ends are known to within a rank of five in a thousand, a standard error."""


def of_pairs(
    old: Sequence[Reading], new: Sequence[Reading], *, alike: bool = True, tolerance: float = 0.0
) -> Difference:
    """The difference of two predictions; where one has more launches, of as many as both have.

    ``alike``: both were seen for as long, so that lower bounds of the same can be compared.
    ``tolerance``: a change of no more than this share of the old figure is none.
    """
    known = [pair for pair in zip(old, new, strict=False) if not _unknown(*pair)]
    if not known:
        return unsaid(_known_mean(old), _known_mean(new))
    before, after = [one for one, _ in known], [one for _, one in known]
    least_old, least_new = _values(before), _values(after)
    if len(known) < 2 or not (_enough(before) and _enough(after)):
        return unsaid(_mean(least_old), _mean(least_new), few=True)
    old_open, new_open = (any(one.open for one in side) for side in (before, after))
    blur = float(np.mean([a.blur + b.blur for a, b in known]))
    found = _of_values(least_old, least_new, blur, tolerance).opened(old=old_open, new=new_open)
    if not (old_open or new_open) or (old_open and new_open and alike):
        return found
    most_old, most_new = (np.array([one.most for one in side]) for side in (before, after))
    return between(
        found,
        _of_values(most_old, least_new, blur, tolerance),
        _of_values(least_old, most_new, blur, tolerance),
    )


def _of_values(old: Floats, new: Floats, blur: float, tolerance: float) -> Difference:
    differences = np.array([less(b, a) for a, b in zip(old, new, strict=True)])
    if not np.isfinite(differences).all():
        return _by_median(old, new, differences, blur, tolerance)
    many, value = len(differences), float(differences.mean())
    error = spread_of(differences) / math.sqrt(many)
    if not (error or value):
        return none(_mean(old), _mean(new), many)
    half = half_width(error, many - 1) + blur
    beyond = max(0.0, abs(value) - margin(_mean(old), blur, tolerance))
    return Difference(
        old=_mean(old),
        new=_mean(new),
        value=value,
        low=value - half,
        high=value + half,
        # All of so few may have one sign by chance, however little they spread.
        p=max(tails(beyond, error, many - 1), 2.0 ** (1 - many)),
        launches=many,
    )


def _by_median(
    old: Floats, new: Floats, differences: Floats, blur: float, tolerance: float
) -> Difference:
    many, median = len(differences), _median(old)
    ordered, rank = np.sort(differences), rank_of_median(many)
    low, high = (ordered[rank - 1], ordered[-rank]) if rank else (-math.inf, math.inf)
    nothing = margin(median, blur, tolerance)
    one_way = max(int((differences > nothing).sum()), int((differences < -nothing).sum()))
    return Difference(
        old=median,
        new=_median(new),
        value=_median(differences),
        low=float(low) - blur,
        high=float(high) + blur,
        # Pairs that are tied count against a change, as they do in the interval.
        p=min(1.0, 2.0 * float(special.bdtr(many - one_way, many, 0.5))),
        launches=many,
        by_median=True,
    )


def between_medians(old: Sequence[Reading], new: Sequence[Reading]) -> tuple[float, float, float]:
    """The median of the new launches less that of the old ones, and its 95 % interval; NaN: nobody knows.

    Of fewer launches than have a median's interval at all nobody does, nor where not all was seen to its end.

    By the percentiles of a bootstrap that draws pairs, with draws that are the same each time: the median
    of the differences would have an interval of its own kind, and the parts of an error would not add up.

    Source: Efron 1979, "Bootstrap methods: another look at the jackknife".
    """
    known = [pair for pair in zip(old, new, strict=False) if not _unknown(*pair)]
    before, after = [one for one, _ in known], [one for _, one in known]
    if not (rank_of_median(len(known)) and _enough(before) and _enough(after)):
        return math.nan, math.nan, math.nan
    values = np.array([_values(before), _values(after)])
    drawn = np.random.default_rng(0).integers(len(known), size=(RESAMPLES, len(known)))
    medians = np.median(values[:, drawn], axis=2)
    differences = np.sort([less(b, a) for a, b in zip(*medians, strict=True)])
    beyond = int(TAIL * RESAMPLES)
    value = less(float(np.median(values[1])), float(np.median(values[0])))
    if any(one.open for one in (*before, *after)):
        return value, math.nan, math.nan
    blur = float(np.mean([a.blur + b.blur for a, b in known]))
    return value, float(differences[beyond]) - blur, float(differences[-1 - beyond]) + blur


def rank_of_median(many: int) -> int:
    """From which smallest to which largest of so many the median lies with 95 %; 0: too few.

    >>> rank_of_median(5), rank_of_median(6), rank_of_median(100)
    (0, 1, 40)
    """
    rank = 0
    while float(special.bdtr(rank, many, 0.5)) <= TAIL:
        rank += 1
    return rank


def of_outcomes(old: Sequence[bool], new: Sequence[bool]) -> Difference:
    """The difference of two shares of launches, launch by launch.

    Only pairs that differ say something: which way they do is a coin's toss where nothing changed.
    The interval is that of the coin (Clopper-Pearson), times the share of pairs that differ.

    Source: McNemar 1947, "Note on the sampling error of the difference between correlated proportions".
    """
    many = min(len(old), len(new))
    before, after = old[:many], new[:many]
    shares = [sum(side) / many if many else math.nan for side in (before, after)]
    if many < 2:
        return unsaid(*shares, few=True)
    gained = sum(b and not a for a, b in zip(before, after, strict=True))
    lost = sum(a and not b for a, b in zip(before, after, strict=True))
    differ = gained + lost
    if not differ:
        return none(shares[0], shares[1], many)
    low, high = interval_of_share(gained, differ)
    return Difference(
        old=shares[0],
        new=shares[1],
        value=(gained - lost) / many,
        low=(2 * low - 1) * differ / many,
        high=(2 * high - 1) * differ / many,
        p=min(1.0, 2.0 * float(special.bdtr(min(gained, lost), differ, 0.5))),
        launches=many,
    )


def _values(readings: Sequence[Reading]) -> Floats:
    return np.array([one.value for one in readings])


def _mean(values: Floats) -> float:
    return math.inf if np.isinf(values).any() else float(values.mean())


def _known_mean(readings: Sequence[Reading]) -> float:
    """NaN where no launch can say it."""
    known = [one for one in readings if not _unknown(one)]
    return _mean(_values(known)) if known else math.nan


def _median(values: Floats) -> float:
    return float(np.sort(values)[(len(values) - 1) // 2])


def _enough(readings: Sequence[Reading]) -> bool:
    """In the median launch."""
    return 2 * sum(one.enough for one in readings) > len(readings)


def _unknown(*readings: Reading) -> bool:
    return any(math.isnan(one.value) for one in readings)
