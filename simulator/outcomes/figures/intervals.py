"""Intervals: how sure a figure is, with launches as the unit.

Visits within one launch are not independent of one another; launches are.

No figure is negative and no share is above 1, and an interval that says so is no interval of it. So
the mean's is made on the logarithm (of a share: on the logit), where every number is possible, and
brought back: with ``h`` half of Student's interval of the mean ``m``, from ``m exp(-h/m)`` to
``m exp(h/m)``. To first order in ``h/m`` that is Student's own; where few launches say little, it
leans to the right, as the mean of a skewed figure does.

Source: Casella and Berger 2002, "Statistical inference", 5.5.4 (the delta method).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.units import Floats

CONFIDENCE = 0.95
ENOUGH_LAUNCHES = math.ceil(2 / (1 - CONFIDENCE) - 1e-9) - 1
"""The fewest that have a middle 95 %: a further launch falls between the smallest and the largest of
``n`` with probability ``(n - 1) / (n + 1)``, which is 95 % for 39."""
LARGEST_EXPONENT = 700.0
"""Its exponential is still a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure over several launches."""

    mean: float
    """NaN where no launch had enough samples for it, infinite where a launch's was."""
    low: float
    high: float
    """The 95 % confidence interval of the mean."""
    median: float
    """Of the launches: what a single launch is held against. Where some launches collapse and others do
    not, the mean is a figure that hardly any of them has."""
    from_: float
    to: float
    """Where the middle 95 % of the launches lie: what one observed launch is held against. NaN
    where there are fewer launches than :data:`ENOUGH_LAUNCHES`."""
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


def estimate(
    values: list[float],
    samples: list[int],
    *,
    enough: bool = True,
    most: float = math.inf,
    blur: float = 0.0,
) -> Estimate:
    """Mean, its interval and the middle 95 % of launches, of values from 0 to ``most``.

    ``blur`` is how far all values may be off alike, and widens the interval.

    Source: Law 2015, "Simulation modeling and analysis", 9.4 (independent replications).
    """
    known = np.array([value for value in values if not math.isnan(value)])
    of_a_launch = int(np.median(samples)) if samples else 0
    if not len(known):
        nan = math.nan
        return Estimate(
            mean=nan, low=nan, high=nan, median=nan, from_=nan, to=nan, launches=0, samples=of_a_launch, enough=False
        )  # fmt: skip
    mean, half = mean_and_half_width(known)
    low, high = interval(mean, half, most)
    from_, to = middle(known)
    return Estimate(
        mean=mean,
        low=max(0.0, low - blur),
        high=min(most, high + blur),
        median=float(np.median(known)),
        from_=float(from_),
        to=float(to),
        launches=len(known),
        samples=of_a_launch,
        enough=enough,
    )


def interval(mean: float, half: float, most: float = math.inf) -> tuple[float, float]:
    """The interval of a mean from 0 to ``most``, of which Student's would be ``half`` to each side."""
    if math.isinf(half) and math.isfinite(mean):
        return 0.0, most
    if not 0.0 < mean < most or half == 0.0:
        return mean, mean
    if math.isinf(most):
        factor = math.exp(min(half / mean, LARGEST_EXPONENT))
        return mean / factor, mean * factor
    share = mean / most
    logit, width = float(special.logit(share)), half / most / (share * (1.0 - share))
    return most * float(special.expit(logit - width)), most * float(special.expit(logit + width))


def middle(values: Floats) -> tuple[Floats, Floats]:
    """Where the middle 95 % of launches lie, along the first axis; NaN of too few launches.

    Between the l-th smallest and the l-th largest of ``n`` a further launch falls with probability
    ``(n + 1 - 2 l) / (n + 1)``, whatever its law. That is 95 % or more up to ``l = 0.025 (n + 1)``.

    Source: Wilks 1941, "Determination of sample sizes for setting tolerance limits".
    """
    place = rank_of_middle(len(values))
    if not place:
        unknown = np.full(values.shape[1:], math.nan)
        return unknown, unknown
    ordered = np.sort(values, axis=0)
    return ordered[place - 1], ordered[-place]


def rank_of_middle(launches: int) -> int:
    """How many launches from either end the middle 95 % begin; 0 where there are too few.

    >>> rank_of_middle(38), rank_of_middle(39), rank_of_middle(100)
    (0, 1, 2)
    """
    return math.floor((launches + 1) * (1 - CONFIDENCE) / 2 + 1e-9)


def mean_and_half_width(values: Floats) -> tuple[float, float]:
    """The mean, and half the width of its 95 % Student t interval (infinite for one value)."""
    if np.isinf(values).any():
        return math.inf, math.inf
    mean = float(values.mean())
    if len(values) < 2:
        return mean, math.inf
    if (values == values[0]).all():  # rounding makes a spread of none
        return float(values[0]), 0.0
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    return mean, float(special.stdtrit(len(values) - 1, (1 + CONFIDENCE) / 2)) * error


def clopper_pearson(
    successes: int, trials: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """One-sided bounds, lower and upper, of a share.

    Source: Clopper and Pearson 1934.
    """
    failures = trials - successes
    alpha = 1 - confidence
    low = float(special.betaincinv(successes, failures + 1, alpha)) if successes else 0.0
    high = float(special.betaincinv(successes + 1, failures, 1 - alpha)) if failures else 1.0
    return low, high


def interval_of_share(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share: on either side it is missed once in forty at most.

    >>> [round(bound, 4) for bound in (*interval_of_share(0, 60), *interval_of_share(30, 60))]
    [0.0, 0.0596, 0.3681, 0.6319]
    """
    return clopper_pearson(successes, trials, (1 + CONFIDENCE) / 2)
