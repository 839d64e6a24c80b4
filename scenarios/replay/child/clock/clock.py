"""The replay's clock: nanoseconds since the opening, and sleeping until an instant of it."""

from __future__ import annotations

import time
from functools import cached_property

import gevent

from scenarios.replay.child.clock.alarm import Alarm

Sleeper = list[gevent.Greenlet]
"""Who sleeps; empty once he has been woken otherwise."""


class Clock:
    """Counts from an opening that is set once, a moment ahead."""

    def __init__(self) -> None:
        self.opening_ns = time.perf_counter_ns()

    def open_in(self, ahead_ns: int) -> None:
        self.opening_ns = time.perf_counter_ns() + ahead_ns

    def open_at(self, clock_ns: int) -> None:
        """Open at an instant of this machine's monotonic clock."""
        self.opening_ns = clock_ns

    def now_ns(self) -> int:
        return time.perf_counter_ns() - self.opening_ns

    @cached_property
    def alarm(self) -> Alarm[Sleeper]:
        return Alarm(wake)

    def sleep_until(self, at_ns: int) -> int:
        """Let others work until then; returns by how much it was overslept."""
        while (ahead_ns := at_ns - self.now_ns()) > 0:
            sleeper = [gevent.getcurrent()]
            self.alarm.set(self.opening_ns + at_ns, sleeper)
            try:
                gevent.get_hub().switch()
            finally:
                sleeper.clear()
        return -ahead_ns


def wake(sleeper: Sleeper) -> None:
    """Switch to him, unless he was stopped in his sleep."""
    for greenlet in sleeper:
        greenlet.switch()
