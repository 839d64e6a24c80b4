"""How many launches it takes to be sure of something, from the binomial law alone."""

from itertools import count

import numpy as np
from scipy import stats

from simulator.outcomes.figures.intervals import CONFIDENCE, clopper_pearson


def band(trials: int, share: float, level: float) -> tuple[int, int]:
    """The middle ``level`` of a binomial count."""
    low, high = stats.binom.interval(level, trials, share)
    return int(low), int(high)


def p_between(low: int, high: int, trials: int, share: float) -> float:
    """That a binomial count is one of ``low``, ..., ``high``."""
    return float(stats.binom.cdf(high, trials, share) - stats.binom.cdf(low - 1, trials, share))


def ranks(sample: int, share: float) -> tuple[int, int, float]:
    """The closest order statistics ``l`` and ``u`` with the quantile between them, 95 % surely.

    The first of them is below it and the last above if at least ``l`` and fewer than ``u`` of the
    sample are.
    """
    below = stats.binom.cdf(np.arange(-1, sample), sample, share)
    for width in count(1):
        sure = below[width + 1 :] - below[1:-width]
        if (sure >= CONFIDENCE).any():
            low = 1 + int(np.argmax(sure >= CONFIDENCE))
            return low, low + width, float(sure[low - 1])
    raise AssertionError


def fewest_for_both_sides(share: float) -> int:
    """So many launches have a smallest and a largest with the quantile between them, 95 % surely."""
    return next(n for n in count(1) if 1 - share**n - (1 - share) ** n >= CONFIDENCE)


def fewest_for_an_upper_bound(share: float) -> int:
    """Of so many launches the worst is above the quantile, 95 % surely."""
    return next(n for n in count(1) if 1 - share**n >= CONFIDENCE)


def launches_to_certify(failures: int) -> int:
    """So many launches, of which ``failures`` do not hold, show that 95 % hold."""
    return next(n for n in count(failures + 1) if clopper_pearson(n - failures, n)[0] >= CONFIDENCE)


def launches_for_power(holds: float, power: float) -> int:
    """So many launches, or any larger number, show with this probability that 95 % hold.

    ``holds`` is the share that does. The probability falls until one failure more is allowed, so
    the last number before that counts.
    """
    for failures in count():
        next_one = launches_to_certify(failures + 1)
        if stats.binom.cdf(failures, next_one - 1, 1 - holds) >= power:
            return launches_to_certify(failures)
    raise AssertionError
