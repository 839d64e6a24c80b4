"""Evidence: what a replay shows that no fault of its generator can explain."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulator.outcomes.answered import ALREADY_DONE, BROUGHT, CUT_SHORT, LINE, WAITS, Answered
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.rows import Fate, Result
from simulator.outcomes.store import COMPLETE
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.reasons import Forbidden, Guessed, Plain


def forgotten(summary: Summary, instrument: Instrument) -> int | None:
    """How many were started and have no fate at all; None where the replay, or a worker's part of it, was cut short."""
    if instrument.ended != COMPLETE or instrument.lost:
        return None
    return instrument.started - (instrument.recorded - int(summary.fates[Fate.UNSENT]))


def proven_errors(
    summary: Summary,
    instrument: Instrument,
    journey: int = 0,
    answers: Sequence[Answered] = (),
) -> float:
    """The least share of errors on a journey that no fault of the generator can explain.

    NaN without visits.

    Who gave up did so after an answer of the server that turned him away or was no success (403,
    say), after a timeout, or after a broken exchange. The generator can fake the latter two, so as
    many as there were of these are taken off; an answer with a status was sent by somebody else. A
    visit that a locustfile's own code gave up is nobody else's fault either. A
    visit sent at the wrong instant may have cost another its place in the waiting room, so one more
    is taken off for each. Whoever is missing counts as let in and served, and all of this on the
    journey in question. Without ``answers`` (a run of an older version) no FAILED attempt is known to
    have had one.
    """
    results, fates = summary.results, summary.fates
    heard = sum(one.count for one in answers if is_unfakeable(one))
    broken = max(int(results[Result.FAILED]) - heard, 0)
    own = sum(one.count for one in answers if one.step == BROUGHT)
    fakeable = int(results[Result.TIMED_OUT]) + broken + own + instrument.tardy
    refused = max(int(summary.fates_of_journeys[journey, Fate.GAVE_UP]) - fakeable, 0)
    missing = max(instrument.planned - instrument.recorded, 0) + int(fates[Fate.UNSENT])
    whole = summary.let_in_of(journey) + missing
    return refused / whole if whole else math.nan


def is_unfakeable(one: Answered) -> bool:
    """A failure that the server put into words itself, whole: it has a status and did not break off."""
    whole = one.status != 0 and not one.reason.startswith(CUT_SHORT)
    return one.step != LINE and one.result is Result.FAILED and whole


def forbids(asked: JourneyObjective, errors: float) -> Forbidden | None:
    """The objective that a share of errors breaks for sure; None where none is.

    Errors count as infinitely long, so a quantile q bears a share of 1 - q of them.
    """
    if asked.errors is not None and errors > asked.errors:
        return Forbidden(limit=asked.errors)
    for quantile, _ in asked.quantiles_ns:
        left = round(1 - quantile, 12)
        if errors > left:
            return Forbidden(limit=left, quantile=quantile)
    return None


def unseen(
    objectives: Objectives, summary: Summary, answers: Sequence[Answered]
) -> Criterion | None:
    """Whether successes that nobody saw decide; None where they do not.

    "Exists already" (409) after an attempt without an answer is taken for that attempt's success. Were
    it none, it would be an error; so where there are more of them than an objective bears errors, that
    objective is met only if the guess is right.
    """
    guessed = sum(one.count for one in answers if one.step != LINE and one.reason == ALREADY_DONE)
    for asked in objectives.journeys:
        let_in = summary.let_in_of(summary.layout.journeys.index(asked.journey))
        share = min(guessed / let_in, 1.0) if let_in else 0.0
        if forbidden := forbids(asked, share):
            return Criterion(
                asks=Asks.SUCCESSES_UNSEEN,
                limit=0.0,
                measured=share,
                outcome=Outcome.INCONCLUSIVE,
                reason=Guessed(visits=guessed, forbidden=forbidden),
            )
    return None


MANY = 0.1
"""Of those who come to a line: fewer may be predicted to wait for an instant, and be let in at once."""


def is_awaited(launches: Sequence[Summary]) -> bool:
    """Whether many wait in every simulated launch, so that a line that is there is seen."""
    return bool(launches) and all(share_that_waits(one) >= MANY for one in launches)


def share_that_waits(summary: Summary) -> float:
    """Of those who joined the line, who was not let in at that instant."""
    joined = int(summary.bins.joined.sum())
    return 1 - int(summary.wait.counts[0]) / joined if joined else 0.0


def unlined(summary: Summary, answers: Sequence[Answered]) -> Criterion | None:
    """That nobody was told to wait, although many were predicted to; None where somebody was.

    Then what was rehearsed is not the launch with its line: it has none, or another than the launch
    file describes, whose "wait" was taken for something else. Whoever was not let in has waited.
    """
    told = sum(one.count for one in answers if one.step == LINE and one.reason == WAITS)
    if told or not answers or not summary.let_in:
        return None
    return Criterion(
        asks=Asks.LINE_UNSEEN,
        limit=MANY,
        measured=0.0,
        outcome=Outcome.INCONCLUSIVE,
        reason=Plain.NOBODY_WAITED,
    )
