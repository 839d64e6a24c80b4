"""Rows on a network that may lose them: sent again from the first one that nobody has confirmed.

At most ``WINDOW`` batches are under way, so that no queue of the network's fills up. When nothing was
confirmed for ``AGAIN_S`` everything from the first unconfirmed batch on is sent again (go-back-N); who
writes them leaves out what he has.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice

import gevent
from gevent.event import Event

from scenarios.replay.child.outbox import Outbox

WINDOW = 64
AGAIN_S = 2.0
LOOK_S = 0.5


class Sending:
    """One worker's batches on their way to the master."""

    def __init__(self, outbox: Outbox, send: Callable[[bytes], None]) -> None:
        """``send`` may lose what it is given."""
        self.outbox, self.send = outbox, send
        self.sent = 0
        """The number of the last batch that is under way."""
        self.progress_s = time.monotonic()
        self.news = Event()
        gevent.spawn(self.go_on)

    def hurry(self) -> None:
        """There is something to send."""
        self.news.set()

    def taken(self, number: int) -> None:
        self.outbox.taken(number)
        self.sent = max(self.sent, number)
        self.progress_s = time.monotonic()
        self.news.set()

    def go_on(self) -> None:
        while True:
            self.news.wait(LOOK_S)
            self.news.clear()
            self.send_due(time.monotonic())

    def send_due(self, now_s: float) -> None:
        """Send what may be under way and is not, or no longer seems to be."""
        kept = list(islice(self.outbox.kept, WINDOW))
        if not kept:
            self.progress_s = now_s
            return
        first = kept[0][0]
        if now_s - self.progress_s >= AGAIN_S:
            self.sent, self.progress_s = first - 1, now_s
        for number, data in kept:
            if number > self.sent:
                self.sent = number
                self.send(data)
