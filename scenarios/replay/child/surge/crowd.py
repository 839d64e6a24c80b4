"""The crowd: everybody who was sent and has not met his fate, awake or asleep.

Whoever has a request under way is awake, and has a greenlet for so long. Who waits, thinks or pauses
sleeps: he is a generator in a heap (:mod:`scenarios.replay.child.clock.alarm`), a few kilobytes in all. The greenlets
take up one life after another, since to make one costs more than to switch to it.
"""

from __future__ import annotations

from collections.abc import Callable

import gevent
from gevent.event import Event
from gevent.pool import Group

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.clock.alarm import Alarm
from scenarios.replay.child.visitors.visit import Life

Watched = Callable[..., gevent.Greenlet]
"""Makes a greenlet of a function and its arguments, and hears of its faults."""


class Crowd:
    """Lives that are lived beside one another."""

    def __init__(self, clock: Clock, watched: Watched) -> None:
        self.clock, self.watched = clock, watched
        self.awake = self.living = 0
        """How many have something under way, and how many there are in all."""
        self.alarm: Alarm[Life] = Alarm(self.wake)
        self.greenlets = Group()
        self.idle: list[gevent.Greenlet] = []
        """Those of the greenlets that have nobody."""
        self.gone: Event | None = None
        """Set when nobody is left, where somebody waits for that."""
        self.soon = gevent.get_hub().loop.run_callback

    def start(self, life: Life) -> None:
        """Let somebody begin, as soon as whoever calls lets others work."""
        self.living += 1
        self.wake(life)

    def wake(self, life: Life) -> None:
        """Let him go on, in a greenlet that is free or in another one."""
        self.awake += 1
        if self.idle:
            self.soon(self.idle.pop().switch, life)
        else:
            self.greenlets.start(self.watched(self.live, life))

    def live(self, life: Life) -> None:
        """A greenlet's work: life after life, as far as each goes without sleeping."""
        hub, me = gevent.get_hub(), gevent.getcurrent()
        while True:
            self.go_on(life)
            self.awake -= 1
            del life  # whoever sleeps is not to be kept by whom he left
            self.idle.append(me)
            life = hub.switch()

    def go_on(self, life: Life) -> None:
        """Until he sleeps, or has met his fate."""
        for until_ns in life:
            if until_ns > self.clock.now_ns():
                self.alarm.set(self.clock.opening_ns + until_ns, life)
                return
        self.living -= 1
        if self.gone is not None and not self.living:
            self.gone.set()

    def join(self, within_ns: int) -> None:
        """Wait until everybody has met his fate, or for so long."""
        if self.living:
            self.gone = Event()
            self.gone.wait(max(0, within_ns) / 1e9)

    def stop(self, within_s: float) -> None:
        """Break off whatever is under way, and have nobody go on.

        Code of others may hold on; no longer than that it is waited for.
        """
        lives = self.alarm.clear()
        self.greenlets.kill(timeout=within_s)
        for life in [*lives, *self.alarm.clear()]:
            life.close()

    def abandon(self) -> None:
        """The same without waiting: nobody would keep what becomes of them."""
        self.alarm.clear()
        self.greenlets.kill(block=False)
