"""Rows of the compiled engine, written where Python said."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.limits import ATTEMPT_MASK, CALL_BITS, STEP_SHIFT
from simulator.engine.compiled.loop.memory.layout import blocks, cells
from simulator.outcomes.rows import ATTEMPT, VISIT

VISIT_WORDS, ATTEMPT_WORDS = len(VISIT.names or ()), len(ATTEMPT.names or ())


@called
def write_visit(m: Memory, visit: int, fate: int, ended: int) -> None:
    """The end of a visit."""
    rows = words_at(m[cells.VISIT_ROWS])
    row = m[cells.VISITS] * VISIT_WORDS
    m[cells.VISITS] += 1
    rows[row] = m[visit + blocks.VISITOR]
    rows[row + 1] = m[visit + blocks.GROUP]
    rows[row + 2] = m[visit + blocks.ARRIVED]
    rows[row + 3] = m[visit + blocks.JOINED]
    rows[row + 4] = m[visit + blocks.LET_IN]
    rows[row + 5] = ended
    rows[row + 6] = fate


@called
def write_attempt(m: Memory, visit: int, result: int, seen: int) -> None:
    """The end of an attempt, as its client sees it."""
    rows = words_at(m[cells.ATTEMPT_ROWS])
    row = m[cells.ATTEMPTS] * ATTEMPT_WORDS
    m[cells.ATTEMPTS] += 1
    tag = m[visit + blocks.TAG]
    rows[row] = m[visit + blocks.VISITOR]
    rows[row + 1] = tag >> STEP_SHIFT
    rows[row + 2] = (tag >> CALL_BITS) & ATTEMPT_MASK
    rows[row + 3] = m[visit + blocks.SENT]
    rows[row + 4] = m[visit + blocks.STARTED]
    rows[row + 5] = seen
    rows[row + 6] = result
