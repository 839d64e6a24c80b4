"""Intervals: how sure a figure is, with launches as the unit.

Visits within one launch are not independent of one another; launches are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.demand import Floats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure over several launches."""

    mean: float
    """NaN where no launch had enough samples for it, infinite where a launch's was."""
    low: float
    high: float
    """The 95 % confidence interval of the mean."""
    from_: float
    to: float
    """Where the middle 95 % of the launches lie: what one observed launch is held against."""
    launches: int
    """How many launches could say it."""
    samples: int
    """Median number of samples behind it in a launch."""
    enough: bool = True
    """Whether the samples of a launch carry the figure; if not, it is "too few"."""
    open: bool = False
    """Whether the mean is a lower bound: of some launches no more is known than that their figure is
    at least so much. Then the launches' middle reaches up to their largest possible figures."""
    surely_from: float = math.nan
    surely_to: float = math.nan
    """Where it is open: that the launches' middle reaches from here to there is sure."""


def estimate(values: list[float], samples: list[int], *, enough: bool = True) -> Estimate:
    """Mean, its Student t interval and the middle 95 % of launches.

    Source: Law 2015, "Simulation modeling and analysis", 9.4 (independent replications).
    """
    known = np.array([value for value in values if not math.isnan(value)])
    middle = int(np.median(samples)) if samples else 0
    if not len(known):
        nan = math.nan
        return Estimate(
            mean=nan, low=nan, high=nan, from_=nan, to=nan, launches=0, samples=middle, enough=False
        )
    mean, half = mean_and_half_width(known)
    return Estimate(
        mean=mean,
        low=mean - half if math.isfinite(mean) else mean,
        high=mean + half if math.isfinite(mean) else mean,
        from_=float(np.quantile(known, (1 - CONFIDENCE) / 2, method="lower")),
        to=float(np.quantile(known, (1 + CONFIDENCE) / 2, method="higher")),
        launches=len(known),
        samples=middle,
        enough=enough,
    )


def mean_and_half_width(values: Floats) -> tuple[float, float]:
    """The mean, and half the width of its 95 % Student t interval (infinite for one value)."""
    if np.isinf(values).any():
        return math.inf, math.inf
    mean = float(values.mean())
    if len(values) < 2:
        return mean, math.inf
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    return mean, float(special.stdtrit(len(values) - 1, (1 + CONFIDENCE) / 2)) * error


def clopper_pearson(successes: int, trials: int) -> tuple[float, float]:
    """One-sided 95 % bounds, lower and upper, of a share.

    Source: Clopper and Pearson 1934.
    """
    failures = trials - successes
    alpha = 1 - CONFIDENCE
    low = float(special.betaincinv(successes, failures + 1, alpha)) if successes else 0.0
    high = float(special.betaincinv(successes + 1, failures, 1 - alpha)) if failures else 1.0
    return low, high
