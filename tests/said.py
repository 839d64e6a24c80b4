"""Verdicts that tests judge and say, as commands and reports do."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reports.run.facts import PlanFacts
from reports.sentences.verdict import Said, say_absent_replay, say_prediction, say_replay
from simulator.outcomes.answered import Answered
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan, Subject
from simulator.verdict.verdict import judge, judge_absent_replay, judge_replay


def said(plan: Plan | PlanFacts, prediction: Prediction, remedy: str = "") -> Said:
    """What is predicted."""
    launches, asked = prediction.launches, plan.objectives
    return say_prediction(judge(launches, asked, plan.subject), asked, launches, remedy)


def said_replay(
    plan: Plan | PlanFacts,
    summary: Summary,
    instrument: Instrument,
    answers: Sequence[Answered] = (),
) -> Said:
    """What was observed."""
    verdict = judge_replay(summary, instrument, plan.objectives, answers, plan.subject)
    return say_replay(verdict, plan.objectives, summary, answers)


def said_absent() -> Said:
    """That nothing was."""
    return say_absent_replay(judge_absent_replay(Subject.REHEARSAL))


def but(made: Said, **changes: Any) -> Said:
    """The same sentence of another verdict."""
    return replace(made, verdict=replace(made.verdict, **changes))
