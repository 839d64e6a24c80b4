"""Whether a launch file is right."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Told


class Mistake(Told):
    """One thing that is wrong in a file."""

    file: str
    key: str
    """Where it stands; empty: the whole file."""
    problem: str
    remedy: str
    """How to mend it; may be empty."""


class Fact(Told):
    """What the launch is, in words for people."""

    label: str
    text: str


class Check(Document):
    """`check --json`, also of a file that is wrong."""

    document: Literal["check"]
    file: str
    scenario: str | None
    """The name of the launch; null where it is wrong."""
    variant: str | None
    settings: list[str]
    valid: bool
    mistakes: list[Mistake]
    facts: list[Fact]
    """None where it is wrong."""
