"""What changed between runs or predictions."""

from __future__ import annotations

from typing import Any, Literal

from reports.schema.terms import (
    Document,
    Ends,
    Found,
    Number,
    Provenance,
    Subject,
    Told,
    Unit,
    at_times,
)


class Changed(Told):
    """A key whose value is another one; a side that lacks it has none here either."""

    key: str
    old: Any = at_times()
    """As TOML has it; an instant is text."""
    new: Any = at_times()


class Replays(Told):
    """How many replays there are on each side."""

    old: int
    new: int


class Compared(Told):
    """One figure, before and now."""

    key: str
    label: str
    unit: Unit
    old: Number
    new: Number
    difference: Number
    """New less old."""
    interval: Ends
    """Of the difference, 95 %; null: without an end, or unknown."""
    p: float
    """How likely chance alone makes so large a difference, of this figure alone."""
    by_median: bool
    """Whether it is the median that is compared, and not the mean."""
    change: str | None
    """better, worse, more, less, noise, same, too few, open or unknown, of all figures together; null for details, which are not
    judged."""


class Part(Told):
    """What was predicted of the launch or of the rehearsal, or what was observed."""

    subject: Subject
    provenance: Provenance
    old: Found | None
    """The verdict of then."""
    new: Found | None
    """And of now."""
    why_not: str
    """Why the two cannot be compared; empty: they can."""
    launches: int
    """How many pairs of launches there are."""
    replays: Replays
    same_luck: bool
    """Whether the same people came."""
    only_old: list[str]
    """Figures that are not there any more."""
    only_new: list[str]
    figures: list[Compared]


class Contrast(Told):
    """Two runs or predictions."""

    old: str
    new: str
    exit_code: int
    sentence: str
    stopped: bool
    """Whether the new one was stopped."""
    scenario: list[Changed] | None
    """What the launch file says; null: it was not kept."""
    environment: list[Changed]
    """Versions, machine, target and the like."""
    parts: list[Part]


class Comparison(Document):
    """`compare --json`; against.json of a run, and "against" of `replay --against --json`."""

    document: Literal["comparison"]
    exit_code: int
    """1: something got worse; 3: something cannot be compared; 0: neither."""
    tolerance: float
    """What changes by no more than this share has not changed."""
    comparisons: list[Contrast]
