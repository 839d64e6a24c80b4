"""Readings against their limits: figures that may lie between two bounds."""

from __future__ import annotations

import math

from simulator.outcomes.figures.reading import Reading
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.reasons import Reason


def against(limit: float, reading: Reading) -> Outcome:
    """What a figure that lies between two bounds says of its limit.

    It fails if even the least that it can be exceeds the limit, and holds only if the most that it
    can be is within.
    """
    if reading.value > limit:
        return Outcome.FAILS
    return Outcome.HOLDS if reading.most <= limit else Outcome.INCONCLUSIVE


def criterion_of(
    asks: Asks, limit: float, reading: Reading, outcome: Outcome, reason: Reason
) -> Criterion:
    """What holds is told by the most that it can be, all else by the least."""
    holds = outcome is Outcome.HOLDS
    value = reading.most if holds else reading.value
    return Criterion(
        asks=asks,
        limit=limit,
        measured=value if reading.enough else math.nan,
        outcome=outcome,
        reason=reason,
        open=reading.open and reading.enough and not holds,
    )
