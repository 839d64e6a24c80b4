"""The line: who waits, and when the next one is called.

The release is the token bucket of :mod:`simulator.engine.rules`, in integer nanoseconds, first come,
first served. A timer calls people at their instants; and every look at the line calls whoever is
due first, so that nobody can see it in a state that the bucket would not allow. SQLite answers in
10 to 100 µs, less than handing the question to a thread would take, so it is asked on the loop;
PostgreSQL too, so let it be near.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

from scenarios.http.line import LineSettings, Policy
from scenarios.service.store.tickets import NEVER_NS, Lengths, Place, Tickets


def steady_clock() -> Callable[[], int]:
    """Nanoseconds since 1970 that never jump while the process runs, and go on after a restart."""
    offset_ns = time.time_ns() - time.monotonic_ns()
    return lambda: time.monotonic_ns() + offset_ns


class Line:
    """The waiting line of one target."""

    def __init__(self, tickets: Tickets, settings: LineSettings, clock: Callable[[], int]) -> None:
        self._tickets = tickets
        self._clock = clock
        self._due_ns = NEVER_NS
        self._timer: asyncio.TimerHandle | None = None
        self.settings = settings
        tickets.open_line(settings, clock())
        self._call_due()

    @property
    def is_open(self) -> bool:
        return self.settings.policy is Policy.OPEN

    def join(self) -> tuple[str, Place]:
        """A new ticket, at the end of the line, and where it stands."""
        self.catch_up()
        ticket = secrets.token_urlsafe(16)
        self._tickets.join(ticket, self._clock())
        if self._due_ns == NEVER_NS:
            self._call_due()
        return ticket, self._known(ticket)

    def look(self, ticket: str) -> Place | None:
        """Where a ticket stands; None: it is unknown."""
        self.catch_up()
        return self._tickets.look(ticket)

    def leave(self, ticket: str) -> bool:
        """Give a place up; False: the ticket is unknown."""
        self.catch_up()
        if self._tickets.look(ticket) is None:
            return False
        self._tickets.leave(ticket, self._clock())
        self._call_due()
        return True

    def expected_wait_s(self, place: Place) -> float:
        """How long those ahead of a place take, at the rate at which the line is let in now.

        It is the announced wait of :mod:`simulator.engine.rules` for a bucket.
        """
        return (place.position - 1) * self.settings.spacing_ns / 1e9

    def lengths(self) -> Lengths:
        self.catch_up()
        return self._tickets.lengths()

    def change(self, settings: LineSettings, *, clear: bool) -> None:
        """Turn the levers; ``clear`` also empties the line and fills the bucket."""
        self.catch_up()
        self.settings = settings
        self._tickets.set_line(settings)
        if clear:
            self._tickets.clear_line(self._clock())
        self._call_due()

    def catch_up(self) -> None:
        """Call whoever is due by now."""
        if self._due_ns <= self._clock():
            self._call_due()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _known(self, ticket: str) -> Place:
        place = self._tickets.look(ticket)
        assert place is not None
        return place

    def _call_due(self) -> None:
        if self.is_open:
            self._tickets.admit_everybody()
        else:
            now_ns = self._clock()
            while self._tickets.admit_next(now_ns) is not None:
                pass
        self._due_ns = self._tickets.next_due_ns()
        self._set_timer()

    def _set_timer(self) -> None:
        self.close()
        if self._due_ns != NEVER_NS:
            delay_s = max(0, self._due_ns - self._clock()) / 1e9
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._call_due)
