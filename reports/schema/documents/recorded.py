"""A prediction beside what the logs of its launch recorded."""

from __future__ import annotations

from typing import Literal

from reports.schema.documents.run import Waterfall
from reports.schema.terms import Cell, Document, Told, Unit


class CameTrue(Told):
    """Whether the prediction came true."""

    outcome: Literal["predicted right", "predicted wrong", "not comparable", "unknown"]
    p: float | None
    """How likely a prediction that is right misses all figures together by so much."""
    sentence: str


class RecordedFigure(Told):
    """A figure as it was predicted, and as it was recorded; null: no log can tell."""

    key: str
    label: str
    unit: Unit
    predicted: Cell | None
    recorded: Cell | None
    error: float | None
    """Recorded over predicted, less 1."""
    within: bool | None


class Recorded(Document):
    """`compare LAUNCH LOG --json`."""

    document: Literal["recorded"]
    launch: str
    opening: str
    """Second 0, and on whose word."""
    visits: int
    requests: int
    strays: int
    """Requests of visits that began before the log."""
    hosts: int
    """Who sent them."""
    timed: bool
    """Whether each line says how long its request took."""
    prediction: CameTrue
    waterfalls: list[Waterfall]
    figures: list[RecordedFigure]
