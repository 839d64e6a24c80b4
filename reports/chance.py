"""Chance: what share of launches hold, as far as the simulated ones can tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from reports import words
from reports.criteria import Criterion, Kind, Outcome
from simulator.outcomes.figures.intervals import clopper_pearson

SHARE_THAT_MUST_HOLD = 0.95


def share_that_holds(outcomes: Sequence[Outcome], noun: str) -> Criterion:
    """Whether at least 95 % of launches hold, with one-sided Clopper-Pearson bounds.

    A launch that cannot be judged counts as neither holding nor failing.
    """
    launches, hold = len(outcomes), outcomes.count(Outcome.HOLDS)
    low, _ = clopper_pearson(hold, launches)
    _, high = clopper_pearson(launches - outcomes.count(Outcome.FAILS), launches)
    said = f"{hold:,} of {words.times(launches, f'simulated {noun}')} met the objectives"
    if low >= SHARE_THAT_MUST_HOLD:
        outcome = Outcome.HOLDS
        reason = f"{said} (95 % lower bound {words.percent(low)})"
    elif high < SHARE_THAT_MUST_HOLD:
        outcome = Outcome.FAILS
        reason = f"{said} (95 % upper bound {words.percent(high)})"
    else:
        outcome = Outcome.INCONCLUSIVE
        reason = f"{said}; {_missing(outcomes, noun)}"
    return Criterion(
        kind=Kind.LAUNCHES,
        name=f"{words.plural(noun)} that hold",
        limit=SHARE_THAT_MUST_HOLD,
        measured=high if outcome is Outcome.FAILS else low,
        unit="share",
        outcome=outcome,
        reason=reason,
    )


def _missing(outcomes: Sequence[Outcome], noun: str) -> str:
    unjudged = outcomes.count(Outcome.INCONCLUSIVE)
    if unjudged:
        return f"{words.times(unjudged, noun)} could not be judged"
    launches, failures = len(outcomes), outcomes.count(Outcome.FAILS)
    more = launches_needed(failures) - launches
    without = ", without another failure" if failures else ""
    return f"simulate at least {words.times(more, f'more {noun}')}{without}"


def launches_needed(failures: int) -> int:
    """The fewest launches that can certify a share of 0.95 with so many failures among them.

    >>> [launches_needed(failures) for failures in (0, 1, 2, 10)]
    [59, 93, 124, 336]
    """
    launches = failures + 1
    while clopper_pearson(launches - failures, launches)[0] < SHARE_THAT_MUST_HOLD:
        launches += 1
    return launches


def over_launches(judged: Sequence[tuple[Criterion, ...]], noun: str) -> list[Criterion]:
    """Each objective over all launches: how many meet it, and what 95 % of them stay within."""
    return [_merged(same, noun) for same in zip(*judged, strict=True)]


def _merged(same: tuple[Criterion, ...], noun: str) -> Criterion:
    first = same[0]
    applicable = [one for one in same if one.outcome is not Outcome.NOT_APPLICABLE]
    if not applicable:
        return first
    met = sum(one.outcome is Outcome.HOLDS for one in applicable)
    outcome = share_that_holds([one.outcome for one in applicable], noun).outcome
    unjudged = [one.reason for one in applicable if one.outcome is Outcome.INCONCLUSIVE]
    bound = _bound([one.measured for one in applicable])
    return replace(
        first,
        measured=bound,
        outcome=outcome,
        reason=f"{unjudged[0]} (in {len(unjudged):,} of {words.times(len(same), noun)})"
        if unjudged
        else f"met in {met:,} of {words.times(len(same), noun)}; 95 % stay within this figure",
        open=any(one.open and one.measured <= bound for one in applicable),
    )


def _bound(values: Sequence[float]) -> float:
    """The smallest figure that 95 % of the launches do not exceed; NaN if one is unknown."""
    if any(math.isnan(value) for value in values):
        return math.nan
    return sorted(values)[math.ceil(SHARE_THAT_MUST_HOLD * len(values) - 1e-9) - 1]
