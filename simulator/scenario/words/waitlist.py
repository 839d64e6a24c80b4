"""The words of the line: in which order people are let in, and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, WithJsonSchema

from simulator.scenario.words.people import Class
from simulator.scenario.words.terms import (
    DURATION_SCHEMA,
    MOST,
    AtLeastOne,
    Contradiction,
    DurationNs,
    Flag,
    PeriodNs,
    PositiveNs,
    RatePerS,
    SomeShare,
    Table,
    word,
)
from simulator.text.quantities import WrongQuantity, parse_positive_duration

WAYS = ("rate_per_s", "share_of_capacity", "batch", "slots", "feedback")
BUCKETS = ("rate_per_s", "share_of_capacity")
"""The ways of release that are buckets of tokens."""

PolicyWord = Literal["open", "fifo", "random", "shuffle-then-fifo", "priority"]


class Batch(Table):
    """Release of the line: a batch at a time."""

    size: AtLeastOne
    """How many at a time."""
    every_ns: PeriodNs
    """From the opening of the line on."""


class Slots(Table):
    """Release of the line: whenever a session is free."""

    total: AtLeastOne
    """How many sessions may be active at once."""
    session_ns: PositiveNs
    """How long a session lasts."""
    per_minute: AtLeastOne | None = None
    """How many may be let in within a minute."""
    renews: Flag = True
    """Whether each request restarts the session's time."""
    early_release: Flag = False
    """Whether a session ends when its visit does."""
    dialect: Literal["by-minute"] | None = None
    """by-minute, as the largest waiting room does it: nobody is called, people enter when they
    look, and all who came within one minute are alike."""
    ghost_ns: DurationNs = 0
    """By minute: how long those who left keep their place after their last look."""
    blind_ns: DurationNs = 0
    """By minute: how old the counts may be that the limits are compared with."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.dialect is None:
            for field in ("ghost_ns", "blind_ns"):
                if self.mentions(field):
                    problem = "has no effect: nobody is let in by minute"
                    yield Contradiction(word(field), problem, 'add dialect = "by-minute"')
        elif 0 < self.blind_ns < 1_000_000:
            yield Contradiction(
                "blind", "is less than a millisecond", 'write "2 min", or leave it out'
            )


def limit_of(value: object) -> object:
    """A number of attempts, or the duration of an answer."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise WrongQuantity("is neither a number nor a duration", 'write 200, or "800 ms"')
    if isinstance(value, str):
        parse_positive_duration(value)
    elif not 1 <= value <= MOST:
        raise WrongQuantity(f"is {value}", f"it must be at least 1, and at most {MOST:,}")
    return value


Limit = Annotated[
    int | str,
    BeforeValidator(limit_of),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, DURATION_SCHEMA]}),
]


class Feedback(Table):
    """Release of the line: a rate that is raised by steps, and cut when the system is too slow."""

    signal: Literal["in-flight", "p95"]
    """What is measured: attempts under way, or how long answers take."""
    limit: Limit
    """Above this the rate is cut: a number in flight (200), or the p95 of the answers ("800 ms")."""
    every_ns: PeriodNs
    """How often it decides."""
    delay: Annotated[int, Strict(), Field(ge=0, le=1000)] = 0
    """How many of these periods old the measurement is."""
    first_per_s: RatePerS
    """The rate at the opening."""
    lowest_per_s: RatePerS
    """The rate never falls below."""
    highest_per_s: RatePerS
    """The rate never rises above."""
    step_per_s: RatePerS
    """How much is added where the signal is within its limit."""
    cut: Annotated[float, Strict(), Field(ge=0.001, lt=1)]
    """What the rate is multiplied by where it is not: 0.5 halves it."""

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.signal == "p95") != isinstance(self.limit, str):
            example = '"800 ms"' if self.signal == "p95" else "200"
            problem = f"is {self.limit}, which is not what {self.signal} is measured in"
            yield Contradiction("limit", problem, f"write {example}")
        if not self.lowest_per_s <= self.first_per_s <= self.highest_per_s:
            problem = "is not between lowest and highest"
            yield Contradiction(
                "first", problem, "lowest, first and highest must be in rising order"
            )


class Release(Table):
    """How fast the line is let in: in exactly one of five ways."""

    rate_per_s: RatePerS | None = None
    """At this rate, evenly spaced."""
    share_of_capacity: SomeShare | None = None
    """A share of what the slowest station can serve for ever: 0.75 leaves a quarter in reserve."""
    burst: AtLeastOne = 1
    """Of a rate or a share: how many calls may be saved up while nobody waits."""
    batch: Batch | None = None
    """A batch at a time: { size = 500, every = "1 min" }."""
    slots: Slots | None = None
    """Whenever a session is free: { total = 2_000, session = "5 min" }."""
    feedback: Feedback | None = None
    """A rate that follows a measurement: raised in steps, cut by a factor."""

    def contradictions(self) -> Iterator[Contradiction]:
        ways = [way for way in WAYS if getattr(self, way) is not None]
        if len(ways) != 1:
            several = " and ".join(map(word, ways))
            problem = f"has {several}" if ways else "does not say how fast"
            remedy = f"give one of {', '.join(map(word, WAYS))}, as share_of_capacity = 0.75"
            yield Contradiction("", problem, remedy)
        elif self.mentions("burst") and ways[0] not in BUCKETS:
            problem = f"has no effect where the line is let in by {ways[0]}"
            yield Contradiction("burst", problem, "leave it out")

    @property
    def is_rate(self) -> bool:
        """Whether an operator can set another rate."""
        return self.batch is None and self.slots is None


def once_each(order: tuple[Class, ...]) -> tuple[Class, ...]:
    """Each class has one place."""
    if len(set(order)) != len(order):
        raise WrongQuantity("names a class twice", "name each class once")
    return order


class Waitlist(Table):
    """How people are let in."""

    kind: Literal["room", "list"] = "room"
    """room: they stay and look; list: they are called back."""
    policy: PolicyWord = "fifo"
    """open: everybody at once; fifo: first come, first served; random: anybody of those who wait;
    shuffle-then-fifo: who came before opens in a random order, the others behind them;
    priority: by class, first come, first served within it."""
    order: Annotated[tuple[Class, ...], Field(min_length=1), AfterValidator(once_each)] = (
        "invited",
        "referred",
        "everybody",
    )
    """Under policy = "priority", who comes first; a class that is not named comes last."""
    opens_ns: DurationNs = 0
    """Nobody is let in before this time after the opening of the launch."""
    places: AtLeastOne | None = None
    """How many may stand in the line; one more is turned away. Without it, everybody."""
    release: Release | None = None
    """How fast the line is let in."""
    poll_every_ns: DurationNs = 0
    """How often those who wait check whether they were called; without it, they are told at once."""
    call_expires_ns: PositiveNs | None = None
    """How long a call is valid; without it, for ever."""
    expired: Literal["out", "to the end"] = "out"
    """What happens to those who did not come in time."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.policy == "shuffle-then-fifo" and not self.opens_ns:
            problem = "is missing, so nobody could have come before the line opens"
            yield Contradiction("opens", problem, 'add opens = "10 min"')
        if self.call_expires_ns is None and self.mentions("expired"):
            problem = "has no effect: calls do not expire"
            yield Contradiction("expired", problem, 'add call_expires = "5 min"')
        if self.by_minute:
            yield from self._by_minute()

    @property
    def by_minute(self) -> bool:
        """Whether people are let in by the minute in which they came."""
        slots = None if self.release is None else self.release.slots
        return slots is not None and slots.dialect == "by-minute"

    def _by_minute(self) -> Iterator[Contradiction]:
        """By minute nobody is called, and who waits has to look."""
        if self.poll_every_ns < 1_000_000:
            problem = "is missing, but by minute people enter when they look"
            yield Contradiction("poll_every", problem, 'add poll_every = "20 s"')
        if self.kind == "list":
            problem = 'is "list", but by minute nobody is called back'
            yield Contradiction("kind", problem, 'write "room"')
        if self.policy not in ("open", "fifo"):
            problem = f'is "{self.policy}", but by minute is always first come, first served'
            yield Contradiction("policy", problem, 'write "fifo"')
        if self.call_expires_ns is not None:
            problem = "has no effect: by minute nobody is called"
            yield Contradiction("call_expires", problem, "leave it out")
