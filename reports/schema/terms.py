"""What all documents are made of: numbers that may be none, verdicts, and criteria.

A class is an object of a document and each field is one of its keys; the line below says what it means.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
"""Of every document. Within one number keys are added, and none is taken away or means something else."""

Outcome = Literal["holds", "does not hold", "inconclusive"]
Standing = Literal["holds", "does not hold", "inconclusive", "not applicable"]
Subject = Literal["launch", "rehearsal"]
Provenance = Literal["predicted", "observed", "recorded"]
Unit = Literal["", "s", "share", "1/s"]
Endless = float | Literal["never", "unknown"]
Pair = tuple[int, int]
Ends = tuple[float | None, float | None]


def key(field: str) -> str:
    """What a field is called in a document.

    >>> key("from_"), key("to")
    ('from', 'to')
    """
    return field.removesuffix("_")


def at_times() -> Any:
    """The default of a key that is not always there."""
    return Field(default_factory=lambda: None)


class Told(BaseModel):
    """An object of a document."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=key, use_attribute_docstrings=True
    )


class Document(Told):
    """An object that a command prints."""

    format: Literal[1]
    """The number of this format."""


class Number(Told):
    """A number in the unit that stands beside it, or the word for why there is none."""

    value: float | None
    """Null where there is none."""
    word: str = at_times()
    """Where there is none: "never", "too few, 237 of 1,000", "–" (nobody knows), "more than 60 min"."""
    at_least: float = at_times()
    """Where no more is known than that it is larger, since not all was seen to its end."""


class Cell(Number):
    """A figure of one column."""

    from_: float | None = at_times()
    """Of what was predicted: where the middle 95 % of launches begin."""
    to: float | None = at_times()
    """And where they end."""


class Criterion(Told):
    """One thing that is asked."""

    kind: Literal["instrument", "objective", "launches"]
    """What it speaks of: the generator, the launch, or how many launches hold."""
    name: str
    """As reports call it: "signup p95"."""
    key: str
    """Where its limit stands in a launch file: "objectives.signup.p95"; empty: in none."""
    unit: Unit
    limit: Number
    """At most; of "launches" at least."""
    measured: Number
    outcome: Standing
    reason: str


class Found(Told):
    """A verdict without what it rests on."""

    subject: Subject
    provenance: Provenance
    outcome: Outcome
    exit_code: int
    """What a command that ends with it exits by."""
    sentence: str
    """The same with its reasons, without a full stop."""


class Verdict(Found):
    """A verdict, and what it rests on."""

    criteria: list[Criterion]
