"""Who is under way in a launch: a visit, its attempts, and the jobs that stations do for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from simulator.engine.rules import COMPLETION, Key
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.people import People
from simulator.timetable.laws import Duration


@dataclass(slots=True, eq=False)
class Visit:
    """One visitor, from his arrival to his fate."""

    visitor: int
    group: int
    people: People
    arrived_ns: int
    joined_ns: int = UNKNOWN
    loses_patience_ns: int = UNKNOWN
    calls: int = 0
    """How often he has been called."""
    slot_since_ns: int = UNKNOWN
    """Since when he has the slot that he took last."""
    let_in_ns: int = UNKNOWN
    session_ends_ns: int = UNKNOWN
    """UNKNOWN: he has no session, or it is over."""
    awaits: Attempt | None = None
    """The attempt whose answer his client waits for."""
    fate: Fate | None = None

    @property
    def is_in(self) -> bool:
        return self.let_in_ns != UNKNOWN

    @property
    def is_in_line(self) -> bool:
        """Whether he waits to be let in, called or not."""
        return self.fate is None and not self.is_in


@dataclass(slots=True, eq=False)
class Attempt:
    """One try of a step; the server may still work on it when the client has given it up."""

    visit: Visit
    step: int
    number: int
    sent_ns: int
    deadline_ns: int
    started_ns: int = UNKNOWN
    own: Job | None = None
    """The step's job, from being sent to the end of all work on the attempt."""
    called: Job | None = None
    """The job at another station that its server waits for."""

    @property
    def is_awaited(self) -> bool:
        return self.visit.awaits is self

    @property
    def name(self) -> tuple[int, int, int]:
        """Visitor, step and attempt."""
        return self.visit.visitor, self.step, self.number

    def key(self, event_class: int) -> Key:
        return event_class, self.visit.visitor, self.step, self.number, 0


class Keeper(Protocol):
    """An instance of a station, as a job knows it."""

    def let_go(self, job: Job) -> None:
        """Work on it no more."""
        ...


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work at a station: an attempt's own (call 0), or what it calls (1, 2, ...)."""

    attempt: Attempt
    call: int
    service: Duration
    instance: Keeper | None = None
    """Where it waits or has a server; None before and after."""
    waits_since_ns: int = UNKNOWN

    @property
    def luck(self) -> int:
        """Names the draws of a called job apart from those of the attempts themselves."""
        return self.attempt.number << 8 | self.call

    @property
    def key(self) -> Key:
        attempt = self.attempt
        return COMPLETION, attempt.visit.visitor, attempt.step, attempt.number, self.call
