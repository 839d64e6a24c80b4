"""The line of a launch, as the engines see it: its policy and its release."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from simulator.units import FOREVER, UNBOUNDED


class Policy(enum.IntEnum):
    """Who is let in next: everybody at once, the first, anybody, or the first of the best class."""

    OPEN = 0
    FIFO = 1
    RANDOM = 2
    PRIORITY = 3


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
        """What takes longer than for ever is as good as never.

        >>> TokenBucket.at_rate(40.0).spacing_ns, TokenBucket.at_rate(0.0).spacing_ns == FOREVER
        (25000000, True)
        """
        rate_per_s = max(rate_per_s, 1e9 / FOREVER)
        return cls(spacing_ns=max(1, round(1e9 / rate_per_s)), burst=burst)

    @property
    def rate_per_s(self) -> float:
        return 1e9 / self.spacing_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """Release of the line: up to ``size`` at once, each ``every_ns`` from its opening on."""

    size: int
    every_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Release of the line: as long as fewer than ``total`` sessions are active."""

    total: int
    session_ns: int
    per_minute: int = UNBOUNDED
    """At most so many calls in each minute since the opening of the launch."""
    renews: bool = True
    """Whether every attempt that is sent makes the session last ``session_ns`` from then."""
    early: bool = False
    """Whether the end of a visit ends its session."""
    by_minute: bool = False
    """The dialect of the largest waiting room: nobody is called, people enter at their own looks,
    and all who joined in the same minute are alike."""
    ghost_ns: int = 0
    """By minute: who leaves keeps his place for so long after his last look."""
    blind_ns: int = 0
    """By minute: the limits are compared with counts that are published this often (0: live)."""
    remembers: int = 100
    """The announced wait goes by how long slots were held, about so many of the latest ones."""


class Signal(enum.IntEnum):
    """What feedback measures: attempts awaited now, or the share of slow answers in a period."""

    IN_FLIGHT = 0
    P95 = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Release of the line: a token bucket whose rate is raised by steps and cut by a factor (AIMD).

    Rates are in millionths of a token a second.
    """

    signal: Signal
    limit: int
    """The most attempts in flight, or the longest answer in nanoseconds."""
    every_ns: int
    """The control period."""
    delay_periods: int = 0
    """How many periods old the measurement is that a decision sees."""
    first_rate: int
    lowest_rate: int
    highest_rate: int
    step_rate: int
    """Added where the signal is within its limit."""
    cut_thousandths: int
    """What the rate is multiplied by where it is not."""


Release = TokenBucket | Batches | Slots | Feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfCapacity:
    """A rate of release that is a share of what the slowest station can serve."""

    share: float
    mixes: tuple[tuple[float, ...], ...]
    """For each group of people, the share of them who come to each step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waitlist:
    """How people are let in."""

    policy: Policy = Policy.OPEN
    """The first one; a change may open the line, and close it again to its only other policy."""
    kind: LineKind = LineKind.ROOM
    release: Release = field(default_factory=lambda: TokenBucket(spacing_ns=1))
    follows: ShareOfCapacity | None = None
    """What the rate of release follows when stations change; None: it is set by itself."""
    poll_every_ns: int = 0
    """How often a waiting person looks whether he has been called; 0: he is told at once."""
    opens_ns: int = 0
    """Nobody is called before."""
    shuffles: bool = False
    """Whether those who joined before ``opens_ns`` are put into a random order then."""
    places: int = UNBOUNDED
    """How many may stand in line; one more is turned away."""
    call_expires_ns: int = FOREVER
    """How long a call stands."""
    expired_to_end: bool = False
    """Whether who did not come in time goes to the end of the line; otherwise he is out."""
