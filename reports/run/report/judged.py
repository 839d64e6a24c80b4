"""What a run comes to, judged and said: its predictions, what was observed, and whether that had been predicted."""

from __future__ import annotations

from collections.abc import Sequence

from reports.run.facts import PlanFacts
from reports.run.past.again import Again
from reports.run.past.came import SaidCame, parts_unknown, say_came
from reports.run.report.report import Column
from reports.sentences import words
from reports.sentences.verdict import Said, say_prediction, say_replay
from simulator.outcomes.answered import Answered
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.machine import Machine
from simulator.plan.launches import Prediction
from simulator.verdict.evidence import is_awaited
from simulator.verdict.line.audit import Audit
from simulator.verdict.truth.judged import Came, judge_prediction
from simulator.verdict.truth.parts import Step, Waterfall, waterfalls
from simulator.verdict.truth.suspects.others import Others
from simulator.verdict.verdict import judge, judge_replay

WAITED_S = 0.05


def said_prediction(plan: PlanFacts, prediction: Prediction) -> Said:
    """Judged, and said."""
    launches, asked = prediction.launches, plan.objectives
    return say_prediction(judge(launches, asked, plan.subject), asked, launches)


def said_replay(
    rehearsal: Column,
    observed: Summary,
    instrument: Instrument,
    answers: Sequence[Answered] = (),
    audit: Audit | None = None,
) -> Said:
    """Judged, and said."""
    plan, predicted = rehearsal.plan, rehearsal.prediction
    asked, awaited = plan.objectives, bool(predicted and is_awaited(predicted.launches))
    verdict = judge_replay(
        observed, instrument, asked, answers, plan.subject, awaited=awaited, audit=audit
    )
    return say_replay(verdict, asked, observed, answers)


def said_came(
    rehearsal: Column,
    observed: Summary | None,
    again: Again,
    beside: Others | None,
    *,
    valid: bool,
) -> tuple[SaidCame, tuple[Waterfall, ...]]:
    """Whether what was predicted came, and where its errors came from."""
    predicted, parts = rehearsal.prediction, again.predictions
    machine, services = parts.get(Step.MACHINE), parts.get(Step.SERVICE)
    at_most = parts.get(Step.AT_MOST)
    verdict = judge_prediction(
        observed,
        predicted,
        machine=machine,
        at_most=at_most,
        services=services,
        took=again.measured.took,
        changed=again.measured.changed,
        suspects=again.measured.suspects,
        beside=beside,
        valid=valid,
    )
    said = say_came(verdict)
    if observed is None or predicted is None or not valid:
        return said, ()
    if again.measured.untold:  # what is left over is not the queue's alone
        return said.with_why(parts_unknown(again.measured.untold)), ()
    return said, waterfalls(observed, predicted, machine=machine, services=services)


def with_waits(came: SaidCame, machine: Machine | None) -> SaidCame:
    """What explains services that took longer on a machine as fast as before: they waited for a core.

    Below 50 ms a second no service of a busy server takes 5 % longer by it.
    """
    waited_s = machine.mean("target_wait") if machine and machine.here else 0.0
    if came.outcome is Came.RIGHT or not waited_s >= WAITED_S:
        return came
    said = f"the target waited for a core {words.duration(waited_s)} a second, which is part of its services"
    return came.with_why(said)
