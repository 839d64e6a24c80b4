"""The replay's clock: nanoseconds since the opening, and sleeping until an instant of it."""

from __future__ import annotations

import time

import gevent

LONGEST_NAP_NS = 1_000_000_000
"""Instants far away are approached in naps, so that no rounding of a long timer matters."""


class Clock:
    """Counts from an opening that is set once, a moment ahead."""

    def __init__(self) -> None:
        self.opening_ns = time.perf_counter_ns()

    def open_in(self, ahead_ns: int) -> None:
        self.opening_ns = time.perf_counter_ns() + ahead_ns

    def now_ns(self) -> int:
        return time.perf_counter_ns() - self.opening_ns

    def sleep_until(self, at_ns: int) -> int:
        """Let others work until then; returns by how much it was overslept.

        An absolute deadline, asked again after each nap: a timer that was set from a stale loop
        clock (``spawn_later``) would ring early by as much as the loop was busy.
        """
        while (ahead_ns := at_ns - self.now_ns()) > 0:
            gevent.sleep(min(ahead_ns, LONGEST_NAP_NS) / 1e9)
        return -ahead_ns
