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

FEW = 0.002
"""A mean that is moved by a smaller share stays as it was measured."""

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


def settled(found: Posterior | None) -> float:
    """How many times as long as measured a service is written; 1 where no step of load was sent.

    A step is sent as a launch is, by the same generator, and its people are more than were alone in flight: what
    it says of the mean counts by how sure it is, beside what the windows say.
    """
    if found is None or found.step is None:
        return 1.0
    _, middle, _ = found.factor(stretch_s(found))
    return middle if abs(middle - 1) >= FEW else 1.0


def band_of(found: Posterior) -> Band:
    """What is uncertain of a launch's service beside the drift that the file says; holds 1."""
    low, _, high = found.factor(stretch_s(found))
    written = settled(found)
    return min(1.0, low / written), max(1.0, high / written)


def stretch_s(found: Posterior) -> float:
    """Over what time the mean is asked for.

    Where the file says a drift, that is the long run; where it does not, another stretch as long as
    what was measured, as that may have wandered off as well.
    """
    drawn = found.told and knows_drift()
    return FOREVER_S if drawn else found.windows.length_s


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
    said = f"{said}, and a step of load came out as if services took {found.step.longer:.2f} times as long"
    factor = settled(found)
    if factor == 1:
        return said
    both = "both together make" if found.windows.loaded else "of services under load that makes"
    return f"{said}: {both} {factor:.3f} times, which is written"


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
