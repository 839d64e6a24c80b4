"""The world of a launch: what all parts of it know, and what they tell, and no part itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import simpy
from simpy.events import EventPriority

from simulator.engine.readable.meter import Meter
from simulator.engine.readable.visit import Attempt, Visit
from simulator.engine.rules import Key
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable


class Happening(simpy.Event):
    """Something that happens at an instant, placed among others of that instant by its key."""

    def __init__(
        self,
        env: simpy.Environment,
        at_ns: int,
        key: Key,
        action: Callable[..., None],
        *of: Any,
    ) -> None:
        super().__init__(env)
        self.callbacks.append(lambda _: action(*of))
        self._ok, self._value = True, None
        # SimPy orders events by (time, priority, counter) and only compares priorities: a key will do.
        env.schedule(self, cast("EventPriority", key), at_ns - env.now)


class Clock:
    """The instants of one launch; what would happen at its end or later is never planned."""

    def __init__(self, timetable: Timetable) -> None:
        self.env = simpy.Environment()
        self.end_ns = timetable.end_ns
        self.closes_ns = min(timetable.horizon_ns, timetable.end_ns)
        """When the line closes."""
        self.now_ns = 0

    def at(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> None:
        """What happens then, if the launch has not ended by then."""
        if at_ns < self.end_ns:
            Happening(self.env, at_ns, key, action, *of)

    def at_the_line(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> None:
        """What happens then, if the line has not closed by then."""
        if at_ns < self.closes_ns:
            self.at(at_ns, key, action, *of)

    def happens(self) -> bool:
        """Let the next thing happen, if there is one before the end."""
        next_ns = self.env.peek()
        if next_ns >= self.end_ns:
            return False
        self.now_ns = cast("int", next_ns)
        self.env.step()
        return True


class Appointment:
    """The one next event of its kind: planning it anew calls off what was planned before."""

    def __init__(self, plan: Callable[..., None], action: Callable[..., None]) -> None:
        self.plan_at, self.action = plan, action
        """``plan`` is :meth:`Clock.at` or :meth:`Clock.at_the_line`."""
        self.planned: tuple[int, Key] | None = None

    def move(self, at_ns: int, key: Key, *of: Any) -> None:
        if self.planned != (at_ns, key):
            self.planned = (at_ns, key)
            self.plan_at(at_ns, key, self.keep, self.planned, *of)

    def call_off(self) -> None:
        self.planned = None

    def keep(self, planned: tuple[int, Key], *of: Any) -> None:
        if self.planned is planned:
            self.planned = None
            self.action(*of)


class Listener:
    """Who hears what becomes of those who have come; of all parts only a release wants to."""

    def sent(self, visit: Visit) -> None:
        """Somebody sends an attempt."""

    def decided(self, *, took_ns: int, timed_out: bool = False) -> None:
        """An attempt is known to succeed or has timed out."""

    def left(self, visit: Visit, ended_ns: int) -> None:
        """Somebody's visit ends then."""


class World:
    """The time it is, the luck there is, who is present, and the rows of those who are not."""

    def __init__(
        self, timetable: Timetable, system: System, clock: Clock, meter: Meter | None
    ) -> None:
        self.timetable, self.system, self.clock = timetable, system, clock
        self.meter = meter
        """Where somebody asks what stations do over time."""
        self.listener = Listener()
        self.in_flight = 0
        """Attempts that are awaited."""
        self.present: dict[int, Visit] = {}
        """Who has arrived and has no fate yet."""
        self.visits: list[tuple[int, ...]] = []
        self.attempts: list[tuple[int, ...]] = []

    def drawn_ns(
        self, law: Duration, role: int, visitor: int, step: int = 0, attempt: int = 0
    ) -> int:
        """A duration that luck decides, unless it is always the same."""
        if law.law in (draws.NEVER, draws.FIXED):
            return draws.duration_ns(law.law, law.location, law.scale, (), 0, 0, 0.5)
        return self.timetable.duration_ns(law, role, visitor, step, attempt)

    # What becomes known

    def record(self, attempt: Attempt, result: Result, finished_ns: int) -> None:
        """The end of an attempt."""
        sent_ns, started_ns = attempt.sent_ns, attempt.started_ns
        self.attempts.append((*attempt.name, sent_ns, started_ns, finished_ns, result))

    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        """The end of a visit."""
        visit.fate = fate
        del self.present[visit.visitor]
        self.listener.left(visit, ended_ns)
        self.visits.append(
            (
                visit.visitor,
                visit.group,
                visit.arrived_ns,
                visit.joined_ns,
                visit.let_in_ns,
                ended_ns,
                fate,
            )
        )

    def close(self) -> None:
        """At the end: who still stands in the line, and who is still under way."""
        for visit in list(self.present.values()):
            if visit.awaits is not None:
                self.record(visit.awaits, Result.UNFINISHED, UNKNOWN)
            fate = Fate.UNFINISHED if visit.is_in else Fate.WAITING
            self.leave(visit, fate, UNKNOWN)

    def rows_so_far(self) -> Block:
        block = Block.of(self.visits, self.attempts)
        self.visits, self.attempts = [], []
        return block
