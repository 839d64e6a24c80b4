"""Report: everything that can be said of a run, read from its folder alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.run import store
from reports.run.comparison import Comparison, compare
from reports.run.decision import Decision
from reports.run.facts import Ending, PlanFacts, RunFacts
from reports.run.folder import RunFolder, observed_part
from reports.run.past.again import Again
from reports.run.past.came import SaidCame, parts_unknown, say_came
from reports.run.past.sealed import Checked, checked
from reports.sentences import words
from reports.sentences.verdict import Said, say_absent_replay, say_prediction, say_replay
from simulator.errors import Stopped
from simulator.outcomes.answered import NOBODY, Answered, Unheard, read_answers, read_unheard
from simulator.outcomes.counts.summary import Summary, summarise
from simulator.outcomes.counts.told import Told, read_told
from simulator.outcomes.instrument import Instrument, read_instrument
from simulator.outcomes.looks import read_looks, seen_by_clocks
from simulator.outcomes.machine import Machine, read_machine
from simulator.outcomes.rows import Provenance
from simulator.outcomes.store import STOPPED, read_part
from simulator.outcomes.workers import read_workers
from simulator.plan.launches import Prediction
from simulator.plan.plan import Subject
from simulator.verdict.evidence import is_awaited
from simulator.verdict.line.audit import Audit, audit_line
from simulator.verdict.truth.judged import Came, judge_prediction
from simulator.verdict.truth.parts import Step, Waterfall, waterfalls
from simulator.verdict.truth.suspects.others import Others, others
from simulator.verdict.verdict import judge, judge_absent_replay, judge_replay

"""How the end record of a replay begins that the kill switch ended."""


WAITED_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is known of one subject: its plan, and the predictions (of each engine) for it."""

    plan: PlanFacts
    predictions: tuple[Prediction, ...] = ()
    said: Said | None = None
    """The verdict on the one that is reported."""

    @property
    def prediction(self) -> Prediction | None:
        """The one that is reported: of the engine that simulated the most launches."""
        return self.predictions[0] if self.predictions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantReport:
    """One variant of the launch."""

    label: str
    launch: Column | None
    rehearsal: Column | None
    observed: Summary | None
    instrument: Instrument | None
    comparison: Comparison
    verdicts: tuple[Said, ...]
    """Launch predicted, rehearsal predicted, rehearsal observed: as many as there are."""
    answers: tuple[Answered, ...] = ()
    """What the target answered; none where it was not kept."""
    unheard: Unheard = NOBODY
    """Who may have been served without hearing so."""
    came: SaidCame | None = None
    """Whether the prediction of the rehearsal came true; None where nothing was to be replayed."""
    waterfalls: tuple[Waterfall, ...] = ()
    """Where its errors came from."""
    seal: Checked | None = None
    """What was sealed before anybody was sent; None in runs of older versions."""
    machine: Machine | None = None
    """What the machine did meanwhile; None: nobody looked."""
    told: Told | None = None
    """What the target's own metrics said meanwhile; None: nobody asked for them."""
    audit: Audit | None = None
    """What was found of the target's line; None: nobody was told anything by one."""

    @property
    def verdict(self) -> Said | None:
        """The one that decides: what was observed, or else what is predicted of the launch."""
        seen = self.verdict_on(Subject.REHEARSAL, Provenance.OBSERVED)
        return seen or (self.verdicts[0] if self.verdicts else None)

    def verdict_on(self, subject: Subject, provenance: Provenance) -> Said | None:
        for verdict in self.verdicts:
            if (verdict.subject, verdict.provenance) == (subject, provenance):
                return verdict
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that can be said of a run."""

    folder: RunFolder
    facts: RunFacts
    variants: tuple[VariantReport, ...]
    ending: Ending | None = None
    """How the run ended, where it was not judged."""

    @property
    def verdict(self) -> Said | None:
        """The first variant's; None where nothing was predicted or observed."""
        return self.variants[0].verdict if self.variants else None

    @property
    def decision(self) -> Decision:
        """What the run came to, for every form of it."""
        label = self.variants[0].label if self.variants else ""
        return Decision.of(label, self.verdict, self.ending)

    @property
    def exit_code(self) -> int:
        """The run's."""
        return self.decision.exit_code

    def variant(self, label: str) -> VariantReport:
        """The variant of that label; KeyError where there is none."""
        return {variant.label: variant for variant in self.variants}[label]


def read_report(folder: RunFolder) -> Report:
    """Judge and compare whatever the folder holds, finished or not.

    Raises UsageError where it holds nothing.
    """
    where = str(folder.database)
    with store.reading(folder.database) as db:
        facts = store.read_run(db, where)
        with store.legible(where):
            plans = store.read_plans(db, where)
            told = store.read_ending(db, where)
        variants = tuple(
            _variant(db, folder, label, subjects, replayed=facts.target is not None)
            for label, subjects in plans.items()
        )
    return Report(folder=folder, facts=facts, variants=variants, ending=told or stopped(variants))


def stopped(variants: Iterable[VariantReport]) -> Ending | None:
    """That the kill switch ended a run whose own word on it is missing: the replay's child said so."""
    for variant in variants:
        how = variant.instrument.ended if variant.instrument else None
        if how is not None and how.startswith(STOPPED):
            return Ending(exit_code=Stopped.exit_code, sentence=how.removeprefix(STOPPED))
    return None


def _variant(
    db: sqlite3.Connection,
    folder: RunFolder,
    label: str,
    plans: dict[Subject, PlanFacts],
    *,
    replayed: bool,
) -> VariantReport:
    where = str(folder.database)
    with store.legible(where):
        launch = _column(db, label, plans.get(Subject.LAUNCH))
        rehearsal = _column(db, label, plans.get(Subject.REHEARSAL))
        observed, instrument = _observed(db, label, rehearsal)
        answers = read_answers(db, observed_part(label))
        unheard = read_unheard(db, observed_part(label))
        machine = read_machine(db, observed_part(label))
        told = read_told(db, observed_part(label))
        audit = _audited(db, label, where)
        again = store.read_again(db, label)
        seal = checked(store.read_seal(db, label, where), folder.path)
    came: SaidCame | None = None
    falls: tuple[Waterfall, ...] = ()
    verdicts = [column.said for column in (launch, rehearsal) if column and column.said]
    if rehearsal and observed and instrument:
        seen = said_replay(rehearsal, observed, instrument, answers, audit)
        verdicts.append(seen)
        came, falls = said_came(
            rehearsal, observed, again, others(machine), valid=not seen.verdict.impaired
        )
        came = with_waits(came, machine)
    elif rehearsal and replayed:
        came, falls = said_came(rehearsal, None, again, None, valid=False)
        verdicts.append(say_absent_replay(judge_absent_replay(rehearsal.plan.subject)))
    return VariantReport(
        label=label,
        launch=launch,
        rehearsal=rehearsal,
        observed=observed,
        instrument=instrument,
        answers=answers,
        unheard=unheard,
        machine=machine,
        told=told,
        audit=audit,
        comparison=compare(
            label,
            launch=launch.prediction if launch else None,
            rehearsal=rehearsal.prediction if rehearsal else None,
            observed=observed,
        ),
        verdicts=tuple(verdicts),
        came=came,
        waterfalls=falls,
        seal=seal,
    )


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
    verdict = judge_prediction(
        observed,
        predicted,
        machine=machine,
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


def _column(db: sqlite3.Connection, label: str, plan: PlanFacts | None) -> Column | None:
    if plan is None:
        return None
    predictions = tuple(store.read_predictions(db, label, plan.subject))
    said = said_prediction(plan, predictions[0]) if predictions else None
    return Column(plan=plan, predictions=predictions, said=said)


def _observed(
    db: sqlite3.Connection, label: str, rehearsal: Column | None
) -> tuple[Summary | None, Instrument | None]:
    name = observed_part(label)
    if rehearsal is None or not _has_part(db, name):
        return None, None
    plan = rehearsal.plan
    instrument = read_instrument(db, name)
    summary = summarise(
        read_part(db, name), bin_ns=plan.bin_ns, layout=plan.layout, seen_ns=instrument.seen_ns
    )
    return summary, instrument


def _audited(db: sqlite3.Connection, label: str, where: str) -> Audit | None:
    """What was found of the line, in runs that wrote down what it promises."""
    promises, name = store.read_promises(db, label, where), observed_part(label)
    if promises is None or not _has_part(db, name):
        return None
    bound_ns = max((worker.bound_ns for worker in read_workers(db, name)), default=0)
    looks = seen_by_clocks(read_looks(db, name), bound_ns)
    return audit_line(looks, read_part(db, name).rows().visits, promises)


def _has_part(db: sqlite3.Connection, name: str) -> bool:
    found = db.execute("SELECT 1 FROM parts WHERE name = ?", (name,)).fetchone()
    return found is not None
