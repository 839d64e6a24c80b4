"""Jobs: attempts at a station, and what is known of when their services ended."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from simulator.units import FOREVER


class Seen(enum.IntEnum):
    """What is known of a job's end."""

    ENDED = 0
    """It was served until that instant."""
    LEFT = 1
    """Its client left then; the work was done all the same, before or after, and ended later."""
    DROPPED = 2
    """Its client left a round trip later and took the work along; it may have been over by then."""
    DOUBTFUL = 3
    """Something was answered then; whether a server had worked on it is not known."""


class Unseen(enum.IntEnum):
    """How much unseen work is assumed."""

    LEAST = 0
    LIKELY = 1
    MOST = 2


@dataclass(slots=True, eq=False)
class Job:
    """An attempt at a station."""

    seen: Seen
    sent_ns: int
    ends_ns: int
    """The instant that :class:`Seen` speaks of, at the server."""
    likely_ns: float
    """The mean service of its step, as it was thought to be."""
    dropped_ns: int = FOREVER
    """When its client took it along, of one that is DROPPED."""
    told_ns: int | None = None
    """When its service began, where the target said so."""
    begun_ns: int | None = None
    at_begin: float = 0.0
    """What had been attained by then."""
    took_ns: float | None = None
    early: bool = False
    """Whether it ended although it could not have begun."""
    early_ns: int = 0
    """By how much, at least."""

    def clear(self) -> None:
        """Nothing has happened to it."""
        self.begun_ns, self.took_ns, self.early, self.early_ns = None, None, False, 0
