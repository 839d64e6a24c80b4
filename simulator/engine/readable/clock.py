"""The clock of a launch: what happens at which instant, and what comes first of one instant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import simpy
from simpy.events import EventPriority

from simulator.timetable.timetable import Timetable

Key = tuple[int, int, int, int, int]
"""Places an event among those of one instant: its class, then what :mod:`simulator.engine.rules` says."""


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
