"""Rows of those who are still there when a launch of the compiled engine ends."""

from __future__ import annotations

import numpy as np

from simulator.engine.compiled import limits
from simulator.engine.compiled.loop.memory import layout
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.units import Ints


def line_rows(blocks: Ints, closes_ns: int) -> Ints:
    """Visits of those who left the line unnoticed, or stood in it when it closed."""
    columns = [layout.VISITOR, layout.GROUP, layout.ARRIVED, layout.JOINED, layout.LET_IN]
    leaves = blocks[:, layout.LEAVES_AT]
    has_left = leaves < closes_ns
    ended = np.where(has_left, leaves, UNKNOWN)
    fate = np.where(has_left, Fate.RENEGED, Fate.WAITING)
    return np.column_stack([blocks[:, columns], ended, fate])


def under_way_rows(blocks: Ints) -> tuple[Ints, Ints]:
    """Visits and attempts of those let in that have not ended."""
    columns = [layout.VISITOR, layout.GROUP, layout.ARRIVED, layout.JOINED, layout.LET_IN]
    unknown = np.full(len(blocks), UNKNOWN)
    visits = np.column_stack([blocks[:, columns], unknown, np.full(len(blocks), Fate.UNFINISHED)])
    sent = blocks[blocks[:, layout.SENT] != UNKNOWN]
    tag = sent[:, layout.TAG]
    attempts = np.column_stack(
        [
            sent[:, layout.VISITOR],
            tag >> limits.STEP_SHIFT,
            tag >> limits.CALL_BITS & limits.ATTEMPT_MASK,
            sent[:, [layout.SENT, layout.STARTED]],
            np.full(len(sent), UNKNOWN),
            np.full(len(sent), Result.UNFINISHED),
        ]
    )
    return visits, attempts
