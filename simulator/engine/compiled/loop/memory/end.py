"""Rows of those who are still there when a launch of the compiled engine ends."""

from __future__ import annotations

import numpy as np

from simulator.engine.compiled import limits
from simulator.engine.compiled.loop.memory.layout import blocks
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.units import Ints


def line_rows(rows: Ints, closes_ns: int) -> Ints:
    """Visits of those who left the line unnoticed, or stood in it when it closed."""
    columns = [blocks.VISITOR, blocks.GROUP, blocks.ARRIVED, blocks.JOINED, blocks.LET_IN]
    leaves = rows[:, blocks.LEAVES_AT]
    has_left = leaves < closes_ns
    ended = np.where(has_left, leaves, UNKNOWN)
    fate = np.where(has_left, Fate.RENEGED, Fate.WAITING)
    return np.column_stack([rows[:, columns], ended, fate])


def under_way_rows(rows: Ints) -> tuple[Ints, Ints]:
    """Visits and attempts of those let in that have not ended."""
    columns = [blocks.VISITOR, blocks.GROUP, blocks.ARRIVED, blocks.JOINED, blocks.LET_IN]
    unknown = np.full(len(rows), UNKNOWN)
    visits = np.column_stack([rows[:, columns], unknown, np.full(len(rows), Fate.UNFINISHED)])
    sent = rows[rows[:, blocks.SENT] != UNKNOWN]
    tag = sent[:, blocks.TAG]
    attempts = np.column_stack(
        [
            sent[:, blocks.VISITOR],
            tag >> limits.STEP_SHIFT,
            tag >> limits.CALL_BITS & limits.ATTEMPT_MASK,
            sent[:, [blocks.SENT, blocks.STARTED]],
            np.full(len(sent), UNKNOWN),
            np.full(len(sent), Result.UNFINISHED),
        ]
    )
    return visits, attempts
