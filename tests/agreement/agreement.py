"""What "the three implementations agree" means: equal rows and equal tracks, one by one."""

from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.fifo.engine import Fifo
from simulator.engine.readable.launch import Readable
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Block
from simulator.outcomes.tracks import Tracks
from tests.agreement.drawn.strategies import Drawn, Launch

RIGHT = Readable()
"""The SimPy engine with no rule wrong."""
CRAMPED = Compiled(block_rows=3, first_size=4, fifo=False)
"""The event loop; it runs out of room all the time, so that making room is tested as well."""
CRAMPED_FIFO = Fifo(block_rows=3, folded_rows=3, first_size=4)
"""The kernel without events, likewise."""


class Played(NamedTuple):
    """What an engine makes of a launch."""

    rows: Block
    tracks: Tracks
    """What the stations do in a few bins of time, of which the rows know nothing."""


def play(engine: Engine, launch: Launch) -> Played:
    """All of it, in a few bins of which the last one is cut short."""
    outcomes = engine.simulate(*launch, bin_ns=max(1, launch.timetable.end_ns // 7))
    rows = outcomes.rows()
    assert outcomes.tracks is not None
    return Played(rows, outcomes.tracks)


@cache
def replay(engine: Engine, drawn: Drawn, seed: int) -> Played:
    """What an engine makes of the launch of a seed; played once, whoever asks."""
    return play(engine, drawn(seed))


def disagreement(ours: Played, theirs: Played) -> str | None:
    """The first row that differs, or the first track, or None."""
    found = first_difference(ours.rows, theirs.rows)
    return found or first_different_track(ours.tracks, theirs.tracks)


def first_difference(ours: Block, theirs: Block) -> str | None:
    """The first row that differs, or None."""
    for table in ("visits", "attempts"):
        left, right = getattr(ours, table), getattr(theirs, table)
        if left.tobytes() != right.tobytes():
            pairs = zip_longest(left.tolist(), right.tolist())
            a, b = next((a, b) for a, b in pairs if a != b)
            return f"{table} {left.dtype.names}:\n  {a}\n  {b}"
    return None


def first_different_track(ours: Tracks, theirs: Tracks) -> str | None:
    """The first area that differs, or None."""
    left, right = ours.to_json(), theirs.to_json()
    return next((f"{k}: {left[k]} {right[k]}" for k in left if left[k] != right[k]), None)
