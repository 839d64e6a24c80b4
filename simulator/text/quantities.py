"""Quantities as people write them: ``"40 ms"``, ``"1 h 30 min"``, ``"600/s"``, ``"12/min"``.

Durations become whole nanoseconds, exactly; rates become a float a second. What is written back is
for people, and short; of durations, what :func:`format_duration` writes can be read again.
"""

from __future__ import annotations

import re
from fractions import Fraction

from simulator.text.wording import format_duration, format_rate
from simulator.units import FOREVER, NS_PER_S

__all__ = [
    "DURATION_PATTERN",
    "NS_PER_S",
    "RATE_PATTERN",
    "UNITS_NS",
    "UNITS_PER_S",
    "WrongQuantity",
    "format_duration",
    "format_rate",
    "parse_duration",
    "parse_positive_duration",
    "parse_rate",
    "parse_rate_from_zero",
]

UNITS_NS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": NS_PER_S,
    "min": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "day": 86_400 * NS_PER_S,
    "days": 86_400 * NS_PER_S,
    "week": 604_800 * NS_PER_S,
    "weeks": 604_800 * NS_PER_S,
}
UNITS_PER_S = {"s": 1, "min": 60, "h": 3_600, "day": 86_400}

NUMBER = r"[0-9][0-9_]*(?:\.[0-9]+)?"
DURATION_PATTERN = (
    rf"^\+? ?{NUMBER} ?(?:{'|'.join(UNITS_NS)})(?: {NUMBER} ?(?:{'|'.join(UNITS_NS)}))*$"
)
RATE_PATTERN = rf"^{NUMBER} ?/ ?(?:{'|'.join(UNITS_PER_S)})$"

PART = re.compile(rf"({NUMBER}) ?([^\W\d_]*)")
RATE = re.compile(rf"({NUMBER}) ?/ ?(\S*)")
NO_RATE = re.compile(rf"0+(?:\.0+)? ?/ ?(?:{'|'.join(UNITS_PER_S)})")

DURATION_REMEDY = 'write a number and one of ns, us, ms, s, min, h, days, weeks, as in "40 ms"'
RATE_REMEDY = 'write a rate such as "600/s" (or /min, /h, /day)'


class WrongQuantity(ValueError):
    """A quantity that cannot be understood: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} ({remedy})")


def parse_duration(value: object) -> int:
    """Whole nanoseconds.

    Raises :class:`WrongQuantity`.

    >>> parse_duration("40 ms"), parse_duration("+1 h"), parse_duration("1 h 30 min")
    (40000000, 3600000000000, 5400000000000)
    """
    text = _text(value, "duration", DURATION_REMEDY)
    if RATE.fullmatch(text):
        raise WrongQuantity(f'"{text}" is a rate, but a duration is needed', DURATION_REMEDY)
    body = text.removeprefix("+").strip()
    parts = PART.findall(body)
    if not parts or PART.sub("", body).strip():
        raise WrongQuantity(f'"{text}" is not a duration', DURATION_REMEDY)
    ns = sum((_part_ns(text, number, unit) for number, unit in parts), start=Fraction())
    if ns.denominator != 1:
        raise WrongQuantity(f'"{text}" is finer than a nanosecond', "round it")
    if ns >= FOREVER:
        raise WrongQuantity(f'"{text}" is longer than a century', "use a shorter one")
    return int(ns)


def parse_positive_duration(value: object) -> int:
    """Whole nanoseconds, at least one.

    Raises :class:`WrongQuantity`.
    """
    ns = parse_duration(value)
    if ns == 0:
        raise WrongQuantity(f'"{value}" is zero', "it must be longer than 0")
    return ns


def parse_rate(value: object) -> float:
    """So many a second, more than none.

    Raises :class:`WrongQuantity`.

    >>> parse_rate("600/s"), parse_rate("12/min")
    (600.0, 0.2)
    """
    text = _text(value, "rate", RATE_REMEDY)
    match = RATE.fullmatch(text)
    if match is None:
        is_duration = re.fullmatch(DURATION_PATTERN, text)
        kind = "is a duration, but a rate is needed" if is_duration else "is not a rate"
        raise WrongQuantity(f'"{text}" {kind}', RATE_REMEDY)
    number, unit = match.groups()
    if unit not in UNITS_PER_S:
        raise WrongQuantity(f'"{text}" has the unknown unit "/{unit}"', RATE_REMEDY)
    exact_per_s = _number(text, number, RATE_REMEDY) / UNITS_PER_S[unit]
    if exact_per_s > NS_PER_S:
        raise WrongQuantity(f'"{text}" is more than one per nanosecond', "it must be less")
    rate_per_s = float(exact_per_s)
    if rate_per_s == 0.0:
        raise WrongQuantity(f'"{text}" is zero', "it must be more than 0")
    if rate_per_s * FOREVER <= NS_PER_S:
        raise WrongQuantity(f'"{text}" is less than one in a century', "it must be more")
    return rate_per_s


def parse_rate_from_zero(value: object) -> float:
    """So many a second, or none.

    Raises :class:`WrongQuantity`.

    >>> parse_rate_from_zero("0/s"), parse_rate_from_zero("12/min")
    (0.0, 0.2)
    """
    return 0.0 if isinstance(value, str) and NO_RATE.fullmatch(value.strip()) else parse_rate(value)


def _text(value: object, kind: str, remedy: str) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise WrongQuantity(f"{value} has no unit", remedy)
    raise WrongQuantity(f"is not a {kind}", remedy)


def _part_ns(text: str, number: str, unit: str) -> Fraction:
    if not unit:
        raise WrongQuantity(f'"{text}" has no unit', DURATION_REMEDY)
    if unit not in UNITS_NS:
        raise WrongQuantity(f'"{text}" has the unknown unit "{unit}"', DURATION_REMEDY)
    return _number(text, number, DURATION_REMEDY) * UNITS_NS[unit]


def _number(text: str, number: str, remedy: str) -> Fraction:
    try:
        return Fraction(number)
    except ValueError:  # underscores side by side, or thousands of digits
        raise WrongQuantity(f'"{text[:40]}" has a number that cannot be read', remedy) from None
