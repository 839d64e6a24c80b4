"""Waiting for a socket, until an exchange as a whole has taken too long.

Exchanges that have the same time end in the order in which they began. So one timer of the event loop serves all
of them: it is set to the end of the first, and hardly any comes so far. ``gevent.Timeout`` would raise into code that
does not wait, and makes a request a sixth dearer (docs/injector.md).
"""

from __future__ import annotations

import time
from itertools import takewhile
from typing import Any

import gevent

from scenarios.replay.child.wire.faults import TooLate
from simulator.units import FOREVER


class Deadline:
    """The end of one exchange; whoever waits past it is told (:class:`TooLate`)."""

    __slots__ = ("_hub", "_term", "_waiting", "passed")

    def __init__(self, term: Term | None = None) -> None:
        """``term``: whose timer ends it; None: it lasts for ever."""
        self.passed = False
        self._waiting: Any = None
        self._hub = gevent.get_hub()
        self._term = term

    def close(self) -> None:
        """Nobody waits any more."""
        if self._term is not None:
            self._term.under_way.pop(self, None)

    def ring(self) -> None:
        """It has come."""
        self.passed = True
        if self._waiting is not None:
            self._waiting()

    def wait(self, watcher: Any, *, stays: bool = False) -> None:
        """Let others run until the watcher sees what it watches for. Raises TooLate.

        One that ``stays`` watches on, which spares a call of the system each time; what it sees while
        nobody waits stops it.
        """
        if self.passed:
            raise TooLate
        self._waiting = gevent.getcurrent().switch
        if watcher.active:
            watcher.callback = self._waiting
        else:
            watcher.start(self._waiting)
        try:
            self._hub.switch()
        finally:
            self._waiting = None
            if stays:
                watcher.callback = watcher.stop
            else:
                watcher.stop()
        if self.passed:
            raise TooLate


class Term:
    """All exchanges that have the same time."""

    def __init__(self, timeout_ns: int) -> None:
        self.timeout_ns = timeout_ns
        self.under_way: dict[Deadline, int] = {}
        """When each ends, by :func:`time.perf_counter_ns`; the first of them is the first here."""
        self._timer: Any = None

    def begin(self) -> Deadline:
        """One that begins now."""
        begun = Deadline(self)
        self.under_way[begun] = time.perf_counter_ns() + self.timeout_ns
        if self._timer is None:
            self._set(self.timeout_ns)
        return begun

    def _set(self, ahead_ns: int) -> None:
        self._timer = gevent.get_hub().loop.timer(ahead_ns / 1e9, ref=False)
        self._timer.start(self._ring, update=True)

    def _ring(self) -> None:
        """End whose time has come, unless one that ended before has ended it, and wait for the next."""
        now_ns = time.perf_counter_ns()
        for deadline, _ in list(takewhile(lambda each: each[1] <= now_ns, self.under_way.items())):
            if self.under_way.pop(deadline, None) is not None:
                deadline.ring()
        self._timer.close()
        self._timer = None
        for at_ns in self.under_way.values():
            self._set(max(0, at_ns - time.perf_counter_ns()))
            break


class Deadlines:
    """Those of a process, by how long an exchange may take: a launch has few different timeouts."""

    def __init__(self) -> None:
        self._terms: dict[int, Term] = {}

    def begin(self, timeout_ns: int) -> Deadline:
        """The end of an exchange that begins now."""
        if timeout_ns >= FOREVER:
            return Deadline()
        term = self._terms.get(timeout_ns)
        if term is None:
            term = self._terms[timeout_ns] = Term(timeout_ns)
        return term.begin()
