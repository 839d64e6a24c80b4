"""What a target answered: how often each status came, what it came to, and why.

Counts, not rows: a replay of a million attempts has some ten different answers. The replay's child
keeps them beside the attempts and writes both in one transaction, so that they add up: the answers of
a step are its attempts that are not UNFINISHED. Runs of older versions have none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.outcomes.rows import Result

LINE = -1
"""The "step" of requests to the waiting line."""
BROUGHT = -2
"""The "step" of visits that the user of a locustfile gave up by himself: visits are counted, not answers."""

ANY_2XX = "any 2xx that does not contradict itself"
BY_PROTOCOL = "as the reference protocol says"
AS_EXPECTED = "as the launch file expects"
BY_LOCUSTFILE = "as the locustfile says"
ACCEPTED = "accepted, not known to be done"
ALREADY_DONE = "already done (409 after no answer)"
"""What successes rest on."""

CUT_SHORT = "no whole answer"
"""What reasons of answers begin with that had a status, and broke off."""

OTHERS = "other reasons"
MOST_KINDS = 200
"""So many different answers are told apart; what comes later is counted as OTHERS."""

AnswerRow = tuple[int, int, int, str, int]
"""step, result, status, reason, count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How often one and the same answer came."""

    step: int
    """Its number in the system; LINE: of the waiting line."""
    result: Result
    status: int
    """0: there was no answer."""
    reason: str
    count: int


class Tally:
    """Answers being counted."""

    def __init__(self) -> None:
        self.counts: dict[tuple[int, int, int, str], int] = {}

    def add(self, step: int, result: Result, status: int, reason: str) -> None:
        key = (step, int(result), status, reason)
        if key not in self.counts and len(self.counts) >= MOST_KINDS:
            key = (step, int(result), status, OTHERS)
        self.counts[key] = self.counts.get(key, 0) + 1

    def rows(self) -> list[AnswerRow]:
        return [(*key, count) for key, count in self.counts.items()]


def write_answers(db: sqlite3.Connection, part: int, rows: Iterable[AnswerRow]) -> None:
    """Put counts down that grow, within the transaction under way."""
    db.executemany(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", [(part, *row) for row in rows]
    )


def read_answers(db: sqlite3.Connection, name: str) -> tuple[Answered, ...]:
    """The answers of the part of that name, the most frequent first; none where none were kept."""
    rows = db.execute(
        "SELECT step, result, status, reason, count FROM answers JOIN parts USING (part)"
        " WHERE name = ? ORDER BY count DESC, step, status, reason, result",
        (name,),
    )
    return tuple(
        Answered(step=step, result=Result(result), status=status, reason=reason, count=count)
        for step, result, status, reason, count in rows
    )
