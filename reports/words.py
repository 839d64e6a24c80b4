"""How figures are written for people: few digits, a unit, and words where there is no number."""

from __future__ import annotations

import math
import re

NOTHING = "–"
NEVER = "never"
MORE_THAN = "more than"


def figure(value: float, unit: str) -> str:
    """A value with its unit; a dash where nothing is known, "never" where it is infinite.

    >>> figure(1234.0, ""), figure(0.3125, "s"), figure(0.004, "share"), figure(12.25, "1/s")
    ('1,234', '312 ms', '0.4 %', '12.25/s')
    """
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return NEVER if unit == "s" else "without end"
    if unit == "s":
        return duration(value)
    if unit == "share":
        return percent(value)
    if unit == "1/s":
        return f"{value:,.2f}/s" if value < 100 else f"{value:,.0f}/s"
    return count(value)


def bound(value: float, unit: str, *, open_: bool) -> str:
    """A figure; where it is open, one of which no more is known than that it is larger.

    >>> bound(3600.0, "s", open_=True), bound(3600.0, "s", open_=False)
    ('more than 60 min', '60 min')
    """
    said = figure(value, unit)
    return f"{MORE_THAN} {said}" if open_ and math.isfinite(value) else said


def narrow_bound(value: float, unit: str, *, open_: bool) -> str:
    """The same for a narrow column.

    >>> narrow_bound(3600.0, "s", open_=True)
    '> 60 min'
    """
    said = figure(value, unit)
    return f"> {said}" if open_ and math.isfinite(value) else said


def round_figure(value: float, unit: str) -> str:
    """A figure that somebody chose: without zeros that say nothing.

    >>> round_figure(2.0, "s"), round_figure(0.05, "s"), round_figure(0.01, "share")
    ('2 s', '50 ms', '1 %')
    """
    return re.sub(r"\.0+(?!\d)", "", figure(value, unit))


def count(value: float) -> str:
    """A whole number, or one decimal for the mean of a few.

    >>> count(1234.5), count(2.5), count(0.01), count(-0.01), count(0.0)
    ('1,234', '2.5', '< 0.1', '0', '0')
    """
    if 0 < value < 0.05:
        return "< 0.1"
    value = round(value, 1) + 0.0  # no -0.0
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:,.1f}"


def percent(share: float) -> str:
    """A share in per cent, with a decimal where it is small.

    >>> percent(0.956), percent(0.0004), percent(1.0)
    ('95.6 %', '0.04 %', '100 %')
    """
    value = 100 * share
    if value == round(value):
        return f"{value:.0f} %"
    return f"{value:.2f} %" if value < 0.1 else f"{value:.1f} %"


def duration(seconds: float) -> str:
    """Three digits or so, in the unit a person would use.

    >>> [duration(s) for s in (0.0, 0.0004, 0.9996, 59.0, 150.0, 40_000.0, 864_000.0)]
    ['0 ms', '0.4 ms', '1.00 s', '59.0 s', '150 s', '11.1 h', '10.0 d']
    """
    ms = 1e3 * seconds
    if ms < 999.5:
        return f"{ms:.1f} ms" if 0 < ms < 10 else f"{ms:.0f} ms"
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    if seconds < 600:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    if seconds < 3 * 86_400:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86_400:.1f} d"


def quantile_name(quantile: float) -> str:
    """What people call a quantile.

    >>> quantile_name(0.95), quantile_name(0.999)
    ('p95', 'p99.9')
    """
    return f"p{100 * quantile:.6g}"


def times(number: int, noun: str) -> str:
    """A number with its noun, in the right number.

    >>> times(1, "launch"), times(1200, "visit")
    ('1 launch', '1,200 visits')
    """
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """More than one of them."""
    return noun + ("es" if noun.endswith(("ch", "sh", "s")) else "s")
