"""The words of what is bought: what it costs, in which pieces it comes, and for how long it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from simulator.scenario.words.terms import MOST, AtLeastOne, PositiveNs, Table
from simulator.text.money import (
    MONEY_PATTERN,
    PRICE_PATTERN,
    Money,
    Price,
    parse_money,
    parse_price,
)
from simulator.text.quantities import WrongQuantity

PRICE_SCHEMA = {"type": "string", "pattern": PRICE_PATTERN, "examples": ["0.40 EUR/h"]}
MONEY_SCHEMA = {"type": "string", "pattern": MONEY_PATTERN, "examples": ["3 EUR"]}
DAY_SCHEMA = {"type": "string", "format": "date"}

DAY_REMEDY = "write a date without quotes, as in 2026-11-01"


def parse_day(value: object) -> date:
    """A date, as TOML has it.

    Raises :class:`WrongQuantity`.
    """
    if not isinstance(value, date) or isinstance(value, datetime):
        problem = f'"{value}" is a string' if isinstance(value, str) else "is not a date"
        raise WrongQuantity(problem, DAY_REMEDY)
    return value


PricePerHour = Annotated[Price, BeforeValidator(parse_price), WithJsonSchema(PRICE_SCHEMA)]
Amount = Annotated[Money, BeforeValidator(parse_money), WithJsonSchema(MONEY_SCHEMA)]
Day = Annotated[date, BeforeValidator(parse_day), WithJsonSchema(DAY_SCHEMA)]


class Instances(Table):
    """How many instances there are at the opening, in what one buys."""

    count: AtLeastOne = 1
    """How many of them there are at the opening."""
    type: Annotated[str, Field(min_length=1)] | None = None
    """What one of them is called by who sells it: m7g.large."""
    servers: AtLeastOne | None = None
    """How many jobs one of them works on at the same time; then servers need not be said."""
    price: PricePerHour | None = None
    """What one of them costs: "0.16 EUR/h" (or /day, /month)."""


def counted(value: object) -> object:
    """A number of instances stands for a table that says nothing else."""
    if isinstance(value, Mapping) and not value:
        raise WrongQuantity("says nothing", "write a whole number, or { count = 2, servers = 8 }")
    if isinstance(value, Mapping | Instances):
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        remedy = "write a whole number, or { count = 2, servers = 8 }"
        raise WrongQuantity("is neither a number nor a table", remedy)
    if not 1 <= value <= MOST:
        limit = "at least 1" if value < 1 else f"at most {MOST:g}"
        raise WrongQuantity(f"is {value}", f"it must be {limit}")
    return {"count": value}


Counted = Annotated[
    Instances, BeforeValidator(counted, json_schema_input_type=AtLeastOne | Instances)
]


def count_in(station: Mapping[str, Any]) -> int:
    """How many instances a station of a plain document has at the opening.

    >>> count_in({}), count_in({"instances": 3}), count_in({"instances": {"count": 2}})
    (1, 3, 2)
    """
    said = station.get("instances", 1)
    return int(said.get("count", 1) if isinstance(said, Mapping) else said)


class Costs(Table):
    """What is weighed against the price of a system."""

    person_lost: Amount | None = None
    """What it costs if somebody comes and leaves without what he came for: "3 EUR"."""
    paid_for_ns: PositiveNs | None = None
    """How long the system is paid for: "24 h"; without it, for the horizon."""
