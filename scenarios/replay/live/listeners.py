"""Everybody who watches a rehearsal: each hears of each batch once, and in its turn."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.replay.keeping.batch import Batch
from scenarios.replay.keeping.scribe import Hear


class Listeners:
    """Who hears of batches; one that comes again, or too early, is told to nobody, as it is not written either."""

    def __init__(self, hears: Iterable[Hear]) -> None:
        self.hears = tuple(hears)
        self.heard: dict[int, int] = {}
        """The number of the last batch of each worker."""

    def hear(self, batch: Batch) -> None:
        if batch.number != self.heard.get(batch.worker, 0) + 1:
            return
        self.heard[batch.worker] = batch.number
        for hear in self.hears:
            hear(batch)
