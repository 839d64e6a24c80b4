"""Money as people write it: ``"3 EUR"``, and what something costs for as long as it is there: ``"0.40 EUR/h"``.

A currency goes by its three letters (ISO 4217), since a dollar sign is the sign of many. Nothing is
converted: a file has one currency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from simulator.text.quantities import NUMBER, WrongQuantity

HOURS = {"h": Fraction(1), "day": Fraction(24), "month": Fraction(1461, 2)}
"""A month is a twelfth of 365.25 days: 30.4375 days."""

MONEY_PATTERN = rf"^{NUMBER} ?[A-Z]{{3}}$"
PRICE_PATTERN = rf"^{NUMBER} ?[A-Z]{{3}} ?/ ?(?:{'|'.join(HOURS)})$"

MONEY = re.compile(rf"({NUMBER}) ?([A-Z]{{3}})")
PRICE = re.compile(rf"({NUMBER}) ?([A-Z]{{3}}) ?/ ?(\S+)")

MONEY_REMEDY = 'write a number and a currency of three letters, as in "3 EUR"'
PRICE_REMEDY = 'write an amount for a time, as in "0.40 EUR/h" (or /day, /month)'
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """So much of a currency."""

    amount: float
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What something costs while it is there."""

    per_hour: float
    currency: str


def parse_money(value: object) -> Money:
    """An amount of money, or none of it.

    Raises :class:`WrongQuantity`.

    >>> parse_money("3 EUR")
    Money(amount=3.0, currency='EUR')
    """
    text = _text(value, MONEY_REMEDY)
    match = MONEY.fullmatch(text)
    if match is None:
        raise WrongQuantity(f'"{text}" is not an amount of money', MONEY_REMEDY)
    number, currency = match.groups()
    return Money(amount=float(_number(text, number, MONEY_REMEDY)), currency=currency)


def parse_price(value: object) -> Price:
    """A price an hour, whatever the time it is written for; it may be none.

    Raises :class:`WrongQuantity`.

    >>> parse_price("0.40 EUR/h"), parse_price("73.05 USD/month")
    (Price(per_hour=0.4, currency='EUR'), Price(per_hour=0.1, currency='USD'))
    """
    text = _text(value, PRICE_REMEDY)
    match = PRICE.fullmatch(text)
    if match is None:
        kind = "says no time for which it is paid" if MONEY.fullmatch(text) else "is not a price"
        raise WrongQuantity(f'"{text}" {kind}', PRICE_REMEDY)
    number, currency, unit = match.groups()
    if unit not in HOURS:
        raise WrongQuantity(f'"{text}" has the unknown unit "/{unit}"', PRICE_REMEDY)
    return Price(
        per_hour=float(_number(text, number, PRICE_REMEDY) / HOURS[unit]), currency=currency
    )


def _text(value: object, remedy: str) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise WrongQuantity(f"{value} has no currency", remedy)
    raise WrongQuantity("is not an amount of money", remedy)


def _number(text: str, number: str, remedy: str) -> Fraction:
    try:
        found = Fraction(number)
    except ValueError:  # underscores side by side, or thousands of digits
        raise WrongQuantity(f'"{text[:40]}" has a number that cannot be read', remedy) from None
    if found > MOST:
        raise WrongQuantity(f'"{text[:40]}" is more than a thousand million', "it must be less")
    return found
