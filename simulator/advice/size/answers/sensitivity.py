"""Sensitivity: which input moves the answer most, and which figure is worth measuring next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One input at its low and its high end, all others at their likely value."""

    key: str
    """Its path in the file: ``surge.opening.volume``, ``station.signup.service``."""
    low: float
    high: float
    """Factors of the likely value."""
    assumed: bool
    """Whether the ends are the file's own, or a factor assumed by us because the file gives none."""
    cost_low: float | None
    cost_high: float | None
    """What the cheapest that holds costs at either end; None: nothing in range holds."""
    lost_low: float
    lost_high: float
    """People lost in the mean at either end, with the certified system."""
