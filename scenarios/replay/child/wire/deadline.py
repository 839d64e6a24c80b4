"""Waiting for a socket, until an exchange as a whole has taken too long.

One timer of the event loop for all waits of an exchange; ``gevent.Timeout`` would raise into code that
does not wait, and makes a request a sixth dearer (docs/injector.md).
"""

from __future__ import annotations

from typing import Any

import gevent

from scenarios.replay.child.wire.faults import TooLate
from simulator.units import FOREVER


class Deadline:
    """The end of one exchange; whoever waits past it is told (:class:`TooLate`)."""

    __slots__ = ("_hub", "_timer", "_waiting", "passed")

    def __init__(self, timeout_ns: int = FOREVER) -> None:
        self.passed = False
        self._waiting: Any = None
        self._hub = gevent.get_hub()
        self._timer: Any = None
        if timeout_ns < FOREVER:
            self._timer = self._hub.loop.timer(timeout_ns / 1e9)
            self._timer.start(self._ring, update=True)

    def close(self) -> None:
        """Nobody waits any more."""
        if self._timer is not None:
            self._timer.close()

    def _ring(self) -> None:
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
