"""The outbox: batches on their way to whoever writes them down, each kept until he says that he has.

Posting one takes some microseconds and waits for nobody, so that no disk and no network can hold the surge
up. What is kept is bounded: beyond that rows would be lost, and the replay ends instead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from gevent.queue import SimpleQueue
from gevent.socket import socket

from scenarios.replay.keeping.batch import HEAD, TAKEN, Batch, packed, unpacked
from scenarios.replay.keeping.run_store import keeping, stored
from scenarios.replay.keeping.taking import take_batch
from simulator.errors import NotKept

MOST_BYTES = 256 << 20
"""Of one worker: some two million visits, and as many attempts."""

Carry = Callable[[bytes], None]


class Outbox:
    """One worker's batches that nobody has written yet."""

    def __init__(self, worker: int, carry: Carry) -> None:
        """``carry`` sends a batch off, and waits for nothing."""
        self.worker, self.carry = worker, carry
        self.kept: deque[tuple[int, bytes]] = deque()
        self.n_bytes = self.number = 0
        self.empty = Event()
        self.empty.set()

    def post(self, **told: Any) -> None:
        """Send what is told in a new batch (the fields of :class:`scenarios.replay.keeping.batch.Batch`).

        Raises NotKept where too much waits already.
        """
        number = self.number + 1
        self.keep(number, packed(Batch(worker=self.worker, number=number, **told)))

    def keep(self, number: int, data: bytes) -> None:
        """Send a batch off, unless it has been before."""
        if number != self.number + 1:
            return
        if self.n_bytes + len(data) > MOST_BYTES:
            raise NotKept(
                f"{self.n_bytes >> 20} MiB of what was measured wait to be written, and more cannot be"
                " kept: the run's folder is on a slow disk, or cannot be reached; choose another one"
            )
        self.number = number
        self.kept.append((number, data))
        self.n_bytes += len(data)
        self.empty.clear()
        self.carry(data)

    @property
    def written(self) -> int:
        """Up to which number they are."""
        return self.kept[0][0] - 1 if self.kept else self.number

    def taken(self, number: int) -> None:
        """Everything up to that number is written."""
        while self.kept and self.kept[0][0] <= number:
            self.n_bytes -= len(self.kept.popleft()[1])
        if not self.kept:
            self.empty.set()


class ToParent:
    """The socket at whose other end the parent's scribe writes."""

    def __init__(self, descriptor: int, taken: Callable[[int, int], None]) -> None:
        """``taken`` hears of which worker everything is written, up to which number."""
        self.socket, self.taken = socket(fileno=descriptor), taken
        self.waiting: SimpleQueue[bytes] = SimpleQueue()
        self.lost = Event()
        """Set when nobody writes there any more."""
        for work in (self.send, self.hear):
            gevent.spawn(work)

    def carry(self, data: bytes) -> None:
        self.waiting.put(HEAD.pack(len(data)))
        self.waiting.put(data)  # not copied: it is kept as well, until it is written

    def send(self) -> None:
        with suppress(OSError):
            while True:
                self.socket.sendall(self.waiting.get())
        self.lost.set()

    def hear(self) -> None:
        with suppress(OSError), self.socket.makefile("rb") as answers:
            while len(answer := answers.read(TAKEN.size)) == TAKEN.size:
                self.taken(*TAKEN.unpack(answer))
        self.lost.set()

    def deliver(self, outboxes: Iterable[Outbox], db: Path, part: int) -> None:
        """Wait until everything is written; where the parent has died, write it in his place.

        Raises NotKept where that cannot be.
        """
        for outbox in outboxes:
            gevent.wait([outbox.empty, self.lost], count=1)
            if outbox.kept:
                with stored(db) as store, keeping(db):
                    for _, data in outbox.kept:
                        take_batch(store, part, unpacked(data))
