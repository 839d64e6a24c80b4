"""Numbers as people read them: the one place that turns a quantity into text.

Three digits carry a figure; zeros at their end are left out. Above them whole numbers, with their
thousands set apart. A number is written in the unit that makes it one or more; what would round up
to the next unit is written in that one. What is not 0 never reads as 0, and no share that is not
1 as 100 %: too small a number is said to be below a bound. What is no number is said in words.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import pairwise

from simulator.units import FOREVER, NS_PER_S

LONG_NS = (
    ("days", 86_400 * NS_PER_S), ("h", 3_600 * NS_PER_S), ("min", 60 * NS_PER_S), ("s", NS_PER_S),
)  # fmt: skip
"""Units of which two are written side by side."""
SHORT_NS = (("s", NS_PER_S), ("ms", 1_000_000))
PER_S = (("s", 1), ("min", 60), ("h", 3_600), ("day", 86_400))

SENTENCE = re.compile(r".*?[.?!](?=\s|$)", re.DOTALL)

ROUNDS_UP = 0.9995
"""With three digits, 0.9995 of a unit and more is one of them."""
FEWEST = 1e-3
"""Of a mean of few, of microseconds, and of people a day: what is less is nearly none."""


def no_number(value: float) -> str:
    """What stands in the place of a number where there is none; empty: it is one.

    >>> no_number(math.nan), no_number(math.inf), no_number(0.0)
    ('unknown', 'without end', '')
    """
    if math.isnan(value):
        return "unknown"
    return "without end" if math.isinf(value) else ""


def format_duration(ns: float) -> str:
    """A duration: two units at most, or three digits.

    >>> format_duration(40_000_000), format_duration(5_400 * 10**9), format_duration(1.234e9)
    ('40 ms', '1 h 30 min', '1.23 s')
    >>> format_duration(0), format_duration(250), format_duration(3_599.9e9)
    ('0 s', '0.25 µs', '1 h')
    """
    if math.isnan(ns):
        return "unknown"
    if ns < 0:
        return f"-{format_duration(-ns)}"
    if ns >= FOREVER:
        return "never"
    for (large, large_ns), (small, small_ns) in pairwise(LONG_NS):
        if ns >= large_ns - small_ns / 2:
            return _two_units(ns, large, large_ns, small, small_ns)
    for unit, unit_ns in SHORT_NS:
        if ns >= unit_ns * ROUNDS_UP:
            return f"{digits(ns / unit_ns)} {unit}"
    return f"{_above_none(ns / 1e3)} µs" if ns else "0 s"


def _two_units(ns: float, large: str, large_ns: int, small: str, small_ns: int) -> str:
    whole, rest = divmod(round(ns / small_ns), large_ns // small_ns)
    # Without the comma of thousands: a remedy that says it is typed into a file.
    first = f"{whole} {'day' if large == 'days' and whole == 1 else large}"
    return f"{first} {rest} {small}" if rest else first


def format_rate(per_s: float) -> str:
    """A rate, in the unit that makes it a number above one; of less than one a day, a part of one.

    >>> format_rate(409_000), format_rate(40), format_rate(0.2), format_rate(3 / 3600), format_rate(0)
    ('409,000/s', '40/s', '12/min', '3/h', '0/s')
    """
    if said := no_number(per_s):
        return said
    if per_s == 0:
        return "0/s"
    for unit, seconds in PER_S:
        if per_s * seconds >= ROUNDS_UP:
            return f"{digits(per_s * seconds)}/{unit}"
    return f"{_above_none(per_s * 86_400)}/day"


def format_count(value: float) -> str:
    """A whole number, or a decimal or two for the mean of a few.

    >>> format_count(1234.5), format_count(2.5), format_count(0.012), format_count(-0.0)
    ('1,234', '2.5', '0.012', '0')
    >>> format_count(0.0001)
    '< 0.001'
    """
    if said := no_number(value):
        return said
    if value < 0:
        return f"-{format_count(-value)}"
    if value == 0:
        return "0"
    if value >= 9.95:
        return f"{value:,.0f}"
    return f"{round(value, 1):g}" if value >= ROUNDS_UP else _above_none(value, 2)


def format_people(value: float) -> str:
    """A number of people.

    >>> format_people(1), format_people(0.4), format_people(1200)
    ('1 person', '0.4 people', '1,200 people')
    """
    count = format_count(value)
    return f"{count} {'person' if count == '1' else 'people'}"


def format_share(share: float) -> str:
    """A share in per cent.

    >>> format_share(0.956), format_share(0.0004), format_share(1.0), format_share(0.99996)
    ('95.6 %', '0.04 %', '100 %', '> 99.99 %')
    """
    if said := no_number(share):
        return said
    value = 100 * share
    if value < 0:
        return f"-{format_share(-share)}"
    if 0 < value < 0.01:
        return "< 0.01 %"
    if 99.99 < value < 100:
        return "> 99.99 %"
    fine = value < 0.0995 or 99.95 <= value < 100
    text = f"{value:,.2f}" if fine else f"{value:,.1f}"
    return f"{text.rstrip('0').rstrip('.')} %"


def format_factor(factor: float) -> str:
    """So many times as much.

    >>> format_factor(0.025), format_factor(12_000)
    ('0.025', '12,000')
    """
    return no_number(factor) or digits(factor)


def digits(value: float, many: int = 3) -> str:
    """So many digits, or a whole number with all of its own.

    >>> digits(1.0), digits(0.1 + 0.2), digits(1234.5), digits(0.0000123)
    ('1', '0.3', '1,234', '0.0000123')
    """
    if abs(value) >= 999.5:
        return f"{value:,.0f}"
    return format(Decimal(f"{value:.{many}g}"), "f")


def _above_none(value: float, many: int = 3) -> str:
    return digits(value, many) if value >= FEWEST else f"< {FEWEST:g}"


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence.

    >>> first_sentence("It grew by 7.9 a second. Nobody knew why.")
    'It grew by 7.9 a second.'
    """
    match = SENTENCE.match(text)
    return one_line(match[0] if match else text)


def one_line(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())
