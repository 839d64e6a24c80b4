"""What a line promised, as criteria: nobody asked for them, since every line owes them to those who wait."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from simulator.verdict.criteria import OF_PROMISES, Asks, Criterion, Outcome
from simulator.verdict.line.announced import ENOUGH, Announced
from simulator.verdict.line.audit import Audit, Finding
from simulator.verdict.reasons import TooFew

MOST_WRONG = 0.5
"""Share of people who may be announced a wrong wait: the median is right."""


ROWS = {Asks.UNACCOUNTED, Asks.FATES_NOT_KEPT, Asks.FORGOTTEN}
"""What does not hold where rows are missing."""


def judge_line(audit: Audit | None) -> tuple[Criterion, ...]:
    """One criterion for each promise that could be checked."""
    return () if audit is None else tuple(_criteria(audit))


def broken_promise(criteria: Sequence[Criterion]) -> Criterion | None:
    """Of all of them the promise that was broken beyond all doubt, though the instrument was impaired; None: none.

    The audit finds only what each visitor's own looks prove, however late these were, and who was not sent, or is not
    told of to his end, hides faults and makes none. But one row that is missing among his others could make some, and
    those who are not there might have been told a right wait.
    """
    if any(one.asks in ROWS and one.outcome is not Outcome.HOLDS for one in criteria):
        return None
    sure = OF_PROMISES - {Asks.WAIT_ANNOUNCED}
    broken = (one for one in criteria if one.asks in sure and one.outcome is Outcome.FAILS)
    return next(broken, None)


def _criteria(audit: Audit) -> Iterator[Criterion]:
    yield _none_of(Asks.PLACES_LOST, audit.lost.lost, audit.lost)
    if audit.shared is not None:
        yield _none_of(Asks.PLACES_SHARED, audit.shared.people, audit.shared)
    if audit.overtaking is not None:
        yield _none_of(Asks.OVERTAKEN, audit.overtaking.people, audit.overtaking)
    if audit.backwards is not None:
        yield _none_of(Asks.MOVED_BACK, audit.backwards.people, audit.backwards)
    if audit.announced is not None:
        yield _announced(audit.announced)
    if audit.entries is not None:
        found = audit.entries
        yield _criterion(Asks.ENTERED_BEYOND, found.excess, found.allowed, found)


def _none_of(asks: Asks, people: int, finding: Finding) -> Criterion:
    return _criterion(asks, float(people), 0.0, finding)


def _announced(found: Announced) -> Criterion:
    if found.people < ENOUGH:
        return Criterion(
            asks=Asks.WAIT_ANNOUNCED,
            limit=MOST_WRONG,
            measured=math.nan,
            outcome=Outcome.NOT_APPLICABLE,
            reason=TooFew(samples=found.people, needed=ENOUGH),
        )
    return _criterion(Asks.WAIT_ANNOUNCED, found.wrong, MOST_WRONG, found)


def _criterion(asks: Asks, measured: float, limit: float, finding: Finding) -> Criterion:
    outcome = Outcome.HOLDS if measured <= limit else Outcome.FAILS
    return Criterion(asks=asks, limit=limit, measured=measured, outcome=outcome, reason=finding)
