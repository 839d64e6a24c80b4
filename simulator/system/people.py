"""The people of a launch, as the engines see them: how they come, stay, and try again."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from simulator.timetable.laws import Duration
from simulator.units import FOREVER


class Jitter(enum.IntEnum):
    """How a backoff is spread: not at all, or uniformly between nothing and itself."""

    NONE = 0
    FULL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often, and after which pause, a refused or timed-out visitor tries again.

    The pause after attempt ``j`` (counted from 0) is ``min(cap, backoff * 2**j)``, times a uniform
    draw under full jitter.
    """

    attempts: int = 1
    """All attempts at a step together, the first one included."""
    backoff_ns: int = 0
    cap_ns: int = 0
    jitter: Jitter = Jitter.FULL
    budget_millionths: int = 0
    """What each first attempt adds to the group's retry budget; a retry costs a million of it.
    0: there is no budget, and every retry is allowed."""
    budget_burst: int = 1
    """So many retries may be saved up; so many are there at the opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A share of those in line bring somebody, and move ahead for it."""

    share: float
    after: Duration
    """How long after joining."""
    places: int
    """By so many numbers his own becomes smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Visitors who behave alike and take the same journey."""

    name: str
    journey: int = 0
    """Index in :attr:`simulator.system.system.System.journeys`."""
    rank: int = 0
    """Under PRIORITY a lower one is called first."""
    client_timeout_ns: int = FOREVER
    cancels: bool = False
    """Whether a timeout tells the server, which then drops the work; otherwise it goes on."""
    retries: Retries = field(default_factory=Retries)
    honours_retry_after: float = 0.0
    """Share who wait as long as a refusal asks."""
    gives_up_after_ns: int = FOREVER
    """Nobody tries again later than this after his entry."""
    patience: Duration = field(default_factory=Duration.never)
    """How long somebody stays in the line, from the moment of joining it."""
    balks: Duration = field(default_factory=Duration.never)
    """Who is told of a longer wait than this does not join."""
    silent: float = 0.0
    """Share who leave a ROOM without a word."""
    shows_up: float = 1.0
    """Share who come when they are called."""
    answers_after: Duration = field(default_factory=lambda: Duration.fixed(0))
    """How long after the call somebody notices it."""
    refreshes: Duration = field(default_factory=Duration.never)
    """Who still waits after this long reloads the page, loses his place and goes to the end."""
    refers: Referral | None = None
