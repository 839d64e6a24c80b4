"""The scribe: the only one who writes into a run's store while load is sent.

He is a thread of the parent. Batches come on a socket; he writes each, and answers up to where he has.
Whoever sends load goes on meanwhile, however long the disk takes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from scenarios.replay.beats import Beat, together
from scenarios.replay.keeping.batch import TAKEN, Batch, Frames, unpacked
from scenarios.replay.keeping.run_store import keeping, stored
from scenarios.replay.keeping.taking import take_batch
from simulator.errors import NotKept

READ_BYTES = 1 << 18
Hear = Callable[[Batch], None]


class Scribe:
    """Writes while its block lasts, and then whatever still lies on the socket."""

    def __init__(self, db: Path, part: int, hear: Hear | None = None) -> None:
        """``hear`` is told of each batch as it is written, so of none twice, in the scribe's thread."""
        self.db, self.part, self.hear = db, part, hear
        self.ours, self.theirs = socket.socketpair()
        """``theirs`` goes to whoever sends load, and is closed here once he has it."""
        self.failure: NotKept | None = None
        self.beats: dict[int, Beat] = {}
        """The newest of each worker."""
        self.taken: dict[int, int] = {}
        """Up to which number those of each worker are written."""
        self._thread = threading.Thread(target=self._write, name="scribe", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Whoever sent load must be over: what he sent is read, and nothing more is waited for.

        A process that he left behind may hold the other end open, and would never close it.
        """
        self.theirs.close()
        with suppress(OSError):  # the thread has ended before
            self.ours.shutdown(socket.SHUT_RD)
        self._thread.join()

    def require_well(self) -> None:
        """Raises NotKept where nothing can be written any more."""
        if self.failure is not None:
            raise self.failure

    @property
    def beat(self) -> Beat | None:
        """All workers' newest beats together; None before the first."""
        beats = list(self.beats.values())
        return together(beats) if beats else None

    def _write(self) -> None:
        try:
            with self.ours, stored(self.db) as store, keeping(self.db):
                store.execute("PRAGMA synchronous = NORMAL")
                store.execute("PRAGMA wal_autocheckpoint = 0")
                for batch in self._batches():
                    taken = take_batch(store, self.part, batch)
                    self._answer(batch.worker, taken)
                    if taken > self.taken.get(batch.worker, 0):
                        self.taken[batch.worker] = taken
                        self._hear(batch)
        except NotKept as failure:
            self.failure = failure

    def _batches(self) -> Iterator[Batch]:
        """What comes, until nobody is left who could send."""
        frames = Frames()
        with suppress(ConnectionError):
            while some := self.ours.recv(READ_BYTES):
                for frame in frames.feed(some):
                    yield unpacked(frame)

    def _hear(self, batch: Batch) -> None:
        if batch.beat is not None:
            self.beats[batch.worker] = batch.beat
        if self.hear is not None:
            self.hear(batch)

    def _answer(self, worker: int, number: int) -> None:
        with suppress(OSError):  # who has ended wants no answer
            self.ours.sendall(TAKEN.pack(worker, number))
