"""How figures are written for people: their unit, and words where there is no number.

Numbers themselves are written by :mod:`simulator.text.wording`.
"""

from __future__ import annotations

import math

from simulator.text.wording import format_count, format_duration, format_rate, format_share
from simulator.units import NS_PER_S

NOTHING = "–"
NEVER = "never"
MORE_THAN = "more than"


def figure(value: float, unit: str) -> str:
    """A value with its unit; a dash where nothing is known, "never" where it is infinite.

    >>> figure(1234.0, ""), figure(0.3125, "s"), figure(0.004, "share"), figure(12.25, "1/s")
    ('1,234', '312 ms', '0.4 %', '12.2/s')
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
        return rate(value)
    return count(value)


def bound(value: float, unit: str, *, open_: bool) -> str:
    """A figure; where it is open, one of which no more is known than that it is larger.

    >>> bound(3600.0, "s", open_=True), bound(3600.0, "s", open_=False)
    ('more than 1 h', '1 h')
    """
    said = figure(value, unit)
    return f"{MORE_THAN} {said}" if open_ and math.isfinite(value) else said


def narrow_bound(value: float, unit: str, *, open_: bool) -> str:
    """The same for a narrow column.

    >>> narrow_bound(3600.0, "s", open_=True)
    '> 1 h'
    """
    said = figure(value, unit)
    return f"> {said}" if open_ and math.isfinite(value) else said


def between(low: float, high: float, unit: str, to: str = " to ") -> str:
    """From one value to another; one of them, where they read alike.

    >>> between(0.25, 2.0, "s"), between(12.0, 12.01, "")
    ('250 ms to 2 s', '12')
    """
    ends = figure(low, unit), figure(high, unit)
    return ends[0] if ends[0] == ends[1] else to.join(ends)


def count(value: float) -> str:
    """A whole number, or a decimal or two for the mean of a few."""
    return format_count(value)


def percent(share: float) -> str:
    """A share in per cent."""
    return format_share(share)


def change(share: float) -> str:
    """By how much more or less, in per cent.

    >>> change(0.2), change(-0.031), change(0.00004), change(0.0)
    ('+20.0 %', '-3.1 %', '< 0.1 %', '0 %')
    """
    if not math.isfinite(share):
        return NOTHING if math.isnan(share) else "without end"
    rounded = round(100 * share, 1)
    if rounded:
        return f"{rounded:+,.1f} %"
    return "< 0.1 %" if share else "0 %"


def duration(seconds: float) -> str:
    """A time in the units that a person would use.

    >>> [duration(s) for s in (0.0, 0.0004, 0.9996, 59.0, 150.0, 40_000.0, 864_000.0)]
    ['0 s', '400 µs', '1 s', '59 s', '2 min 30 s', '11 h 7 min', '10 days']
    """
    return NEVER if math.isinf(seconds) else format_duration(seconds * NS_PER_S)


def visitor(joined_s: float) -> str:
    """One of them, as somebody can find who he was: his number says nothing.

    >>> visitor(1.2)
    'a visitor who joined 1.2 s after the opening'
    """
    return f"a visitor who joined {duration(joined_s)} after the opening"


def rate(per_s: float) -> str:
    """How many in a unit of time."""
    return format_rate(per_s)


def quantile_name(quantile: float) -> str:
    """What people call a quantile.

    >>> quantile_name(0.95), quantile_name(0.999)
    ('p95', 'p99.9')
    """
    return f"p{100 * quantile:.6g}"


def beyond(quantile: float) -> str:
    """The share that lies beyond a quantile, as exactly as its name says it.

    >>> beyond(0.95), beyond(0.999)
    ('5 %', '0.1 %')
    """
    return f"{100.0 * (1.0 - quantile):.6g} %"


def times(number: int, noun: str) -> str:
    """A number with its noun, in the right number.

    >>> times(1, "launch"), times(1200, "visit")
    ('1 launch', '1,200 visits')
    """
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def people(count: str) -> str:
    """The noun behind a count as people read it.

    >>> people("1"), people("1 to 3")
    ('person', 'people')
    """
    return "person" if count == "1" else "people"


def plural(noun: str) -> str:
    """More than one of them."""
    return noun + ("es" if noun.endswith(("ch", "sh", "s")) else "s")
