"""Launches that were predicted and took place."""

from __future__ import annotations

from typing import Literal

from pydantic import RootModel

from reports.schema.terms import Standing, Told, Unit

NotFinite = Literal["Infinity", "-Infinity", "NaN"]


class PastFigure(Told):
    """One figure; "Infinity" is what never ends, "NaN" what nobody knows."""

    key: str
    label: str
    unit: Unit
    predicted: float | NotFinite
    low: float | NotFinite
    """Where the middle 95 % of the predicted launches begin."""
    high: float | NotFinite
    came: float | NotFinite
    error: float | NotFinite | None
    """What came over what was predicted, less 1."""
    within: bool | None


class PastLaunch(Told):
    """One launch: a line of ledger.jsonl."""

    ledger: Literal[1]
    """The number of this format."""
    launch: str
    variant: str
    at: str
    """When it began: ISO 8601, in UTC."""
    standing: Literal["observed", "predicted", "extrapolated", "sourced", "measured", "assumed"]
    """"observed" in a rehearsal."""
    version: str
    """Of surgeproof."""
    predicted: Standing
    came: Standing
    figures: list[PastFigure]


class Ledger(RootModel[list[PastLaunch]]):
    """`ledger --json`: an array of the lines of the ledger."""
