"""Verdict: whether the launch, or its rehearsal, holds; and on what that rests.

The order of judgement: the instrument first (was the plan really sent?), then the objectives, then
"holds". An impaired instrument may still show a failure on evidence that it cannot fake; it never
shows a pass. A verdict names its subject: a rehearsal that holds says nothing of the launch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reports import words
from reports.cause import first_cause, smallest_hint
from reports.criteria import Criterion, Kind, Outcome, conclusion, judge_objectives
from reports.validity import judge_instrument
from simulator.instrument import Instrument
from simulator.intervals import clopper_pearson
from simulator.launches import Prediction
from simulator.outcomes import Fate, Provenance, Result
from simulator.plan import Objectives, Subject
from simulator.summary import Summary

SHARE_THAT_MUST_HOLD = 0.95
EXIT_CODES = {Outcome.HOLDS: 0, Outcome.FAILS: 1, Outcome.INCONCLUSIVE: 3}


class Judged(Protocol):
    """What is judged: a plan, or what a run folder kept of it."""

    @property
    def subject(self) -> Subject: ...
    @property
    def objectives(self) -> Objectives: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What can be said of one subject."""

    subject: Subject
    provenance: Provenance
    """PREDICTED or OBSERVED: whether it was simulated or really sent."""
    outcome: Outcome
    criteria: tuple[Criterion, ...]
    sentence: str
    """In plain words, naming its subject; without a full stop."""

    @property
    def claim(self) -> str:
        """The sentence without its reasons."""
        return self.sentence.partition(":")[0]

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.outcome]


def judge_launches(plan: Judged, prediction: Prediction) -> Verdict:
    """Whether at least 95 % of launches hold, as far as the simulated ones can tell.

    Every launch is judged by itself. The subject holds if the one-sided 95 % Clopper-Pearson lower
    bound of the share of launches that hold is at least 0.95; it fails if the upper bound of the
    share that do not fail is below. A launch that cannot be judged counts against either.
    """
    judged = [judge_objectives(plan.objectives, launch) for launch in prediction.launches]
    outcomes = [conclusion(criteria) for criteria in judged]
    share = _share_that_holds(outcomes)
    criteria = (*_over_launches(judged), share)
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.PREDICTED,
        outcome=share.outcome,
        criteria=criteria,
        sentence=_predicted_sentence(plan, prediction, criteria),
    )


def _share_that_holds(outcomes: Sequence[Outcome]) -> Criterion:
    launches, hold = len(outcomes), outcomes.count(Outcome.HOLDS)
    low, _ = clopper_pearson(hold, launches)
    _, high = clopper_pearson(launches - outcomes.count(Outcome.FAILS), launches)
    said = f"{hold:,} of {words.times(launches, 'launch')} {'holds' if hold == 1 else 'hold'}"
    if low >= SHARE_THAT_MUST_HOLD:
        outcome = Outcome.HOLDS
        reason = f"{said}, so with 95 % confidence at least {words.percent(low)} of all do"
    elif high < SHARE_THAT_MUST_HOLD:
        outcome = Outcome.FAILS
        reason = f"{said}, so with 95 % confidence at most {words.percent(high)} of all do"
    else:
        outcome = Outcome.INCONCLUSIVE
        reason = f"{said}; {_missing(outcomes)}"
    return Criterion(
        kind=Kind.LAUNCHES,
        name="launches that hold",
        limit=SHARE_THAT_MUST_HOLD,
        measured=high if outcome is Outcome.FAILS else low,
        unit="share",
        outcome=outcome,
        reason=reason,
    )


def _missing(outcomes: Sequence[Outcome]) -> str:
    unjudged = outcomes.count(Outcome.INCONCLUSIVE)
    if unjudged:
        return f"{words.times(unjudged, 'launch')} had too few samples to be judged"
    launches, failures = len(outcomes), outcomes.count(Outcome.FAILS)
    more = launches_needed(failures) - launches
    without = " without another failure" if failures else ""
    return f"at least {words.times(more, 'more launch')}{without} would be needed"


def launches_needed(failures: int) -> int:
    """The fewest launches that can certify a share of 0.95 with so many failures among them.

    >>> [launches_needed(failures) for failures in (0, 1, 2, 10)]
    [59, 93, 124, 336]
    """
    launches = failures + 1
    while clopper_pearson(launches - failures, launches)[0] < SHARE_THAT_MUST_HOLD:
        launches += 1
    return launches


def _over_launches(judged: Sequence[tuple[Criterion, ...]]) -> list[Criterion]:
    """Each objective over all launches: how many meet it, and what 95 % of them stay within."""
    return [_merged(same) for same in zip(*judged, strict=True)]


def _merged(same: tuple[Criterion, ...]) -> Criterion:
    first = same[0]
    applicable = [one for one in same if one.outcome is not Outcome.NOT_APPLICABLE]
    if not applicable:
        return first
    met = sum(one.outcome is Outcome.HOLDS for one in applicable)
    outcome = _share_that_holds([one.outcome for one in applicable]).outcome
    unjudged = [one.reason for one in applicable if one.outcome is Outcome.INCONCLUSIVE]
    return Criterion(
        kind=Kind.OBJECTIVE,
        name=first.name,
        limit=first.limit,
        measured=_bound([one.measured for one in applicable]),
        unit=first.unit,
        outcome=outcome,
        reason=f"{unjudged[0]} (in {len(unjudged):,} of {words.times(len(same), 'launch')})"
        if unjudged
        else f"met in {met:,} of {words.times(len(same), 'launch')}; 95 % stay within this figure",
    )


def _bound(values: Sequence[float]) -> float:
    """The smallest figure that 95 % of the launches do not exceed; NaN if one is unknown."""
    if any(math.isnan(value) for value in values):
        return math.nan
    return sorted(values)[math.ceil(SHARE_THAT_MUST_HOLD * len(values) - 1e-9) - 1]


def _predicted_sentence(
    plan: Judged, prediction: Prediction, criteria: tuple[Criterion, ...]
) -> str:
    *objectives, share = criteria
    if share.outcome is Outcome.INCONCLUSIVE:
        unknown = [one for one in objectives if math.isnan(one.measured)]
        said = _reasons([one for one in unknown if one.outcome is Outcome.INCONCLUSIVE])
        return f"the {plan.subject} is inconclusive as predicted: {said or share.reason}"
    worst = worst_of(objectives)
    if share.outcome is Outcome.HOLDS:
        tightest = f"; their tightest figure is {worst}"
        return f"the {plan.subject} is predicted to hold: {share.reason}{tightest}"
    summary = prediction.merged
    return (
        f"the {plan.subject} is predicted not to hold: {share.reason}; their worst figure is {worst}"
        f"{_cause_and_hint(worst, summary, len(prediction.launches))}"
    )


def _reasons(criteria: Sequence[Criterion]) -> str:
    return "; ".join(f"{one.name}: {one.reason}" for one in criteria)


def _cause_and_hint(worst: Criterion | None, summary: Summary, launches: int = 1) -> str:
    if worst is None:
        return ""
    cause = first_cause(summary, launches)
    return (f"; first cause: {cause}" if cause else "") + f"; {smallest_hint(worst, summary)}"


def worst_of(criteria: Sequence[Criterion]) -> Criterion | None:
    """The criterion that decides: of the worst outcome, the one under the greatest strain."""
    known = [one for one in criteria if not math.isnan(one.strain)]
    failing = [one for one in known if one.outcome is Outcome.FAILS]
    return max(failing or known, key=lambda one: one.strain, default=None)


def judge_replay(plan: Judged, summary: Summary, instrument: Instrument) -> Verdict:
    """What the replay showed, if its instrument lets it say anything."""
    gates = judge_instrument(instrument, plan.objectives)
    objectives = judge_objectives(plan.objectives, summary, forgotten(summary, instrument))
    impaired = [gate for gate in gates if gate.outcome is not Outcome.HOLDS]
    if not impaired:
        return _observed(plan, conclusion(objectives), (*gates, *objectives), summary)
    proven = proven_errors(summary, instrument)
    limit = plan.objectives.journey.errors
    if limit is not None and proven > limit:
        return _failed_all_the_same(plan, impaired, (*gates, *objectives), proven, limit)
    first, others = impaired[0], len(impaired) - 1
    also = f" (and {words.times(others, 'more reason')})" if others else ""
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=Outcome.INCONCLUSIVE,
        criteria=(*gates, *objectives),
        sentence=f"the {plan.subject} is inconclusive, its instrument was impaired:"
        f" {first.name}: {first.reason}{also}",
    )


def forgotten(summary: Summary, instrument: Instrument) -> int | None:
    """How many were started and have no fate at all; None where the replay was cut short."""
    if instrument.ended != "complete":
        return None
    return instrument.started - (instrument.recorded - int(summary.fates[Fate.UNSENT]))


def judge_absent_replay(plan: Judged) -> Verdict:
    """A replay that was to take place, and of which nothing is recorded."""
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=Outcome.INCONCLUSIVE,
        criteria=(),
        sentence=f"the {plan.subject} is inconclusive: nothing was recorded of it",
    )


def _observed(
    plan: Judged, outcome: Outcome, criteria: tuple[Criterion, ...], summary: Summary
) -> Verdict:
    objectives = [one for one in criteria if one.kind is Kind.OBJECTIVE]
    worst = worst_of(objectives)
    if outcome is Outcome.HOLDS:
        sentence = f"the {plan.subject} holds: its tightest figure is {worst}"
    elif outcome is Outcome.FAILS:
        said = f"its worst figure is {worst}{_cause_and_hint(worst, summary)}"
        sentence = f"the {plan.subject} does not hold: {said}"
    else:
        said = _reasons([one for one in objectives if one.outcome is Outcome.INCONCLUSIVE])
        sentence = f"the {plan.subject} is inconclusive: {said or 'it has no objectives'}"
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=outcome,
        criteria=criteria,
        sentence=sentence,
    )


def proven_errors(summary: Summary, instrument: Instrument) -> float:
    """The least share of errors that no fault of the generator can explain; NaN without visits.

    Who gave up did so after an answer of the server that turned him away, after a timeout, or
    after a broken exchange. The generator can fake the latter two, so as many as there were of
    these are taken off. A visit sent at the wrong instant may have cost another its place in the
    waiting room, so one more is taken off for each. Whoever is missing counts as let in and served.
    """
    results, fates = summary.results, summary.fates
    fakeable = int(results[Result.TIMED_OUT] + results[Result.FAILED]) + instrument.tardy
    refused = max(int(fates[Fate.GAVE_UP]) - fakeable, 0)
    missing = max(instrument.planned - instrument.recorded, 0) + int(fates[Fate.UNSENT])
    whole = summary.let_in + missing
    return refused / whole if whole else math.nan


def _failed_all_the_same(
    plan: Judged,
    impaired: Sequence[Criterion],
    criteria: tuple[Criterion, ...],
    proven: float,
    limit: float,
) -> Verdict:
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=Outcome.FAILS,
        criteria=criteria,
        sentence=f"the {plan.subject} does not hold, although its instrument was impaired"
        f" ({impaired[0].name}): the server itself turned away for good at least"
        f" {words.percent(proven)} of those let in (objective {words.percent(limit)})",
    )
