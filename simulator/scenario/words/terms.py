"""What the tables of a scenario are made of: kinds of values, and what all tables have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    model_validator,
)

from simulator.text.quantities import (
    DURATION_PATTERN,
    RATE_PATTERN,
    WrongQuantity,
    parse_duration,
    parse_positive_duration,
    parse_rate,
    parse_rate_from_zero,
)
from simulator.timetable.volume import Volume as Spread
from simulator.units import FOREVER


def word(field: str) -> str:
    """What a field is called in a file."""
    return field.removesuffix("_ns").removesuffix("_per_s").removesuffix("_")


def listed(value: object) -> object:
    """A single key stands for a list of one."""
    return (value,) if isinstance(value, str) else value


def pair(first: str, second: str, example: str) -> Callable[[object], object]:
    """A list of two stands for a table of two: ``["3 h", 85_000]``."""

    def table(value: object) -> object:
        if not isinstance(value, (list, tuple)):
            return value
        if len(value) != 2:
            raise WrongQuantity("is not a pair", f"write {example}")
        return {first: value[0], second: value[1]}

    return table


def for_ever(ns: int | None) -> int:
    """What is not limited never ends."""
    return FOREVER if ns is None else ns


MOST = 1_000_000_000
"""More of anything is a slip of the keyboard."""
SHORTEST_PERIOD_NS = 1_000_000
"""What happens again and again is simulated each time."""


def parse_period(value: object) -> int:
    """Whole nanoseconds, at least a millisecond.

    Raises :class:`WrongQuantity`.
    """
    ns = parse_duration(value)
    if ns < SHORTEST_PERIOD_NS:
        raise WrongQuantity(f'"{value}" is less than a millisecond', "it must be at least 1 ms")
    return ns


DURATION_SCHEMA = {"type": "string", "pattern": DURATION_PATTERN, "examples": ["40 ms", "1 h"]}
RATE_SCHEMA = {"type": "string", "pattern": RATE_PATTERN, "examples": ["600/s", "12/min"]}

DurationNs = Annotated[int, BeforeValidator(parse_duration), WithJsonSchema(DURATION_SCHEMA)]
PositiveNs = Annotated[
    int, BeforeValidator(parse_positive_duration), WithJsonSchema(DURATION_SCHEMA)
]
PeriodNs = Annotated[int, BeforeValidator(parse_period), WithJsonSchema(DURATION_SCHEMA)]
RatePerS = Annotated[float, BeforeValidator(parse_rate), WithJsonSchema(RATE_SCHEMA)]
RateFromZero = Annotated[float, BeforeValidator(parse_rate_from_zero), WithJsonSchema(RATE_SCHEMA)]
Count = Annotated[int, Strict(), Field(ge=0, le=MOST)]
AtLeastOne = Annotated[int, Strict(), Field(ge=1, le=MOST)]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
SomeShare = Annotated[float, Strict(), Field(ge=0.001, le=1)]
"""In thousandths, for what is multiplied."""
Positive = Annotated[float, Strict(), Field(gt=0, le=MOST)]
Flag = Annotated[bool, Strict()]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
UrlPath = Annotated[str, Field(pattern=r"^/[!-\"$-~]*$")]
Keys = Annotated[
    tuple[str, ...], BeforeValidator(listed, json_schema_input_type=str | tuple[str, ...])
]


class Contradiction(NamedTuple):
    """What makes no sense together in a table."""

    key: str
    """The word that it is told at; empty: the table."""
    problem: str
    remedy: str


class WrongTable(ValueError):
    """A table whose words are right, each by itself, and do not go together."""

    def __init__(self, found: Iterable[Contradiction]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(each.problem for each in self.found))


class Words(BaseModel):
    """A table without figures."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=word, use_attribute_docstrings=True
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """What makes no sense together in this table, all of it."""
        yield from ()

    def mentions(self, field: str) -> bool:
        """Whether the file itself says something here, rather than leave it at what is usual."""
        return field in self.model_fields_set

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if found := tuple(self.contradictions()):
            raise WrongTable(found)
        return self


class Table(Words):
    """A table with figures, so that it says where they come from."""

    source: Keys = ()
    """Where the figures come from: one or several keys of [sources]."""
    assumed: Keys = ()
    """Which of the figures are assumed, neither published nor measured: names of fields."""
    measured: str | None = None
    """The run that measured the figures; written by the probe."""


Factor = Annotated[float, Strict(), Field(ge=0.001, le=1000)]


class Between(Table):
    """How uncertain a figure is, in factors of what the file says.

    Each launch draws one factor, between the two and beyond: the law is lognormal on each side of
    the likely one. What is rehearsed with visitors of our own has the likely one.
    """

    low: Factor
    """One launch in ten has less."""
    likely: Factor = 1.0
    """Half of the launches have more."""
    high: Factor
    """One launch in ten has more."""

    def contradictions(self) -> Iterator[Contradiction]:
        named = (("low", self.low), ("likely", self.likely), ("high", self.high))
        for (lower, low), (higher, high) in pairwise(named):
            if low > high:
                problem = f"{lower}, {low:g}, is more than {higher}, {high:g}"
                yield Contradiction(lower, problem, "order them: low, likely, high")

    @property
    def law(self) -> Spread | None:
        """The law of the factor, relative to the likely one; None where the three are one."""
        if self.low == self.high:
            return None
        return Spread(low=self.low / self.likely, high=self.high / self.likely)
