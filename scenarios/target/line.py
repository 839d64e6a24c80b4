"""The line: who waits, and when the next one is called.

The release is the token bucket of :mod:`simulator.engine`, in integer nanoseconds, first come,
first served. A timer calls people at their instants; and every look at the line calls whoever is
due first, so that nobody can see it in a state that the bucket would not allow. SQLite answers in
10 to 100 µs, less than handing the question to a thread would take, so it is asked on the loop.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

from scenarios.target.settings import LineSettings, Policy
from scenarios.target.store import NEVER_NS, Lengths, Place, Store


def steady_clock() -> Callable[[], int]:
    """Nanoseconds since 1970 that never jump while the process runs, and go on after a restart."""
    offset_ns = time.time_ns() - time.monotonic_ns()
    return lambda: time.monotonic_ns() + offset_ns


class Line:
    """The waiting line of one target."""

    def __init__(self, store: Store, settings: LineSettings, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._due_ns = NEVER_NS
        self._timer: asyncio.TimerHandle | None = None
        self.settings = settings
        store.open_line(settings, clock())
        self._call_due()

    @property
    def is_open(self) -> bool:
        return self.settings.policy is Policy.OPEN

    def join(self) -> tuple[str, Place]:
        """A new ticket, at the end of the line, and where it stands."""
        self.catch_up()
        ticket = secrets.token_urlsafe(16)
        self._store.join(ticket, self._clock())
        if self._due_ns == NEVER_NS:
            self._call_due()
        return ticket, self._known(ticket)

    def look(self, ticket: str) -> Place | None:
        """Where a ticket stands; None: it is unknown."""
        self.catch_up()
        return self._store.look(ticket)

    def leave(self, ticket: str) -> bool:
        """Give a place up; False: the ticket is unknown."""
        self.catch_up()
        if self._store.look(ticket) is None:
            return False
        self._store.leave(ticket, self._clock())
        self._call_due()
        return True

    def lengths(self) -> Lengths:
        self.catch_up()
        return self._store.lengths()

    def change(self, settings: LineSettings, *, clear: bool) -> None:
        """Turn the levers; ``clear`` also empties the line and fills the bucket."""
        self.catch_up()
        self.settings = settings
        self._store.set_line(settings)
        if clear:
            self._store.clear_line(self._clock())
        self._call_due()

    def catch_up(self) -> None:
        """Call whoever is due by now."""
        if self._due_ns <= self._clock():
            self._call_due()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _known(self, ticket: str) -> Place:
        place = self._store.look(ticket)
        assert place is not None
        return place

    def _call_due(self) -> None:
        if self.is_open:
            self._store.admit_everybody()
        else:
            now_ns = self._clock()
            while self._store.admit_next(now_ns) is not None:
                pass
        self._due_ns = self._store.next_due_ns()
        self._set_timer()

    def _set_timer(self) -> None:
        self.close()
        if self._due_ns != NEVER_NS:
            delay_s = max(0, self._due_ns - self._clock()) / 1e9
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._call_due)
