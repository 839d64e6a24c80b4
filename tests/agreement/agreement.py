"""What "the engines agree" means: equal rows, compared one by one."""

from __future__ import annotations

from functools import cache
from itertools import zip_longest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.fifo.engine import Fifo
from simulator.engine.readable.launch import Launch
from simulator.outcomes.rows import Block, Outcomes
from simulator.outcomes.tracks import Tracks
from tests.agreement.drawn.strategies import replayed

CRAMPED = Compiled(block_rows=3, first_size=4, fifo=False)
"""Runs out of room all the time, so that making room is tested as well."""
CRAMPED_FIFO = Fifo(block_rows=3, folded_rows=3, first_size=4)
"""The kernel without events, likewise."""


def bin_of(seed: int) -> int:
    """A few bins, the last one cut short."""
    return max(1, replayed(seed).timetable.end_ns // 7)


@cache
def compiled_tracks(seed: int) -> Tracks:
    """What the stations do, of which the rows know nothing."""
    outcomes = CRAMPED.simulate(*replayed(seed), bin_ns=bin_of(seed))
    outcomes.rows()
    assert outcomes.tracks is not None
    return outcomes.tracks


def first_different_track(ours: Tracks, theirs: Tracks) -> str | None:
    """The first area that differs, or None."""
    left, right = ours.to_json(), theirs.to_json()
    return next((f"{k}: {left[k]} {right[k]}" for k in left if left[k] != right[k]), None)


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
    found = first_difference(readable.rows(), compiled_rows(seed))
    if found is None and readable.tracks is not None:
        found = first_different_track(readable.tracks, compiled_tracks(seed))
    return found


def played(launch: type[Launch], seed: int) -> Outcomes:
    """A launch of a seed, with what its stations do in a few bins of time."""
    return launch(*replayed(seed), bin_of(seed)).outcomes()
