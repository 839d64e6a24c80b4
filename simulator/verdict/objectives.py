"""Objectives: what a file asks of a launch, judged on one Summary."""

from __future__ import annotations

import math
from dataclasses import replace

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Reading
from simulator.outcomes.figures.shares import errors_of, left, never_let_in
from simulator.outcomes.figures.times import quantile_of, response_of
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.units import FOREVER, NS_PER_S
from simulator.verdict.criteria import Asks, Criterion, Outcome, conclusion
from simulator.verdict.floor import floor_of
from simulator.verdict.readings import against, criterion_of
from simulator.verdict.reasons import InLine, LetIn, OfVisits, Plain, Reason, TooFew


def outcome_of(objectives: Objectives, summary: Summary, *, closes: bool = True) -> Outcome:
    """What one launch comes to by itself."""
    return conclusion(judge_objectives(objectives, summary, closes=closes))


def judge_objectives(
    objectives: Objectives,
    summary: Summary,
    forgotten: int | None = 0,
    *,
    closes: bool = True,
) -> tuple[Criterion, ...]:
    """Every objective against one Summary, and the floor (:func:`floor_of`) where it is not kept.

    ``forgotten`` is None where nobody knows how many were; nobody can be in a prediction: there every
    visit has a fate by construction. ``closes``: whether the line closes for good at the end of the
    Summary, as that of a launch does. That of a rehearsal goes on: who still stands in it may yet be
    let in.
    """
    asked = judge_asked(objectives, summary, forgotten, closes=closes)
    return with_floor(asked, floor_of(objectives, summary, closes=closes))


def with_floor(asked: tuple[Criterion, ...], floor: Criterion) -> tuple[Criterion, ...]:
    """The floor decides only where it is not kept: to keep it alone is to meet no objective."""
    return asked if floor.outcome is Outcome.HOLDS else (*asked, floor)


def judge_asked(
    objectives: Objectives, summary: Summary, forgotten: int | None = 0, *, closes: bool = True
) -> tuple[Criterion, ...]:
    """What the file asks, and nothing else; as many criteria for every Summary."""
    alone, line = len(objectives.journeys) == 1, objectives.line
    found = [
        replace(criterion, journey=asked.journey, alone=alone)
        for asked in objectives.journeys
        for criterion in _of_journey(asked, summary)
    ]
    found.extend(_wait(quantile, limit, summary) for quantile, limit in line.wait_quantiles_ns)
    if line.never_let_in is not None:
        read = never_let_in(closes=closes)
        found.append(_of_line(Asks.NEVER_LET_IN, line.never_let_in, read(summary)))
    if line.left is not None:
        found.append(_of_line(Asks.LEFT, line.left, left(closes=closes)(summary)))
    if line.forgotten is not None:
        found.append(_forgotten(line.forgotten, forgotten))
    return tuple(found)


def _of_journey(asked: JourneyObjective, summary: Summary) -> list[Criterion]:
    journey = summary.layout.journeys.index(asked.journey)
    found = [
        _quantile(Asks.RESPONSE, quantile, limit_ns, response_of(journey, quantile)(summary))
        for quantile, limit_ns in asked.quantiles_ns
    ]
    if asked.errors is not None:
        timeout = summary.layout.timeout_of_journey_ns[journey] < FOREVER
        found.append(_errors(asked.errors, errors_of(journey)(summary), timeout=timeout))
    return found


def _quantile(asks: Asks, quantile: float, limit_ns: int, reading: Reading) -> Criterion:
    limit_s = limit_ns / NS_PER_S
    outcome, reason = Outcome.INCONCLUSIVE, _too_few(reading)
    if reading.enough:
        outcome = against(limit_s, reading)
        reason = OfVisits(visits=reading.samples, ended=not reading.open)
    found = criterion_of(asks, limit_s, reading, outcome, reason)
    return replace(found, quantile=quantile)


def _too_few(reading: Reading) -> Reason:
    if not reading.samples:
        return Plain.NOBODY_LET_IN
    return TooFew(samples=reading.samples, needed=reading.needed)


def _wait(quantile: float, limit_ns: int, summary: Summary) -> Criterion:
    if summary.bins.joined.any():
        reading = quantile_of(lambda s: s.wait, quantile)(summary)
        return _quantile(Asks.WAIT, quantile, limit_ns, reading)
    return Criterion(
        asks=Asks.WAIT,
        quantile=quantile,
        limit=limit_ns / NS_PER_S,
        measured=math.nan,
        outcome=Outcome.NOT_APPLICABLE,
        reason=Plain.NO_LINE,
    )


def _of_line(asks: Asks, limit: float, reading: Reading) -> Criterion:
    """A share of those who came to the line."""
    if not reading.samples:
        return criterion_of(asks, limit, reading, Outcome.NOT_APPLICABLE, Plain.NO_LINE)
    waiting = reading.unseen if reading.open else None
    reason = InLine(people=reading.samples, waiting=waiting)
    return criterion_of(asks, limit, reading, against(limit, reading), reason)


def _errors(limit: float, reading: Reading, *, timeout: bool) -> Criterion:
    if not reading.samples:
        return criterion_of(Asks.ERRORS, limit, reading, Outcome.INCONCLUSIVE, Plain.NOBODY_LET_IN)
    unanswered = reading.unseen if reading.open else None
    reason = LetIn(people=reading.samples, unanswered=unanswered, timeout=timeout)
    return criterion_of(Asks.ERRORS, limit, reading, against(limit, reading), reason)


def _forgotten(limit: int, forgotten: int | None) -> Criterion:
    outcome, reason = Outcome.INCONCLUSIVE, Plain.NOT_ALL_REPLAYED
    if forgotten is not None:
        outcome = Outcome.HOLDS if forgotten <= limit else Outcome.FAILS
        reason = Plain.NO_FATE
    return Criterion(
        asks=Asks.FORGOTTEN,
        limit=float(limit),
        measured=math.nan if forgotten is None else float(forgotten),
        outcome=outcome,
        reason=reason,
    )
