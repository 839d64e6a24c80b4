"""The replay's facts on their way into the run's store, a batch at a time.

Rows lie here for half a second at most, and then in the outbox until the parent has written them, so that a
killed run keeps what it measured. Nothing here waits for a disk: measured once, to add a row took 0.3 µs of a
core, and to send a batch 10 µs at a hundred visits in it and 31 µs at three thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenarios.replay.beats import Beat
from scenarios.replay.child.outbox import Outbox
from scenarios.replay.child.visitors.visit import AttemptRow, VisitRow
from scenarios.replay.keeping.batch import End, no_rows
from simulator.outcomes.answered import AnswerRow, Tally
from simulator.outcomes.looks import LookRow
from simulator.outcomes.workers import Worker


class Ledger:
    """What one worker of a replay writes down."""

    def __init__(self, outbox: Outbox, worker: Worker, *, alone: bool = True) -> None:
        """``alone``: its shard is the whole plan, and so its end is the replay's."""
        self.outbox, self.worker, self.alone = outbox, worker, alone
        self.visits, self.attempts, self.looks = no_rows(), no_rows(), no_rows()
        self.tally = Tally()
        self._told: Sequence[AnswerRow] = ()

    def open(self, clock_ns: int) -> None:
        """Write down when it opens, by the clock that all processes of this machine share."""
        self.outbox.post(opened_ns=clock_ns, workers=(self.worker,))

    def add_visit(self, row: VisitRow) -> None:
        self.visits.extend(row)

    def add_attempt(self, row: AttemptRow) -> None:
        self.attempts.extend(row)

    def add_look(self, row: LookRow) -> None:
        """What the line told somebody who waits."""
        self.looks.extend(row)

    def write(self) -> None:
        """Send what has come together.

        Raises NotKept, as the others that send, where too much waits already.
        """
        answers = self.tally.rows()
        news = answers if answers != self._told else []
        if not (self.visits or self.attempts or self.looks or news):
            return
        visits, attempts, looks, self._told = self.visits, self.attempts, self.looks, answers
        self.visits, self.attempts, self.looks = no_rows(), no_rows(), no_rows()
        self.outbox.post(visits=visits, attempts=attempts, looks=looks, answers=tuple(news))

    def write_beat(self, beat: Beat) -> None:
        self.outbox.post(beat=beat)

    def end(self, how: str, planned: int, started: int) -> None:
        """The last word: nothing is missing before it."""
        self.write()
        end = End(how=how, planned=planned, started=started) if self.alone else None
        self.outbox.post(workers=(replace(self.worker, started=started),), end=end)
