"""One truth in all forms: whatever a run came to, every form of it is parsed and says the same.

The forms are the exit code, the last line, the terminal's verdicts, verdict.json, JUnit, Markdown and the page.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from reports.files.junit import junit_text
from reports.files.markdown import MARKS, markdown_text
from reports.files.record import record_text
from reports.page import page as page_module
from reports.page.page import page_text
from reports.run.comparison.comparison import compare
from reports.run.facts import Ending, PlanFacts
from reports.run.folder import RunFolder
from reports.run.report.reading import stopped
from reports.run.report.report import Column, Report, VariantReport
from reports.sentences.verdict import Said
from reports.terminal.table import report_text
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.rows import Provenance
from simulator.plan.plan import Subject
from simulator.system.objectives import LineObjective, Objectives
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.reasons import TooFew
from surgeproof.verbs.sending.rehearsal.conclusion import in_a_line, last_line
from tests.launches.run import facts
from tests.launches.summaries import BAD, FEW, GOOD, OBJECTIVES, S, instrument, launch, prediction
from tests.said import but, said, said_absent, said_replay

NO_OBJECTIVES = Objectives()
WAIT_ONLY = Objectives(line=LineObjective(wait_quantiles_ns=((0.5, S),)))
RED = {"failure": Outcome.FAILS, "error": Outcome.INCONCLUSIVE}


def plan(subject: Subject, objectives: Objectives = OBJECTIVES) -> PlanFacts:
    return PlanFacts(
        subject=subject, objectives=objectives, horizon_ns=10 * S, end_ns=20 * S, bin_ns=S,
        demand_factor=1.0, seed=0, has_line=True, layout=GOOD.layout,
    )  # fmt: skip


def variant(
    *,
    label: str = "as written",
    launches: Summary | None = GOOD,
    rehearsals: Summary | None = GOOD,
    observed: Summary | None = GOOD,
    sent: Instrument | None = None,
    objectives: Objectives = OBJECTIVES,
) -> VariantReport:
    """As :func:`reports.run.report.reading.read_report` puts it together, from predictions that are all alike."""
    columns: dict[Subject, Column] = {}
    verdicts: list[Said] = []
    for subject, one in ((Subject.LAUNCH, launches), (Subject.REHEARSAL, rehearsals)):
        if one is not None:
            of, found = plan(subject, objectives), prediction((60, one))
            verdicts.append(said(of, found))
            columns[subject] = Column(plan=of, predictions=(found,), said=verdicts[-1])
    rehearsal = plan(Subject.REHEARSAL, objectives)
    used = sent or (instrument() if observed else None)
    if observed is not None and used is not None:
        verdicts.append(said_replay(rehearsal, observed, used))
    elif rehearsals is not None:
        verdicts.append(said_absent())
    return VariantReport(
        label=label, launch=columns.get(Subject.LAUNCH), rehearsal=columns.get(Subject.REHEARSAL),
        observed=observed, instrument=used if observed is not None else None,
        comparison=compare(label, observed=observed), verdicts=tuple(verdicts),
    )  # fmt: skip


def run(*variants: VariantReport, ending: Ending | None = None) -> Report:
    found = ending or stopped(variants)
    folder = RunFolder(Path("runs/made-up-20260301T201530Z"))
    return Report(folder=folder, facts=facts(), variants=variants, ending=found)


def predicted_only(summary: Summary) -> Report:
    return run(variant(launches=summary, rehearsals=None, observed=None))


def odd_criterion() -> Report:
    """What holds although one of its criteria could be judged in too few launches: it does not affect the verdict."""
    made = variant()
    odd = Criterion(
        asks=Asks.WAIT, quantile=0.95, limit=1.0, measured=0.5,
        outcome=Outcome.INCONCLUSIVE, reason=TooFew(samples=5, needed=100),
    )  # fmt: skip
    (*others, last) = made.verdicts
    return run(replace(made, verdicts=(*others, but(last, criteria=(*last.criteria, odd)))))


@dataclass(frozen=True)
class Case:
    made: Callable[[], Report]
    outcome: Outcome
    exit_code: int


HOLDS, FAILS, INCONCLUSIVE = Outcome.HOLDS, Outcome.FAILS, Outcome.INCONCLUSIVE
KILLED = {"ended": "stopped: the target died", "recorded": 200}


def one(outcome: Outcome, exit_code: int, ending: str = "", **words: Any) -> Case:
    """A run with one variant, which may have ended otherwise than by its verdict."""
    told = Ending(exit_code=exit_code, sentence=ending) if ending else None
    return Case(lambda: run(variant(**words), ending=told), outcome, exit_code)


CASES = {
    "holds": one(HOLDS, 0),
    "holds, though its prediction was that it would not": one(HOLDS, 0, launches=BAD, rehearsals=BAD),
    "holds, though the launch cannot be judged": one(HOLDS, 0, launches=FEW, rehearsals=FEW),
    "holds, with a criterion that decides nothing": Case(odd_criterion, HOLDS, 0),
    "fails": one(FAILS, 1, observed=BAD),
    "fails, though the launch is predicted to hold": one(FAILS, 1, launches=GOOD, rehearsals=GOOD, observed=BAD),
    "fails, although its instrument was impaired": one(FAILS, 1, observed=BAD, sent=instrument(ended=None)),
    "inconclusive by its instrument": one(INCONCLUSIVE, 3, sent=instrument(cpu_share_peak=1.0)),
    "inconclusive by its instrument, with objectives that are not met":
        one(INCONCLUSIVE, 3, observed=launch([0.5] * 150, timed_out=150), sent=instrument(cpu_share_peak=1.0)),
    "too few": one(INCONCLUSIVE, 3, observed=FEW),
    "no objectives": one(INCONCLUSIVE, 3, objectives=NO_OBJECTIVES),
    "objectives of which none applies":
        one(INCONCLUSIVE, 3, launches=None, rehearsals=None, observed=launch([0.5] * 300, lined=False), objectives=WAIT_ONLY),
    "nothing recorded": one(INCONCLUSIVE, 3, observed=None),
    "nothing at all": Case(run, INCONCLUSIVE, 3),
    "killed by the switch": one(INCONCLUSIVE, 4, sent=instrument(**KILLED)),
    "killed by the switch, after it had failed": one(INCONCLUSIVE, 4, observed=BAD, sent=instrument(**KILLED)),
    "interrupted": one(INCONCLUSIVE, 130, "interrupted", observed=None),
    "terminated, after it had failed": one(INCONCLUSIVE, 143, "terminated", observed=BAD),
    "refused": one(INCONCLUSIVE, 5, "x.org is not allowed", observed=None),
    "the engines differ": one(INCONCLUSIVE, 3, "the engines differ"),
    "two variants, the first of which decides":
        Case(lambda: run(variant(label="line"), variant(label="no line", observed=BAD)), HOLDS, 0),
    "two variants, the other of which holds":
        Case(lambda: run(variant(label="no line", observed=BAD), variant(label="line")), FAILS, 1),
    "predictions only, and it holds": Case(lambda: predicted_only(GOOD), HOLDS, 0),
    "predictions only, and it fails": Case(lambda: predicted_only(BAD), FAILS, 1),
    "predictions only, of too few": Case(lambda: predicted_only(FEW), INCONCLUSIVE, 3),
}  # fmt: skip


@pytest.fixture(autouse=True)
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts decide nothing, and take a minute to draw."""
    monkeypatch.setattr(page_module, "figures_of", lambda _: [])
    monkeypatch.setattr(page_module, "bundle", lambda: Markup(""))


def of_junit(report: Report) -> tuple[Outcome, int, str]:
    """By what is red, as a pipeline reads it; the properties say the rest."""
    root = ET.fromstring(junit_text(report))
    red = {tag for tag in RED if next(root.iter(tag), None) is not None}
    assert [int(root.get(key, "")) > 0 for key in ("failures", "errors")] == [
        "failure" in red,
        "error" in red,
    ]
    for suite in root:
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(key, "")) == len(list(suite.iter(tag))), suite.get("name")
    said = {each.get("name"): each.get("value", "") for each in root.iter("property")}
    assert len(red) <= 1
    outcome = RED[red.pop()] if red else Outcome.HOLDS
    assert said["outcome"] == outcome
    return outcome, int(said["exit_code"]), said["sentence"]


def of_json(report: Report) -> tuple[Outcome, int, str]:
    found = json.loads(record_text(report))
    decides = [
        (made["variant"], verdict["outcome"], verdict["exit_code"], verdict["sentence"])
        for made in found["variants"]
        for verdict in made["verdicts"]
        if verdict["decides"]
    ]
    first = found["verdict"]
    same = (first["variant"], first["outcome"], first["exit_code"], first["sentence"])
    judged = not first["ended"] and first["subject"] is not None
    assert decides == ([same] if judged else [])
    return Outcome(first["outcome"]), first["exit_code"], first["sentence"]


def of_markdown(report: Report) -> tuple[Outcome, int, str]:
    line = markdown_text(report).splitlines()[2]
    found = re.fullmatch(r"\*\*(.) ([a-z ]+)\*\* \(exit code (\d+)\): (.*)", line)
    assert found, line
    outcome = Outcome(found[2])
    assert found[1] == MARKS[outcome]
    return outcome, int(found[3]), found[4]


def of_page(report: Report) -> tuple[Outcome, int, str]:
    text = page_text(report)
    found = re.search(
        r'<header data-outcome="([^"]*)" data-exit-code="(\d+)">.*?<h1>(.*?)</h1>', text, re.DOTALL
    )
    assert found
    headline = re.sub(r"<[^>]+>|\s+", " ", found[3]).strip()
    decides = re.findall(r'<div class="verdict (\w+)">\s*<p[^>]*>[^\n]*>decides<', text)
    outcome = Outcome(found[1])
    assert decides in ([page_module.CLASSES[outcome]], []), decides
    return outcome, int(found[2]), headline


@pytest.mark.parametrize("name", CASES)
def test_every_form_of_a_run_says_the_same(name: str) -> None:
    case = CASES[name]
    report = case.made()
    decision = report.decision
    expected = (case.outcome, case.exit_code)

    assert (decision.outcome, report.exit_code) == expected
    assert of_json(report) == (*expected, decision.sentence)
    assert of_junit(report) == (*expected, decision.sentence)
    *markdown, told = of_markdown(report)
    assert tuple(markdown) == expected
    *page, headline = of_page(report)
    assert tuple(page) == expected
    line = last_line(in_a_line(report), report.folder)
    plain = re.sub(r"\\(.)", r"\1", told)
    assert line.startswith(plain)
    assert decision.claim.lower() in headline.lower()


@pytest.mark.parametrize("name", CASES)
def test_what_is_told_on_the_terminal_is_what_decides(name: str) -> None:
    report = CASES[name].made()
    verdict = report.decision.verdict
    if verdict is not None:
        text = " ".join(report_text(report).split())
        assert f"{report.decision.variant}: {verdict.sentence}" in text


def test_what_is_only_predicted_is_never_red() -> None:
    report = CASES["holds, though its prediction was that it would not"].made()
    suites = list(ET.fromstring(junit_text(report)))
    assert [suite.get("failures") for suite in suites] == ["0", "0", "0"]
    messages = [each.get("message", "") for each in suites[1].iter("skipped")]
    assert messages
    assert all(message.startswith("predicted, does not decide: ") for message in messages)


def test_what_is_judged_is_what_was_observed() -> None:
    report = CASES["fails, though the launch is predicted to hold"].made()
    verdict = report.decision.verdict
    assert verdict is not None
    assert (verdict.subject, verdict.provenance) == (Subject.REHEARSAL, Provenance.OBSERVED)
