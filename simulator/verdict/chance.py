"""Chance: what share of launches hold, as far as the simulated ones can tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from simulator.outcomes.figures.intervals import clopper_pearson
from simulator.plan.plan import Subject
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.reasons import Met, OfInstrument, OfLaunches, Tally, Unjudged

SHARE_THAT_MUST_HOLD = 0.95


def share_that_holds(outcomes: Sequence[Outcome], subject: Subject) -> Criterion:
    """Whether at least 95 % of launches hold, with one-sided Clopper-Pearson bounds.

    A launch that cannot be judged counts as neither holding nor failing.
    """
    launches, hold = len(outcomes), outcomes.count(Outcome.HOLDS)
    fail = outcomes.count(Outcome.FAILS)
    outcome, bound = decided(launches, hold, fail)
    return Criterion(
        asks=Asks.LAUNCHES_THAT_HOLD,
        limit=SHARE_THAT_MUST_HOLD,
        measured=bound,
        outcome=outcome,
        reason=Tally(subject=subject, launches=launches, hold=hold, fail=fail, bound=bound),
    )


def decided(launches: int, hold: int, fail: int) -> tuple[Outcome, float]:
    """What so many of them say, and the bound that does: the upper one where they do not hold."""
    low, _ = clopper_pearson(hold, launches)
    _, high = clopper_pearson(launches - fail, launches)
    if low >= SHARE_THAT_MUST_HOLD:
        return Outcome.HOLDS, low
    if high < SHARE_THAT_MUST_HOLD:
        return Outcome.FAILS, high
    return Outcome.INCONCLUSIVE, low


def certain(held: Sequence[bool]) -> bool:
    """Whether so many that hold, or do not, show that the launch holds; of too few, all must."""
    hold = sum(held)
    return all(held) or decided(len(held), hold, len(held) - hold)[0] is Outcome.HOLDS


def launches_needed(failures: int) -> int:
    """The fewest launches that can certify a share of 0.95 with so many failures among them.

    >>> [launches_needed(failures) for failures in (0, 1, 2, 10)]
    [59, 93, 124, 336]
    """
    launches = failures + 1
    while clopper_pearson(launches - failures, launches)[0] < SHARE_THAT_MUST_HOLD:
        launches += 1
    return launches


def over_launches(judged: Sequence[tuple[Criterion, ...]], subject: Subject) -> list[Criterion]:
    """Each objective over all launches: how many meet it, and what 95 % of them stay within."""
    return [_merged(same, subject) for same in zip(*judged, strict=True)]


def _merged(same: tuple[Criterion, ...], subject: Subject) -> Criterion:
    applicable = [one for one in same if one.outcome is not Outcome.NOT_APPLICABLE]
    if not applicable:
        return same[0]
    bound = _bound([one.measured for one in applicable])
    return replace(
        same[0],
        measured=bound,
        outcome=share_that_holds([one.outcome for one in applicable], subject).outcome,
        reason=_reason(applicable, len(same), subject),
        open=any(one.open and one.measured <= bound for one in applicable),
    )


def _reason(applicable: Sequence[Criterion], launches: int, subject: Subject) -> Met | Unjudged:
    unjudged = [one.reason for one in applicable if one.outcome is Outcome.INCONCLUSIVE]
    if not unjudged:
        met = sum(one.outcome is Outcome.HOLDS for one in applicable)
        return Met(subject=subject, launches=launches, met=met)
    first = unjudged[0]
    assert not isinstance(first, OfLaunches | OfInstrument), "it is one of an objective"
    return Unjudged(subject=subject, launches=launches, unjudged=len(unjudged), first=first)


def _bound(values: Sequence[float]) -> float:
    """The smallest figure that 95 % of the launches do not exceed; NaN if one is unknown."""
    if any(math.isnan(value) for value in values):
        return math.nan
    return sorted(values)[math.ceil(SHARE_THAT_MUST_HOLD * len(values) - 1e-9) - 1]
