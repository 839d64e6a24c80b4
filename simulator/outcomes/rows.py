"""What happened, predicted or observed: one type, as a stream of blocks of two tables.

*Visits* has a row a visitor: when he was meant to come, joined the line, was let in, ended, and his
fate. *Attempts* has a row a try of one step: sent, service started, finished, and its result.
A cell that nobody can know is UNKNOWN, never 0. Predicted, observed and recorded outcomes differ in
their provenance only.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.tracks import Tracks

UNKNOWN = -(1 << 63)


class Fate(enum.IntEnum):
    """What became of a visit. Every visit has exactly one."""

    SERVED = 0
    GAVE_UP = 1
    """Let in, and out of attempts."""
    RENEGED = 2
    """Left the line: patience ran out."""
    WAITING = 3
    """Still in the line when it closed."""
    UNFINISHED = 4
    """Let in, and still under way at the end."""
    UNSENT = 5
    """Never sent: the generator's own failure, never the target's."""
    BALKED = 6
    """Was told how long the wait would be, and did not join the line."""
    TURNED_AWAY = 7
    """The line was full."""
    NO_SHOW = 8
    """Was called, and did not come in time."""


class Result(enum.IntEnum):
    """What became of an attempt, as its client saw it."""

    SUCCESS = 0
    TURNED_AWAY = 1
    TIMED_OUT = 2
    FAILED = 3
    """The target broke: an unexpected status, a connection that ended, an instance that failed."""
    UNFINISHED = 4


class Provenance(enum.StrEnum):
    """Where outcomes come from."""

    PREDICTED = "predicted"
    OBSERVED = "observed"
    RECORDED = "recorded"
    """By the logs of a launch that nobody replayed: production."""


VISIT = np.dtype(
    [
        (name, np.int64)
        for name in ("visitor", "people", "arrived", "joined", "let_in", "ended", "fate")
    ]
)
"""``arrived`` is the intended instant; ``joined`` is UNKNOWN where there was no line, or where he
did not come to stand in it (BALKED, TURNED_AWAY). ``ended`` is the instant of the fate, UNKNOWN for
WAITING, UNFINISHED and UNSENT. ``let_in`` is the entry; the generator's lag is ``joined`` (without
a line: ``let_in``) minus ``arrived``."""

ATTEMPT = np.dtype(
    [
        (name, np.int64)
        for name in ("visitor", "step", "attempt", "sent", "started", "finished", "result")
    ]
)
"""``step`` is its number in :attr:`simulator.system.system.System.steps`, from which the journey follows.
``started`` is when service began, UNKNOWN if the client left before it did or was never told;
``finished`` is when the client saw the end of it, UNKNOWN for UNFINISHED."""

Rows = NDArray[np.void]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Some finished visits, and the attempts of these and perhaps other visits."""

    visits: Rows
    attempts: Rows

    @classmethod
    def of(cls, visits: Iterable[tuple[int, ...]], attempts: Iterable[tuple[int, ...]]) -> Block:
        return cls(
            visits=np.array(list(visits), dtype=VISIT),
            attempts=np.array(list(attempts), dtype=ATTEMPT),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcomes:
    """A stream of blocks; it can be walked once, unless it was made from a list."""

    provenance: Provenance
    horizon_ns: int
    end_ns: int
    blocks: Iterable[Block]
    tracks: Tracks | None = None
    """What the stations did over time, once the blocks have been walked; None: nobody knows."""

    def rows(self) -> Block:
        """Everything in one block, sorted by its keys: equal outcomes have equal rows."""
        blocks = list(self.blocks)
        visits = np.concatenate([np.empty(0, VISIT), *(block.visits for block in blocks)])
        attempts = np.concatenate([np.empty(0, ATTEMPT), *(block.attempts for block in blocks)])
        return Block(
            visits=visits[np.argsort(visits["visitor"], kind="stable")],
            attempts=attempts[
                np.lexsort((attempts["attempt"], attempts["step"], attempts["visitor"]))
            ],
        )
