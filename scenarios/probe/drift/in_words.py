"""How sure a mean service is, and how it wanders, as a station of a file says it."""

from __future__ import annotations

import math

from scipy import stats

from scenarios.probe.drift.posterior import FOREVER_S, Posterior
from scenarios.probe.drift.windows import Windows
from simulator.scenario.words.stations import Station
from simulator.text.wording import format_duration, format_share

LARGEST = math.log(1_000)
"""No factor of a file is larger, as a logarithm."""

MANY = 1e6
"""Odds beyond this are not told in figures."""

Band = tuple[float, float]
"""Low and high tenth of the truth, as factors of what is written."""


def knows_drift() -> bool:
    """Whether a station can say it."""
    return "drift" in Station.model_fields


def deciles(relative_error: float, samples: int) -> Band:
    """Of the truth over a mean of so many independent samples, by Student's t; 1 where nobody knows.

    >>> low, high = deciles(0.05, 60)
    >>> round(low, 4), round(high, 4)
    (0.9373, 1.0669)
    """
    if samples < 2 or not math.isfinite(relative_error):
        return 1.0, 1.0
    far = min(LARGEST, float(stats.t.ppf(0.9, samples - 1)) * relative_error)
    return math.exp(-far), math.exp(far)


def band_of(found: Posterior) -> Band:
    """What is uncertain of a launch's service beside the drift that the file says; holds 1.

    Where it says one, that is the long-run mean; where it does not, the mean of another stretch as long as
    what was measured, as that may have wandered off as well.
    """
    drawn = found.told and knows_drift()
    low, high = found.factor(FOREVER_S if drawn else found.windows.length_s)
    return min(1.0, low), max(1.0, high)


def factor_in_words(band: Band, why: str) -> str:
    """A factor that each launch draws, with a comment; empty: as written.

    >>> print(factor_in_words((0.9373, 1.0669), "Windows differ"), end="")
    # Windows differ: one launch in ten is beyond each of these.
    service_factor = { low = 0.9373, high = 1.0669 }
    """
    most = math.exp(LARGEST)
    low, high = (round(min(most, max(1 / most, each)), 4) for each in band)
    if low == high:
        return ""
    return (
        f"# {why}: one launch in ten is beyond each of these.\n"
        f"service_factor = {{ low = {low:g}, high = {high:g} }}\n"
    )


def surety(found: Posterior | None) -> str:
    """The words of a station by what its windows say; empty where there are none."""
    if found is None:
        return ""
    return factor_in_words(band_of(found), why(found)) + drift_in_words(found)


def why(found: Posterior) -> str:
    """What the windows say of the mean, and a step of load after them."""
    seen = differing(found.windows)
    if found.told:
        said = f"{seen}, so it wanders. The mean of all that time is not known better than this"
    else:
        length = format_duration(found.windows.length_s * 1e9)
        said = f"{seen}. Another {length} may wander off by what such windows cannot rule out"
    if found.step is None:
        return said
    return f"{said}, and a step of load came out as if services took {found.step.longer:.2f} times as long"


def differing(windows: Windows) -> str:
    """How much the windows' means differ, beside what chance explains."""
    each = format_duration(windows.window_s * 1e9)
    if math.isnan(windows.differ):
        return f"One window of {each} says nothing of wandering"
    differ, chance = format_share(windows.differ), format_share(windows.by_chance)
    return f"{windows.many} windows of {each} differ by {differ} (standard deviation), {chance} by chance"


def drift_in_words(found: Posterior) -> str:
    """How it wanders within a launch; empty where that is not told from chance."""
    if not found.told:
        return ""
    sd, over_s = found.drift
    known = "" if knows_drift() else "# "
    likely = f"{found.odds:,.0f}" if found.odds < MANY else f"more than {MANY:,.0f}"
    return (
        f"# That it wanders makes the windows {likely} times as likely.\n"
        f'{known}drift = {{ sd = {sd:.3f}, over = "{over_s:.3g} s" }}\n'
    )
