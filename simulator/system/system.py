"""What is launched, as the engines see it: people, a line, stations, journeys, and what changes.

Frozen values with integer nanoseconds throughout; the scenario language is resolved into these, and
nothing behind this border knows of files, units or defaults. The rules that give the words their
meaning are written down in :mod:`simulator.engine.rules`.

Shares that decide something are floats in [0, 1], compared with a uniform draw. What is multiplied
in a rule is an integer in thousandths or millionths, so that every engine rounds alike.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.system.journeys import Journey, Step
from simulator.system.line import Policy, Waitlist
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.timetable.laws import Duration


class Lever(enum.IntEnum):
    """What an operator can change while the launch runs."""

    SERVERS = 0
    """Of each instance of a station."""
    POLICY = 1
    RELEASE_SPACING_NS = 2
    """Of a token bucket or of feedback."""
    WAITING_ROOM = 3
    CORES = 4
    QUOTA_SPACING_NS = 5
    SLOTS = 6
    """Sessions in total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At an instant, a lever is set to a value (not by a value)."""

    at_ns: int
    lever: Lever
    value: int
    station: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Everything that decides what becomes of the arrivals of a timetable."""

    people: tuple[People, ...]
    """The groups; an arrival names its group by its index here."""
    stations: tuple[Station, ...]
    journeys: tuple[Journey, ...] = (Journey(),)
    waitlist: Waitlist = field(default_factory=Waitlist)
    changes: tuple[Change, ...] = ()
    """In order of their instants."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of all journeys: a step's number, in rows and keys, is its index here."""
        return tuple(step for journey in self.journeys for step in journey.steps)

    def first_step(self, journey: int) -> int:
        """The number of a journey's first step."""
        return sum(len(other.steps) for other in self.journeys[:journey])

    @property
    def has_line(self) -> bool:
        """Whether people stand in line at any time."""
        return any(policy is not Policy.OPEN for policy in self._policies())

    @property
    def order(self) -> Policy:
        """The policy of the line when it is not open."""
        closed = {policy for policy in self._policies() if policy is not Policy.OPEN}
        assert len(closed) <= 1, closed
        return closed.pop() if closed else Policy.FIFO

    def _policies(self) -> Iterator[Policy]:
        """The line's at the opening, and those that are set later."""
        yield self.waitlist.policy
        yield from (Policy(c.value) for c in self.changes if c.lever is Lever.POLICY)

    def service_of(self, step: int) -> Duration:
        """How long a server works on an attempt at a step."""
        said = self.steps[step]
        return self.stations[said.station].service if said.service is None else said.service
