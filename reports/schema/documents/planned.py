"""The planner's report."""

from __future__ import annotations

from typing import Literal

from reports.schema.terms import Document, Outcome, Told

Row = dict[str, float | str | None]
"""A cell by its column: null is unknown, "inf" what never ends."""


class Tile(Told):
    """One question, and its answer in words."""

    question: str
    answer: str
    lines: list[str]


class Chart(Told):
    """What a chart shows."""

    title: str
    finding: str
    """What is to be seen in it."""
    note: str
    rows: list[Row]
    """Columns end in their unit; null is unknown, "inf" never ends."""


class Assumption(Told):
    """A figure of the launch file."""

    key: str
    value: str
    """As the file says it."""
    standing: Literal["sourced", "measured", "assumed", "predicted", "extrapolated", "observed"]
    source: str
    """What says so, or why it is assumed."""
    url: str


class Made(Told):
    """How to make it again."""

    command: str
    at: str
    """ISO 8601, in UTC."""
    seed: int
    engine: str
    versions: dict[str, str]
    sha256: dict[str, str]
    """Of the scenario, and of who comes when."""


class Planned(Document):
    """report.json of `predict --report DIR --format json`, and of `size`."""

    document: Literal["report"]
    language: str
    launch: str
    outcome: Outcome
    verdict: str
    """The same in words."""
    answers: list[Tile]
    charts: dict[str, Chart]
    """By their stable keys."""
    figures: list[Row]
    """The numbers of the report; null is unknown, "inf" never ends."""
    assumptions: list[Assumption]
    made: Made
