"""A report read from a run's folder alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from reports.run import store
from reports.run.comparison.comparison import compare
from reports.run.facts import Ending, PlanFacts
from reports.run.folder import RunFolder, observed_part
from reports.run.past.came import SaidCame
from reports.run.past.sealed import checked
from reports.run.report.judged import said_came, said_prediction, said_replay, with_waits
from reports.run.report.report import Column, Report, VariantReport
from reports.sentences.verdict import say_absent_replay
from simulator.errors import Stopped
from simulator.outcomes.answered import read_answers, read_unheard
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.counts.told import read_told
from simulator.outcomes.instrument import Instrument, read_instrument
from simulator.outcomes.looks import read_looks, seen_by_clocks
from simulator.outcomes.machine import read_machine
from simulator.outcomes.store import STOPPED, read_part
from simulator.outcomes.workers import read_workers
from simulator.plan.plan import Subject
from simulator.verdict.line.audit import Audit, audit_line
from simulator.verdict.truth.parts import Waterfall
from simulator.verdict.truth.suspects.others import others
from simulator.verdict.verdict import judge_absent_replay


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
        comparison = compare(
            label,
            launch=launch.prediction if launch else None,
            rehearsal=rehearsal.prediction if rehearsal else None,
            observed=observed,
        )
        seal = checked(store.read_seal(db, label, where), folder.path, comparison)
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
        comparison=comparison,
        verdicts=tuple(verdicts),
        came=came,
        waterfalls=falls,
        seal=seal,
    )


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
