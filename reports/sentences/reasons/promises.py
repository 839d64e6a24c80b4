"""Each promise of a line in words: whether it was kept, on what that rests, or why it was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.criterion import NAMES, asked_of, found_of
from reports.sentences.reasons.reasons import reason_of
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.kept import judge_line
from simulator.verdict.line.audit import Audit
from simulator.verdict.line.promises import Order, Promises

ALL = (
    Asks.PLACES_LOST, Asks.PLACES_SHARED, Asks.OVERTAKEN, Asks.MOVED_BACK, Asks.WAIT_ANNOUNCED,
    Asks.ENTERED_BEYOND,
)  # fmt: skip
MARKS = {
    Outcome.HOLDS: "✓",
    Outcome.FAILS: "✗",
    Outcome.INCONCLUSIVE: "?",
    Outcome.NOT_APPLICABLE: "–",
}
NO_RATE = 'no rate is promised: write [replay.line] promises = { rate = "40/s" }'


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One row of the audit."""

    asks: Asks
    outcome: Outcome
    found: str = words.NOTHING
    limit: str = words.NOTHING
    why: str

    @property
    def name(self) -> str:
        return NAMES[self.asks]

    @property
    def mark(self) -> str:
        return MARKS[self.outcome]


def promises_of(audit: Audit) -> tuple[Promise, ...]:
    """Every one that a line can make, in one order."""
    judged = {one.asks: one for one in judge_line(audit)}
    return tuple(
        _judged(judged[asks]) if asks in judged else _unchecked(asks, audit.promises)
        for asks in ALL
    )


def promises_line(promises: Sequence[Promise]) -> str:
    """How many were kept, and which were broken, in one line."""
    kept = sum(one.outcome is Outcome.HOLDS for one in promises)
    broken = [one.name for one in promises if one.outcome is Outcome.FAILS]
    unchecked = len(promises) - kept - len(broken)
    said = [f"kept {words.times(kept, 'promise')}"]
    if broken:
        said.append(f"broke {len(broken)} ({', '.join(broken)})")
    if unchecked:
        said.append(f"{unchecked} not checked")
    return f"the line {', '.join(said)}"


def _judged(one: Criterion) -> Promise:
    return Promise(
        asks=one.asks,
        outcome=one.outcome,
        found=found_of(one),
        limit=asked_of(one),
        why=reason_of(one),
    )


def _unchecked(asks: Asks, promises: Promises) -> Promise:
    return Promise(
        asks=asks,
        outcome=Outcome.NOT_APPLICABLE,
        why=f"not checked: {_why_not(asks, promises)}",
    )


def _why_not(asks: Asks, promises: Promises) -> str:
    """What is missing."""
    if asks is Asks.PLACES_SHARED:
        return "the line gives no tickets"
    if asks is Asks.WAIT_ANNOUNCED:
        return "the line announces no waits"
    if asks is Asks.ENTERED_BEYOND:
        return NO_RATE if promises.rate_per_s is None else "nobody was let in"
    if promises.order is Order.ANY:
        return "no order is promised"
    if asks is Asks.OVERTAKEN:
        return "nobody was told to wait"
    if promises.order is Order.BY_CLASS or promises.alike_ns:
        return "positions may grow by what the line promises"
    return "the line tells no positions"
