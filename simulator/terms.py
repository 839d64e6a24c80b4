"""What the tables of a scenario are made of: kinds of values, and what all tables have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    model_validator,
)

from simulator.quantities import (
    DURATION_PATTERN,
    RATE_PATTERN,
    WrongQuantity,
    parse_duration,
    parse_positive_duration,
    parse_rate,
)


def word(field: str) -> str:
    """What a field is called in a file."""
    return field.removesuffix("_ns").removesuffix("_per_s").removesuffix("_")


def listed(value: object) -> object:
    """A single key stands for a list of one."""
    return (value,) if isinstance(value, str) else value


MOST = 1_000_000_000
"""More of anything is a slip of the keyboard."""

DURATION_SCHEMA = {"type": "string", "pattern": DURATION_PATTERN, "examples": ["40 ms", "1 h"]}
RATE_SCHEMA = {"type": "string", "pattern": RATE_PATTERN, "examples": ["600/s", "12/min"]}

DurationNs = Annotated[int, BeforeValidator(parse_duration), WithJsonSchema(DURATION_SCHEMA)]
PositiveNs = Annotated[
    int, BeforeValidator(parse_positive_duration), WithJsonSchema(DURATION_SCHEMA)
]
RatePerS = Annotated[float, BeforeValidator(parse_rate), WithJsonSchema(RATE_SCHEMA)]
Count = Annotated[int, Strict(), Field(ge=0, le=MOST)]
AtLeastOne = Annotated[int, Strict(), Field(ge=1, le=MOST)]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Positive = Annotated[float, Strict(), Field(gt=0, le=MOST)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
UrlPath = Annotated[str, Field(pattern=r"^/\S*$")]
Keys = Annotated[
    tuple[str, ...], BeforeValidator(listed, json_schema_input_type=str | tuple[str, ...])
]


class Words(BaseModel):
    """A table without figures."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=word, use_attribute_docstrings=True
    )


class Table(Words):
    """A table with figures, so that it says where they come from."""

    source: Keys = ()
    """Where the figures come from: one or several keys of [sources]."""
    assumed: Keys = ()
    """Which of the figures nobody has published or measured: names of fields."""
    measured: str | None = None
    """The run that measured the figures; written by the probe."""


class Law(Table):
    """How a duration varies."""

    law: Literal["fixed", "exponential", "lognormal", "never"] = "exponential"
    """fixed, exponential, lognormal (with cv), or never (it does not end)."""
    mean_ns: PositiveNs | None = None
    """The mean duration."""
    cv: Annotated[float, Strict(), Field(ge=0, le=100)] | None = None
    """Standard deviation over mean, of a lognormal law."""

    @model_validator(mode="after")
    def _complete(self) -> Law:
        if (self.mean_ns is None) != (self.law == "never"):
            raise WrongQuantity(*_mean_problem(self.law))
        if (self.cv is None) == (self.law == "lognormal"):
            raise WrongQuantity(*_cv_problem(self.law))
        return self


def _mean_problem(law: str) -> tuple[str, str]:
    if law == "never":
        return 'the law "never" has no mean', "leave mean out"
    return f'the law "{law}" lacks its mean', 'add mean = "..."'


def _cv_problem(law: str) -> tuple[str, str]:
    if law == "lognormal":
        return 'the law "lognormal" lacks its cv', "add cv = 1.0 (standard deviation over mean)"
    return f'the law "{law}" has no cv', 'leave cv out, or write law = "lognormal"'


def short_patience(value: object) -> object:
    """``"30 min"`` is an exponential law of that mean; ``"never"`` is one that does not end."""
    if not isinstance(value, str):
        return value
    return {"law": "never"} if value == "never" else {"law": "exponential", "mean": value}


def some_service(law: Law) -> Law:
    """Service must end."""
    if law.law == "never":
        raise WrongQuantity("service that never ends serves nobody", "give a law and its mean")
    return law


Patience = Annotated[Law, BeforeValidator(short_patience, json_schema_input_type=str | Law)]
Service = Annotated[Law, AfterValidator(some_service)]
