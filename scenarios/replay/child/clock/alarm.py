"""An alarm for many sleepers: a heap of absolute instants, and one timer of the system for the next of them.

A sleeper costs an entry of the heap, and no greenlet, thread or timer. The system's timer is set to
instants of the very clock that the replay counts by, so none of them is rounded: libev counts what it
waits in whole milliseconds, upwards, and would be half of one late on the average. Where there is no
such timer libev's is used.

Source: timerfd_create(2); epoll_wait(2).
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Generic, Protocol, TypeVar

import gevent

T = TypeVar("T")

CLOCK_MONOTONIC, TFD_TIMER_ABSTIME = 1, 1
NS_PER_S = 1_000_000_000
NEVER, RUNG = 1 << 62, -1
"""What a timer is set to that nobody waits for; and one that has rung since it was set."""
MOST_AT_ONCE = 200
"""Sleepers who are woken before whoever waits for an answer has his turn again."""


class Alarm(Generic[T]):
    """Wakes each sleeper at his instant, those of one instant in the order in which they lay down."""

    def __init__(self, wake: Callable[[T], None]) -> None:
        """``wake`` is called in the hub, which it must not hold up."""
        self.wake = wake
        self.asleep: list[tuple[int, int, T]] = []
        """The heap: when, by :func:`time.perf_counter_ns`; the how many-th to lie down; and who."""
        self._numbers = count()
        self._timer: Timer | None = None
        self._set_ns = NEVER
        """To which instant the timer is set; RUNG: it has rung since."""

    def set(self, at_ns: int, sleeper: T) -> None:
        """Wake him at that instant of :func:`time.perf_counter_ns`, or at once if it has passed."""
        entry = (at_ns, next(self._numbers), sleeper)
        heappush(self.asleep, entry)
        if self.asleep[0] is entry:
            self._set(at_ns)

    @property
    def timer(self) -> Timer:
        """Made for the first who sleeps."""
        if self._timer is None:
            self._timer = timer(self.ring)
        return self._timer

    def ring(self) -> None:
        """Wake those whose time has come, and wait for the next."""
        asleep, now_ns = self.asleep, time.perf_counter_ns()
        self._set_ns = RUNG
        for _ in range(MOST_AT_ONCE):
            if not asleep or asleep[0][0] > now_ns:
                break
            self.wake(heappop(asleep)[2])
        next_ns = asleep[0][0] if asleep else NEVER
        if next_ns != self._set_ns and self._timer is not None:  # he may have lain down again
            self._set(next_ns)

    def _set(self, at_ns: int) -> None:
        self._set_ns = at_ns
        self.timer.set(at_ns)

    def clear(self) -> list[T]:
        """Who was still to be woken, and is not any more."""
        left = [sleeper for _, _, sleeper in self.asleep]
        self.asleep.clear()
        return left

    def close(self) -> None:
        """Nobody sleeps any more."""
        self.clear()
        if self._timer is not None:
            self._timer.close()
            self._timer = None


class Timer(Protocol):
    """Rings at or after the instant that it was set to last, until it is set anew."""

    def set(self, at_ns: int) -> None:
        """To an instant of :func:`time.perf_counter_ns`; one that has passed rings at once; or to NEVER."""
        ...

    def close(self) -> None: ...


def timer(ring: Callable[[], None]) -> Timer:
    """The most exact one that this system has."""
    try:
        return SystemTimer(ring)
    except (AttributeError, OSError):
        return LoopTimer(ring)


class Instant(ctypes.Structure):
    """A ``struct itimerspec`` whose interval is 0: it rings once."""

    _fields_ = (
        ("interval_s", ctypes.c_long),
        ("interval_ns", ctypes.c_long),
        ("at_s", ctypes.c_long),
        ("at_ns", ctypes.c_long),
    )


class SystemTimer:
    """A file of the system that can be read when the time has come. Nobody reads it: to set it anew is enough.

    Raises AttributeError or OSError, as it is made, where the system has none.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        # Called for nearly every visitor, and over before another thread could have its turn.
        self._settime = ctypes.PyDLL(None).timerfd_settime
        self._file = libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._file < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        self._instant = Instant()
        self._pointer = ctypes.byref(self._instant)
        self._watcher = gevent.get_hub().loop.io(self._file, 1)
        self._watcher.start(ring)

    def set(self, at_ns: int) -> None:
        # An instant of 0 would disarm it.
        self._instant.at_s, self._instant.at_ns = divmod(max(at_ns, 1), NS_PER_S)
        self._settime(self._file, TFD_TIMER_ABSTIME, self._pointer, None)

    def close(self) -> None:
        self._watcher.stop()
        self._watcher.close()
        os.close(self._file)


class LoopTimer:
    """The event loop's own."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._loop, self._ring = gevent.get_hub().loop, ring
        self._watcher = self._loop.timer(0.0)

    def set(self, at_ns: int) -> None:
        self._watcher.stop()
        self._watcher.close()
        ahead_ns = max(0, at_ns - time.perf_counter_ns())
        self._watcher = self._loop.timer(ahead_ns / 1e9)
        if at_ns == NEVER:
            return
        # From now, and not from when the loop last looked at its clock: it may have been busy since.
        self._watcher.start(self._ring, update=True)

    def close(self) -> None:
        self._watcher.stop()
        self._watcher.close()
