"""Score: how good predictions have been, over the launches whose outcome is known.

The unit is the launch. Its figures depend on one another (who waits longer is also answered later), so
that twenty figures of one launch are far from twenty launches of one figure. The share of figures that
lay in the middle 95 % of their prediction is estimated over all of them, and its interval is that of as
many independent figures as have the same variance from launch to launch.

Source: Korn and Graubard 1998, "Confidence intervals for proportions with small expected number of
positive counts estimated from survey data", Survey Methodology 24 (the effective sample size).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One figure of one launch, held against its prediction."""

    key: str
    error: float
    """Observed less predicted, as a share of the predicted; NaN where that says nothing."""
    within: bool | None
    """Whether it lay in the middle 95 % that was predicted; None: it cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What share of figures lay in their predicted middle 95 %."""

    within: int
    of: int
    launches: int
    low: float
    """NaN of fewer than two launches: nothing is known of how launches differ."""
    high: float

    @property
    def share(self) -> float:
        return self.within / self.of if self.of else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureScore:
    """How well one figure was predicted, launch by launch."""

    key: str
    median: float
    """Of the errors; NaN where none carries a share."""
    least: float
    most: float
    errors: int
    within: int
    of: int


def coverage(launches: Sequence[Sequence[Held]]) -> Coverage:
    """Over all figures of all launches that can be told."""
    counts = [
        (sum(bool(one.within) for one in known), len(known))
        for launch in launches
        if (known := [one for one in launch if one.within is not None])
    ]
    within, of = sum(a for a, _ in counts), sum(b for _, b in counts)
    low, high = interval(counts)
    return Coverage(within=within, of=of, launches=len(counts), low=low, high=high)


def interval(counts: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The 95 % interval of a share, of (within, of) by launch; NaN of fewer than two launches."""
    launches = len(counts)
    if launches < 2:
        return math.nan, math.nan
    within, of = sum(a for a, _ in counts), sum(b for _, b in counts)
    share = within / of
    effective = effective_figures(counts, share)
    tail = (1 - CONFIDENCE) / 2
    x = effective * share
    low = float(stats.beta.ppf(tail, x, effective - x + 1)) if within else 0.0
    high = float(stats.beta.ppf(1 - tail, x + 1, effective - x)) if within < of else 1.0
    return low, high


def effective_figures(counts: Sequence[tuple[int, int]], share: float) -> float:
    """As many independent figures would tell as much.

    Where all are alike nothing is known of how launches differ, so each counts as one figure. Else a few
    launches may by chance differ little, and the interval would be too short (it held 92.5 % of the time, of
    20 launches): one launch is added whose figures all lie within, or none, as large as the mean one.
    """
    launches, of = len(counts), sum(b for _, b in counts)
    within = sum(a for a, _ in counts)
    if all(a * of == within * b for a, b in counts):
        return float(launches)
    spread = sum((a - share * b) ** 2 for a, b in counts)
    spread += share * (1 - share) * (of / launches) ** 2
    variance = spread * launches**2 / (launches**2 - 1) / of**2
    # A variance of few launches is itself a guess: Student's t pays for it.
    wide = stats.t.ppf(0.975, launches - 1) / stats.t.ppf(0.975, max(of - 1, 1))
    return min(of, share * (1 - share) / variance) / float(wide) ** 2


def by_figure(launches: Sequence[Sequence[Held]]) -> tuple[FigureScore, ...]:
    """Each figure over the launches that have it, in the order in which they are met first."""
    found: dict[str, list[Held]] = {}
    for launch in launches:
        for one in launch:
            found.setdefault(one.key, []).append(one)
    return tuple(score_of(key, held) for key, held in found.items())


def score_of(key: str, held: Sequence[Held]) -> FigureScore:
    errors = [one.error for one in held if not math.isnan(one.error)]
    told = [one.within for one in held if one.within is not None]
    return FigureScore(
        key=key,
        median=statistics.median(errors) if errors else math.nan,
        least=min(errors, default=math.nan),
        most=max(errors, default=math.nan),
        errors=len(errors),
        within=sum(told),
        of=len(told),
    )
