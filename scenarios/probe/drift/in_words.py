"""How sure a mean service is, and how it wanders, as a station of a file says it."""

from __future__ import annotations

import math

from scipy import stats

from scenarios.probe.drift.posterior import FOREVER_S, Posterior
from scenarios.probe.drift.windows import Windows
from simulator.scenario.words.stations import Station
from simulator.text.wording import format_duration, format_share
from simulator.timetable.volume import DECILE

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
    band = found.factor(FOREVER_S if drawn else found.windows.length_s)
    if found.step is not None:
        alone = found.wandered(found.step.lasted_s) if drawn else 0.0
        band = with_step(band, math.log(found.step.longer), found.step.error**2 + alone)
    return min(1.0, band[0]), max(1.0, band[1])


def with_step(band: Band, log_longer: float, variance: float) -> Band:
    """A band after a step of load came out so much longer, which is known to within ``variance``.

    Probe and step are two studies of one level that differ by more than each one's own error: the variance
    between them, by the method of moments, is in the next launch as well, and half of it in their mean
    (DerSimonian and Laird 1986). Where they agree the band keeps its width.

    >>> low, high = with_step((0.9, 1.1), math.log(1.3), 0.0)
    >>> round(low, 2), round(high, 2)
    (0.84, 1.54)
    """
    low, high = map(math.log, band)
    middle, own = (low + high) / 2, ((high - low) / 2 / DECILE) ** 2
    apart = log_longer - middle
    between = max(0.0, (apart**2 - own - variance) / 2)
    weight = (own + between) / (2 * (own + between) + variance) if own + between else 0.0
    far = DECILE * math.sqrt(own + 1.5 * between)
    middle += weight * apart
    return math.exp(middle - far), math.exp(middle + far)


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
