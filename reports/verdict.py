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
from reports.answer_words import failure_words
from reports.cause import first_cause
from reports.chance import over_launches, share_that_holds
from reports.criteria import (
    Asks,
    Criterion,
    Kind,
    Outcome,
    conclusion,
    floor_of,
    judge_asked,
    judge_objectives,
)
from reports.evidence import forbids, forgotten, is_unfakeable, proven_errors, unseen
from reports.validity import judge_instrument
from simulator.outcomes.answered import Answered
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.rows import Fate, Provenance
from simulator.plan.launches import Prediction
from simulator.plan.plan import Subject
from simulator.system.objectives import Objectives

FEW_SERVED = (
    "if so few are meant to be served, say so: never_let_in in [objectives.line], or errors of a"
    " journey"
)

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
    closes = plan.subject is Subject.LAUNCH
    asked = [judge_asked(plan.objectives, one, closes=closes) for one in prediction.launches]
    floors = [floor_of(plan.objectives, one, closes=closes) for one in prediction.launches]
    judged = list(zip(asked, floors, strict=True))
    outcomes = [conclusion(_with_floor(criteria, floor)) for criteria, floor in judged]
    if any(floor.outcome is not Outcome.HOLDS for floor in floors):
        asked = [(*criteria, floor) for criteria, floor in judged]
    share = share_that_holds(outcomes, plan.subject)
    criteria = (*over_launches(asked, plan.subject), share)
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.PREDICTED,
        outcome=share.outcome,
        criteria=criteria,
        sentence=_predicted_sentence(plan, prediction, outcomes, criteria, remedy),
    )


def _with_floor(criteria: tuple[Criterion, ...], floor: Criterion) -> tuple[Criterion, ...]:
    """The floor decides only where it is not kept: to keep it alone is to meet no objective."""
    return criteria if floor.outcome is Outcome.HOLDS else (*criteria, floor)


def _predicted_sentence(
    plan: Judged,
    prediction: Prediction,
    outcomes: Sequence[Outcome],
    criteria: tuple[Criterion, ...],
    remedy: str,
) -> str:
    *objectives, share = criteria
    if share.outcome is Outcome.INCONCLUSIVE:
        unknown = [one for one in objectives if one.open or math.isnan(one.measured)]
        said = _reasons([one for one in unknown if one.outcome is Outcome.INCONCLUSIVE])
        said = said or _inapplicable(objectives) or share.reason
        return f"{plan.subject} prediction inconclusive: {said}"
    worst = worst_of(objectives)
    summary = prediction.merged
    if share.outcome is Outcome.HOLDS:
        tightest = f"; the tightest figure is {worst}"
        left = unended(plan.objectives, summary, len(prediction.launches))
        return f"the {plan.subject} is predicted to hold: {share.reason}{tightest}{left}"
    failing = [
        launch
        for launch, outcome in zip(prediction.launches, outcomes, strict=True)
        if outcome is Outcome.FAILS
    ]
    return (
        f"the {plan.subject} is predicted not to hold: {share.reason}; the worst figure is {worst}"
        f"{_cause_and_hint(worst, failing, remedy=remedy, observed=False)}"
    )


def _reasons(criteria: Sequence[Criterion]) -> str:
    return "; ".join(f"{one.name}: {one.reason}" for one in criteria)


def _measured(one: Criterion) -> str:
    """What it is, and its figure where there is one beside a limit."""
    if math.isnan(one.measured) or one.limit == 0:
        return one.name
    return f"{one.name} {one.found} (limit {one.asked})"


def _inapplicable(criteria: Sequence[Criterion]) -> str:
    """Why nothing that was asked says anything of the run; empty where something does."""
    idle = all(one.outcome is Outcome.NOT_APPLICABLE for one in criteria)
    return _reasons(criteria) if idle else ""


def _cause_and_hint(
    worst: Criterion | None,
    failing: Sequence[Summary],
    *,
    observed: bool,
    remedy: str = "",
    answered: str = "",
) -> str:
    if worst is None:
        return ""
    told = first_cause(worst, failing, observed=observed)
    few = FEW_SERVED if worst.asks is Asks.NOT_SERVED else ""
    parts = (f"{told}{answered}", few, remedy or told.hint)
    return "".join(f"; {part}" for part in parts if part)


def worst_of(criteria: Sequence[Criterion]) -> Criterion | None:
    """The criterion that decides: of the worst outcome, the one under the greatest strain.

    What nobody asked for decides only where all that was asked for holds.
    """
    known = [one for one in criteria if not math.isnan(one.strain)]
    failing = [one for one in known if one.outcome is Outcome.FAILS]
    failing = [one for one in failing if one.asks is not Asks.NOT_SERVED] or failing
    return max(failing or known, key=lambda one: one.strain, default=None)


def judge_replay(
    plan: Judged, summary: Summary, instrument: Instrument, answers: Sequence[Answered] = ()
) -> Verdict:
    """What the replay showed, if its instrument lets it say anything.

    ``answers`` are what the target answered, where that was kept.
    """
    gates = judge_instrument(instrument, plan.objectives)
    objectives = judge_objectives(
        plan.objectives,
        summary,
        forgotten(summary, instrument),
        closes=plan.subject is Subject.LAUNCH,
    )
    guessed = unseen(plan.objectives, summary, answers)
    objectives += () if guessed is None else (guessed,)
    impaired = [gate for gate in gates if gate.outcome is not Outcome.HOLDS]
    if not impaired:
        return _observed(plan, conclusion(objectives), (*gates, *objectives), summary, answers)
    for asked in plan.objectives.journeys:
        journey = summary.layout.journeys.index(asked.journey)
        proven = proven_errors(summary, instrument, journey, answers)
        if broken := forbids(asked, proven):
            said = (
                f"{_refused(answers)} at least {words.percent(proven)} of those let in ({broken})"
            )
            return _failed_all_the_same(plan, impaired, (*gates, *objectives), said)
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


def unended(objectives: Objectives, summary: Summary, launches: int) -> str:
    """What nobody must overlook when all objectives hold: whose story had no end."""
    waiting, under_way = (
        round(int(summary.fates[fate]) / launches) for fate in (Fate.WAITING, Fate.UNFINISHED)
    )
    silent = "" if objectives.line.wait_quantiles_ns else ", and no objective asks how long"
    return (f"; {waiting:,} still stand in line at the end{silent}" if waiting else "") + (
        f"; {under_way:,} let in still have no answer at the end" if under_way else ""
    )


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
    plan: Judged,
    outcome: Outcome,
    criteria: tuple[Criterion, ...],
    summary: Summary,
    answers: Sequence[Answered],
) -> Verdict:
    objectives = [one for one in criteria if one.kind is Kind.OBJECTIVE]
    worst = worst_of(objectives)
    if outcome is Outcome.HOLDS:
        left = unended(plan.objectives, summary, 1)
        sentence = f"the {plan.subject} holds: its tightest figure is {worst}{left}"
    elif outcome is Outcome.FAILS:
        broke = failure_words(answers)
        answered = f" (answers: {broke})" if broke else ""
        cause = _cause_and_hint(worst, [summary], observed=True, answered=answered)
        said = f"its worst figure is {worst}{cause}"
        sentence = f"the {plan.subject} does not hold: {said}"
    else:
        said = _reasons([one for one in objectives if one.outcome is Outcome.INCONCLUSIVE])
        said = said or _inapplicable(objectives) or "it has no objectives"
        sentence = f"the {plan.subject} is inconclusive: {said}"
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=outcome,
        criteria=criteria,
        sentence=sentence,
    )


def _refused(answers: Sequence[Answered]) -> str:
    """What the server did to those whom it served not, as far as that cannot be faked."""
    broke = failure_words([one for one in answers if is_unfakeable(one)])
    return f"failed ({broke})" if broke else "turned away for good"


def _failed_all_the_same(
    plan: Judged, impaired: Sequence[Criterion], criteria: tuple[Criterion, ...], said: str
) -> Verdict:
    return Verdict(
        subject=plan.subject,
        provenance=Provenance.OBSERVED,
        outcome=Outcome.FAILS,
        criteria=criteria,
        sentence=f"the {plan.subject} does not hold, although its instrument was impaired"
        f" ({impaired[0].name}): the server itself {said}",
    )
