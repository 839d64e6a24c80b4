"""What was seen of the machine and of the target while load was sent: yardstick, watch and scraper, side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from scenarios.http.allow import Target
from scenarios.machine.here import fingerprint, on_this_machine
from scenarios.machine.processes import listeners
from scenarios.machine.scraper import Scraper
from scenarios.machine.watch import Watch
from scenarios.machine.yardstick import Yardstick, beside
from simulator.outcomes.machine import Baseline, write_machine


@dataclass(slots=True)
class Seen:
    """What was seen so far."""

    yardstick: Yardstick | None = None
    """None: the target is on another machine, or the yardstick could not be used."""
    watch: Watch = field(default_factory=Watch)
    scraper: Scraper | None = None
    """None: nobody asks the target for its metrics."""
    here: str = ""
    """The machine's fingerprint, where the target is on it."""

    @contextmanager
    def beside(self, target: Target, generators: Collection[int]) -> Iterator[None]:
        """Look while the block runs; ``generators`` are the processes that send the load."""
        self.watch.generator = generators
        if on_this_machine(target):
            self.watch.target = listeners(target.port)
            self.here = fingerprint()
        with self.watch, self.scraper or nullcontext(), beside(target) as self.yardstick:
            yield

    def keep(self, db: sqlite3.Connection, part: int, probed: Baseline | None) -> None:
        """Write it into a run's store, once the load's sender has written its last row.

        Not sooner: whoever writes beside it makes its event loop wait.
        """
        pieces = self.yardstick.pieces if self.yardstick else []
        write_machine(db, part, pieces, self.watch.strain, here=self.here, probed=probed)
        if self.scraper is not None:
            self.scraper.keep(db, part)
