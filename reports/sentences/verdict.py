"""A verdict in one plain sentence, which names its subject: without a full stop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.answers import failure_words
from reports.sentences.cause import first_cause
from reports.sentences.criterion import against_limit, against_objective, name_of
from reports.sentences.reasons import forbidden_text, reason_of
from simulator.outcomes.answered import Answered
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate, Provenance
from simulator.plan.plan import Subject
from simulator.system.objectives import Objectives
from simulator.verdict.criteria import Asks, Criterion, Outcome, worst_of
from simulator.verdict.evidence import is_unfakeable
from simulator.verdict.verdict import Proven, Verdict

FEW_SERVED = (
    "if so few are meant to be served, say so: never_let_in in [objectives.line], or errors of a"
    " journey"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A verdict, and its sentence."""

    verdict: Verdict
    claim: str
    """The sentence without its reasons."""
    why: str

    @property
    def sentence(self) -> str:
        return f"{self.claim}: {self.why}"

    @property
    def subject(self) -> Subject:
        return self.verdict.subject

    @property
    def provenance(self) -> Provenance:
        return self.verdict.provenance

    @property
    def outcome(self) -> Outcome:
        return self.verdict.outcome

    @property
    def exit_code(self) -> int:
        return self.verdict.exit_code

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.verdict.criteria


# Predicted ----------------------------------------------------------------------------------------


def say_prediction(
    verdict: Verdict, objectives: Objectives, launches: Sequence[Summary], remedy: str = ""
) -> Said:
    """``remedy`` says what would have held, or that nothing would, where that was simulated."""
    *asked, share = verdict.criteria
    subject, said, worst = verdict.subject, reason_of(share), worst_of(asked)
    if verdict.outcome is Outcome.INCONCLUSIVE:
        unknown = [one for one in asked if one.open or math.isnan(one.measured)]
        why = _reasons([one for one in unknown if one.outcome is Outcome.INCONCLUSIVE])
        claim = f"{subject} prediction inconclusive"
        return Said(verdict=verdict, claim=claim, why=why or _inapplicable(asked) or said)
    if verdict.outcome is Outcome.HOLDS:
        tightest = f"; the tightest figure is {_figure(worst)}"
        why = f"{said}{tightest}{unended(objectives, launches)}"
        return Said(verdict=verdict, claim=f"the {subject} is predicted to hold", why=why)
    failing = [one for one, fails in zip(launches, verdict.failing, strict=True) if fails]
    cause = _cause_and_hint(worst, failing, remedy=remedy, observed=False)
    why = f"{said}; the worst figure is {_figure(worst)}{cause}"
    return Said(verdict=verdict, claim=f"the {subject} is predicted not to hold", why=why)


def _figure(worst: Criterion | None) -> str:
    return against_objective(worst) if worst else words.NOTHING


def _reasons(criteria: Sequence[Criterion]) -> str:
    return "; ".join(f"{name_of(one)}: {reason_of(one)}" for one in criteria)


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


def unended(objectives: Objectives, launches: Sequence[Summary]) -> str:
    """What nobody must overlook when all objectives hold: whose story had no end, in the mean."""
    waiting, under_way = (
        round(sum(int(one.fates[fate]) for one in launches) / len(launches))
        for fate in (Fate.WAITING, Fate.UNFINISHED)
    )
    silent = "" if objectives.line.wait_quantiles_ns else ", and no objective limits the wait"
    return (f"; {waiting:,} still stand in line at the end{silent}" if waiting else "") + (
        f"; {under_way:,} let in still have no answer at the end" if under_way else ""
    )


# Observed -----------------------------------------------------------------------------------------


def say_replay(
    verdict: Verdict, objectives: Objectives, summary: Summary, answers: Sequence[Answered] = ()
) -> Said:
    """What was observed of a replay, or why that says nothing."""
    if verdict.impaired:
        return _impaired(verdict, answers)
    subject, worst = verdict.subject, worst_of(verdict.objectives)
    if verdict.outcome is Outcome.HOLDS:
        why = f"its tightest figure is {_figure(worst)}{unended(objectives, [summary])}"
        return Said(verdict=verdict, claim=f"the {subject} holds", why=why)
    if verdict.outcome is Outcome.FAILS:
        broke = failure_words(answers)
        answered = f" (answers: {broke})" if broke else ""
        cause = _cause_and_hint(worst, [summary], observed=True, answered=answered)
        why = f"its worst figure is {_figure(worst)}{cause}"
        return Said(verdict=verdict, claim=f"the {subject} does not hold", why=why)
    asked = verdict.objectives
    why = _reasons([one for one in asked if one.outcome is Outcome.INCONCLUSIVE])
    why = why or _inapplicable(asked) or "it has no objectives"
    return Said(verdict=verdict, claim=f"the {subject} is inconclusive", why=why)


def gate_lines(said: Said) -> list[str]:
    """Each gate of the instrument that closed, with its figure and its remedy, where the sentence does not tell them all."""
    closed = said.verdict.impaired
    if len(closed) < 2 and said.verdict.proven is None:
        return []
    return [f"{against_limit(one)}: {reason_of(one)}" for one in closed]


def _impaired(verdict: Verdict, answers: Sequence[Answered]) -> Said:
    first, *others = verdict.impaired
    if verdict.proven is not None:
        return Said(
            verdict=verdict,
            claim=f"the {verdict.subject} does not hold, although its instrument was impaired"
            f" ({name_of(first)})",
            why=f"the server itself {_proven(verdict.proven, answers)}",
        )
    also = f" (and {words.times(len(others), 'more reason')})" if others else ""
    return Said(
        verdict=verdict,
        claim=f"the {verdict.subject} is inconclusive, its instrument was impaired",
        why=f"{against_limit(first)}: {reason_of(first)}{also}",
    )


def _proven(proven: Proven | Criterion, answers: Sequence[Answered]) -> str:
    """What the server did to those whom it served not, or who waited, as far as that cannot be faked."""
    if isinstance(proven, Criterion):
        return f"broke a promise of its line: {reason_of(proven)}"
    broke = failure_words([one for one in answers if is_unfakeable(one)])
    refused = f"failed ({broke})" if broke else "turned away for good"
    share, broken = words.percent(proven.errors), forbidden_text(proven.forbidden)
    return f"{refused} at least {share} of those let in ({broken})"


def say_absent_replay(verdict: Verdict) -> Said:
    """That there is nothing to judge."""
    claim = f"the {verdict.subject} is inconclusive"
    return Said(verdict=verdict, claim=claim, why="nothing was recorded")
