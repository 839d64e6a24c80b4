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
from reports.chance import over_launches, share_that_holds
from reports.criteria import Criterion, Kind, Outcome, conclusion, judge_objectives
from reports.evidence import forgotten, proven_errors
from reports.validity import judge_instrument
from simulator.instrument import Instrument
from simulator.launches import Prediction
from simulator.outcomes import Fate, Provenance
from simulator.plan import Objectives, Subject
from simulator.summary import Summary

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


def judge_launches(plan: Judged, prediction: Prediction, remedy: str = "") -> Verdict:
    """Whether at least 95 % of launches hold, as far as the simulated ones can tell.

    Every launch is judged by itself. The subject holds if the one-sided 95 % Clopper-Pearson lower
    bound of the share of launches that hold is at least 0.95; it fails if the upper bound of the
    share that do not fail is below. A launch that cannot be judged counts against either.
    ``remedy`` says what would have held, where that was simulated.
    """
    judged = [judge_objectives(plan.objectives, launch) for launch in prediction.launches]
    outcomes = [conclusion(criteria) for criteria in judged]
    share = share_that_holds(outcomes, plan.subject)
    criteria = (*over_launches(judged, plan.subject), share)
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.PREDICTED,
        outcome=share.outcome,
        criteria=criteria,
        sentence=_predicted_sentence(plan, prediction, criteria, remedy),
    )


def _predicted_sentence(
    plan: Judged, prediction: Prediction, criteria: tuple[Criterion, ...], remedy: str
) -> str:
    *objectives, share = criteria
    if share.outcome is Outcome.INCONCLUSIVE:
        unknown = [one for one in objectives if math.isnan(one.measured)]
        said = _reasons([one for one in unknown if one.outcome is Outcome.INCONCLUSIVE])
        return f"the {plan.subject} is inconclusive as predicted: {said or share.reason}"
    worst = worst_of(objectives)
    summary = prediction.merged
    if share.outcome is Outcome.HOLDS:
        tightest = f"; their tightest figure is {worst}"
        left = still_in_line(plan.objectives, summary, len(prediction.launches))
        return f"the {plan.subject} is predicted to hold: {share.reason}{tightest}{left}"
    return (
        f"the {plan.subject} is predicted not to hold: {share.reason}; their worst figure is {worst}"
        f"{_cause_and_hint(worst, summary, len(prediction.launches), remedy)}"
    )


def _reasons(criteria: Sequence[Criterion]) -> str:
    return "; ".join(f"{one.name}: {one.reason}" for one in criteria)


def _measured(one: Criterion) -> str:
    """What it is, and its figure where there is one beside a limit."""
    if math.isnan(one.measured) or one.limit == 0:
        return one.name
    return f"{one.name} {one.found} (limit {one.asked})"


def _cause_and_hint(
    worst: Criterion | None, summary: Summary, launches: int = 1, remedy: str = ""
) -> str:
    if worst is None:
        return ""
    cause = first_cause(worst, summary, launches)
    return f"; first cause: {cause}; {remedy or smallest_hint(worst, summary)}"


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
    for asked in plan.objectives.journeys:
        proven = proven_errors(summary, instrument, summary.layout.journeys.index(asked.journey))
        if asked.errors is not None and proven > asked.errors:
            criteria = (*gates, *objectives)
            return _failed_all_the_same(plan, impaired, criteria, proven, asked.errors)
    first, others = impaired[0], len(impaired) - 1
    also = f" (and {words.times(others, 'more reason')})" if others else ""
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=Outcome.INCONCLUSIVE,
        criteria=(*gates, *objectives),
        sentence=f"the {plan.subject} is inconclusive, its instrument was impaired:"
        f" {_measured(first)}: {first.reason}{also}",
    )


def still_in_line(objectives: Objectives, summary: Summary, launches: int) -> str:
    """What a planner must not overlook when all objectives hold and none asks how long people wait."""
    waiting = round(int(summary.fates[Fate.WAITING]) / launches)
    if not waiting or objectives.line.wait_quantiles_ns:
        return ""
    return f"; {waiting:,} still stand in line at the end, and no objective asks how long"


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
        left = still_in_line(plan.objectives, summary, 1)
        sentence = f"the {plan.subject} holds: its tightest figure is {worst}{left}"
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
