"""Numbers, rates and prices so many times as large, as a file writes them."""

from __future__ import annotations

import math
from collections.abc import Callable

from simulator.scenario.words.terms import MOST
from simulator.text.money import PRICE
from simulator.text.quantities import UNITS_PER_S, parse_rate_from_zero

DIGITS = 4
"""Of what is multiplied: within 0.05 % of what it was."""


def times(factor: float) -> Callable[[int], int]:
    """So many times a whole number."""
    return lambda number: rounded_up(number, factor)


def rounded_up(number: int, factor: float) -> int:
    """A whole number that is at least one; none of them stays none.

    >>> rounded_up(2, 0.3), rounded_up(10, 0.3), rounded_up(0, 7.0)
    (1, 3, 0)
    """
    return min(MOST, math.ceil(round(number * factor, 6))) or min(number, 1)


def significant(value: float) -> float:
    """A few digits of a number; whole from a thousand on.

    >>> significant(123_456.0), significant(0.123456), significant(0.0)
    (123500, 0.1235, 0)
    """
    if value == 0:
        return 0
    places = DIGITS - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    return int(rounded) if rounded == int(rounded) else rounded


def rates_times(factor: float) -> Callable[[str], str]:
    """So many times a rate, in words."""
    return lambda rate: rate_text(parse_rate_from_zero(rate) * factor)


def bursts_times(factor: float) -> Callable[[int], int]:
    """So many times a burst; one at a time is one at a time in any size."""
    return lambda burst: burst if burst == 1 else rounded_up(burst, factor)


def rate_text(per_s: float) -> str:
    """A rate as people write it, which :func:`parse_rate` reads.

    >>> rate_text(1_234.56), rate_text(0.5), rate_text(1 / 86_400)
    ('1_235/s', '30/min', '1/day')
    """
    numbers = {unit: significant(per_s * seconds) for unit, seconds in UNITS_PER_S.items()}
    unit, number = next((u_n for u_n in numbers.items() if u_n[1] >= 1), ("day", numbers["day"]))
    return f"{plain_number(number)}/{unit}"


def price_text(price: str, factor: float) -> str:
    """So many times a price, as people write it.

    >>> price_text("0.40 EUR/h", 0.5), price_text("0.40 EUR/h", 1.0)
    ('0.2 EUR/h', '0.40 EUR/h')
    """
    if factor == 1.0 or (match := PRICE.fullmatch(price.strip())) is None:
        return price
    number, currency, unit = match.groups()
    return f"{plain_number(significant(float(number) * factor))} {currency}/{unit}"


def plain_number(number: float) -> str:
    """Without an exponent, which no file has."""
    return f"{number:_}" if isinstance(number, int) else f"{number:.12f}".rstrip("0")
