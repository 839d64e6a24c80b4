"""The replay's facts on their way into the run's store, a batch at a time.

Rows lie in memory for half a second at most, so that a killed run keeps what it measured. Commits
do not wait for the disk (write-ahead log, ``synchronous = NORMAL``) and the log is folded into the
database only when it is closed: a disk that hesitates hesitates after the surge. The event loop
stands still meanwhile, 0.3 ms for the batch of a hundred visitors a second, 2 ms for six hundred.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from scenarios.replay.beats import Beat, write_beat
from scenarios.replay.child.visitors.visit import AttemptRow, VisitRow
from scenarios.replay.run_store import connected, keeping
from simulator.outcomes.answered import Tally, write_answers
from simulator.outcomes.machine import open_clock
from simulator.outcomes.rows import Block
from simulator.outcomes.store import append, end_part
from simulator.units import Ints


class Ledger:
    """One part of a run's store, being filled."""

    def __init__(self, db: Path, part: int) -> None:
        self.path, self.part = db, part
        with keeping(db):
            self.db = connected(db)
            self.db.execute("PRAGMA synchronous = NORMAL")
            self.db.execute("PRAGMA wal_autocheckpoint = 0")
        self.visits: list[VisitRow] = []
        self.attempts: list[AttemptRow] = []
        self.tally = Tally()

    def plan(self) -> Ints:
        """The planned rows, in their order: visitor, people, arrived."""
        with keeping(self.path):
            rows = self.db.execute(
                "SELECT visitor, people, arrived FROM planned WHERE part = ?"
                " ORDER BY arrived, visitor",
                (self.part,),
            ).fetchall()
        return np.array(rows, np.int64).reshape(len(rows), 3)

    def open(self, clock_ns: int) -> None:
        """Write down when it opens, by the clock that all processes of this machine share."""
        with keeping(self.path):
            open_clock(self.db, self.part, clock_ns)

    def add_visit(self, row: VisitRow) -> None:
        self.visits.append(row)

    def add_attempt(self, row: AttemptRow) -> None:
        self.attempts.append(row)

    def write(self) -> None:
        """Put down what has come together.

        Raises NotKept, as the others that write.
        """
        visits, attempts = self.visits, self.attempts
        self.visits, self.attempts = [], []
        with keeping(self.path):
            with self.db:
                write_answers(self.db, self.part, self.tally.rows())
            append(self.db, self.part, Block.of(visits, attempts))

    def write_beat(self, beat: Beat) -> None:
        with keeping(self.path):
            write_beat(self.db, self.part, beat)

    def end(self, how: str, planned: int, started: int) -> None:
        """The last word: nothing is missing before it."""
        self.write()
        with keeping(self.path):
            end_part(self.db, self.part, how, planned, started, planned - started)
            self.db.close()


def fingerprint(plan: Ints) -> str:
    """As :attr:`simulator.timetable.timetable.Timetable.sha256` makes it."""
    return hashlib.sha256(plan.astype("<i8").tobytes()).hexdigest()
