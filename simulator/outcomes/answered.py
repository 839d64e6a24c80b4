"""What a target answered: how often each status came, what it came to, and why.

Counts, not rows: a replay of a million attempts has some ten different answers. The replay's child
counts them beside the attempts, and both are written in one transaction, so that they add up: the answers of
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

WAITS = "waits"
"""What an answer of the line says that lets nobody in yet."""

CUT_SHORT = "no whole answer"
"""What reasons of answers begin with that had a status, and broke off."""

GATEWAYS = (502, 504, 520, 524)
"""By which a proxy speaks for a server that it did not hear."""
NEVER_ASKED = (
    "refused", "no route to host", "no more files", "no more ports", "certificate", "not tls",
    "unknown host name", "gaierror", "connecting took", "nothing is known for", "it leads to",
)  # fmt: skip
"""What is in the reasons of attempts that never came to the server."""

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

    @property
    def leaves_open(self) -> bool:
        """Whether the server may have done it, and its client just did not hear so."""
        if self.status and not self.reason.startswith(CUT_SHORT):
            return self.status in GATEWAYS
        return not any(words in self.reason.lower() for words in NEVER_ASKED)


@dataclass(frozen=True, slots=True)
class Unheard:
    """People without a success at a step that the server may have served, as they heard no answer.

    Only the server knows. So much may be there beside the successes that a report counts.
    """

    people: int = 0
    """Whose client gave up on an answer, or who waited for one when all ended."""
    perhaps: int = 0
    """How many more, at most: attempts of others broke off, and rows do not tell which of them."""

    @property
    def at_most(self) -> int:
        return self.people + self.perhaps


NOBODY = Unheard()


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


def write_answers(
    db: sqlite3.Connection, part: int, rows: Iterable[AnswerRow], worker: int = 0
) -> None:
    """Put a worker's counts down, which grow, within the transaction under way."""
    db.executemany(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(part, worker, *row) for row in rows],
    )


def read_answers(db: sqlite3.Connection, name: str) -> tuple[Answered, ...]:
    """The answers of the part of that name, the most frequent first; none where none were kept."""
    rows = db.execute(
        "SELECT step, result, status, reason, sum(count) AS count FROM answers JOIN parts USING (part)"
        " WHERE name = ? GROUP BY step, result, status, reason"
        " ORDER BY sum(count) DESC, step, status, reason, result",
        (name,),
    )
    return tuple(
        Answered(step=step, result=Result(result), status=status, reason=reason, count=count)
        for step, result, status, reason, count in rows
    )


def read_unheard(db: sqlite3.Connection, name: str) -> Unheard:
    """Of the part of that name."""
    broke_off = sum(
        one.count
        for one in read_answers(db, name)
        if one.step != LINE and one.result is Result.FAILED and one.leaves_open
    )
    numbers = {result.name.lower(): int(result) for result in Result}
    gave_up, failed = db.execute(OPEN_STEPS, {"name": name, **numbers}).fetchone()
    return Unheard(people=gave_up, perhaps=min(failed, broke_off))


OPEN_STEPS = """
WITH steps AS (
    SELECT
        sum(result = :success) AS served,
        sum(result IN (:timed_out, :unfinished)) AS unanswered,
        sum(result = :failed) AS failed
    FROM attempts JOIN parts USING (part) WHERE name = :name GROUP BY visitor, step
)
SELECT count(*) FILTER (WHERE unanswered > 0), count(*) FILTER (WHERE unanswered = 0 AND failed > 0)
FROM steps WHERE served = 0
"""
"""Steps of visitors who had no success there: without an answer, and with failures alone."""
