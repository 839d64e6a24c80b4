"""What is launched, as the engines see it: people, a line, a station, and what changes.

Frozen values with integer nanoseconds throughout; the scenario language is resolved into these, and
nothing behind this border knows of files, units or defaults. The rules that give the words their
meaning are written down in :mod:`simulator.engine`.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field

from simulator import draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """The law of a random duration, ready for :func:`simulator.draws.duration_ns`."""

    law: int
    location: float = 0.0
    scale: float = 0.0

    @classmethod
    def never(cls) -> Duration:
        return cls(law=draws.NEVER)

    @classmethod
    def fixed(cls, ns: int) -> Duration:
        return cls(law=draws.FIXED, location=float(ns))

    @classmethod
    def exponential(cls, mean_ns: float) -> Duration:
        return cls(law=draws.EXPONENTIAL, location=float(mean_ns))

    @classmethod
    def lognormal(cls, mean_ns: float, cv: float) -> Duration:
        """A lognormal law of the given mean and coefficient of variation (sd / mean)."""
        variance = math.log1p(cv * cv)
        return cls(
            law=draws.LOGNORMAL,
            location=math.log(mean_ns) - variance / 2,
            scale=math.sqrt(variance),
        )

    def mean_ns(self) -> float:
        if self.law == draws.NEVER:
            return math.inf
        if self.law == draws.LOGNORMAL:
            return math.exp(self.location + self.scale * self.scale / 2)
        return self.location


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
    """All attempts together, the first one included."""
    backoff_ns: int = 0
    cap_ns: int = 0
    jitter: Jitter = Jitter.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A named group of visitors who behave alike."""

    name: str
    client_timeout_ns: int = draws.FOREVER
    retries: Retries = field(default_factory=Retries)
    patience: Duration = field(default_factory=Duration.never)
    """How long somebody stays in the line, from the moment of joining it."""


class Policy(enum.IntEnum):
    """Who is let in next: everybody at once, or first come, first served."""

    OPEN = 0
    FIFO = 1


class LineKind(enum.IntEnum):
    """ROOM: people are present, and leave aloud. LIST: they are called back, and leave silently."""

    ROOM = 0
    LIST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBucket:
    """Release of the line: a token each ``spacing_ns``, at most ``burst`` of them saved up."""

    spacing_ns: int
    burst: int = 1

    @classmethod
    def at_rate(cls, rate_per_s: float, burst: int = 1) -> TokenBucket:
        return cls(spacing_ns=max(1, round(1e9 / rate_per_s)), burst=burst)

    @property
    def rate_per_s(self) -> float:
        return 1e9 / self.spacing_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Waitlist:
    """How people are let in."""

    policy: Policy = Policy.OPEN
    kind: LineKind = LineKind.ROOM
    release: TokenBucket = field(default_factory=lambda: TokenBucket(spacing_ns=1))
    poll_every_ns: int = 0
    """How often a waiting person looks whether he has been called; 0: he is told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A station of ``servers`` equal servers, first come, first served, with a bounded room."""

    name: str
    servers: int
    waiting_room: int
    """How many may wait beside those in service; one more is turned away."""
    service: Duration
    round_trip_ns: int = 0
    """What network and client add to what a client sees of an attempt; it occupies no server."""

    @property
    def capacity_per_s(self) -> float:
        return self.servers * 1e9 / self.service.mean_ns()


class Lever(enum.IntEnum):
    """What an operator can change while the launch runs."""

    SERVERS = 0
    POLICY = 1
    RELEASE_SPACING_NS = 2
    WAITING_ROOM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At an instant, a lever is set to a value (not by a value)."""

    at_ns: int
    lever: Lever
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Everything that decides what becomes of the arrivals of a timetable."""

    people: tuple[People, ...]
    """The groups; an arrival names its group by its index here."""
    station: Pool
    waitlist: Waitlist = field(default_factory=Waitlist)
    changes: tuple[Change, ...] = ()
    """In order of their instants."""
