"""What "the engines agree" means: equal rows, compared one by one."""

from __future__ import annotations

from functools import cache
from itertools import zip_longest

from simulator.compiled import Compiled
from simulator.compiled_fifo import Fifo
from simulator.outcomes import Block, Outcomes
from tests.property.strategies import replayed

CRAMPED = Compiled(block_rows=3, first_size=4, fifo=False)
"""Runs out of room all the time, so that making room is tested as well."""
CRAMPED_FIFO = Fifo(block_rows=3, folded_rows=3, first_size=4)
"""The kernel without events, likewise."""


@cache
def compiled_rows(seed: int) -> Block:
    return CRAMPED.simulate(*replayed(seed)).rows()


def first_difference(ours: Block, theirs: Block) -> str | None:
    """The first row that differs, or None."""
    for table in ("visits", "attempts"):
        left, right = getattr(ours, table), getattr(theirs, table)
        if left.tobytes() != right.tobytes():
            pairs = zip_longest(left.tolist(), right.tolist())
            a, b = next((a, b) for a, b in pairs if a != b)
            return f"{table} {left.dtype.names}:\n  {a}\n  {b}"
    return None


def disagreement(readable: Outcomes, seed: int) -> str | None:
    """Where outcomes of the readable engine differ from the compiled ones of that seed."""
    return first_difference(readable.rows(), compiled_rows(seed))
