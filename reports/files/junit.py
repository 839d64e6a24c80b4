"""JUnit: a testcase a criterion, so that CI shows which one broke.

A pipeline is as red as the exit code: a failure where the run does not hold, an error where it is
inconclusive, neither where it holds. The suite of what decides has a case "verdict" that says so; a
criterion is red only if it came out as the whole did. Everything else that is not met (what is only
predicted, other variants, a criterion that decides nothing) is skipped, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from reports.run.decision import Decision
from reports.run.past.came import SaidCame
from reports.run.report.report import Report, VariantReport
from reports.sentences.criterion import asked_of, found_of, name_of
from reports.sentences.reasons import reason_of
from reports.sentences.verdict import Said
from simulator.verdict.criteria import Criterion, Outcome
from simulator.verdict.truth.judged import Came

RED = {Outcome.FAILS: "failure", Outcome.INCONCLUSIVE: "error"}
COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


def junit_text(report: Report) -> str:
    """All verdicts as one XML document, what decides first."""
    root = ET.Element("testsuites", name=plain(f"surgeproof {report.facts.scenario}"))
    decision = report.decision
    root.append(_deciding(decision, report.variants[0] if report.variants else None))
    for variant in report.variants:
        for verdict in variant.verdicts:
            if verdict is not decision.verdict:
                root.append(_beside(variant, verdict))
    for key in ("tests", *COUNTED):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _name(label: str, verdict: Said) -> str:
    return f"{label}: {verdict.subject}, {verdict.provenance}"


def _deciding(decision: Decision, variant: VariantReport | None) -> ET.Element:
    """What the run came to; ``variant`` is the one that decides."""
    verdict = decision.verdict
    name = _name(decision.variant, verdict) if verdict else decision.variant or "run"
    suite = ET.Element("testsuite", name=plain(name))
    told = {
        "outcome": decision.outcome,
        "exit_code": decision.exit_code,
        "sentence": decision.sentence,
    }
    _properties(suite, told | _sealed(variant))
    whole = _case(suite, "verdict")
    if decision.outcome in RED:
        ET.SubElement(whole, RED[decision.outcome], message=plain(decision.sentence))
    if variant and variant.came:
        _prediction(suite, variant.came)
    for criterion in verdict.criteria if verdict else ():
        same = criterion.outcome is decision.outcome
        _criterion(
            suite, criterion, RED.get(criterion.outcome) if same else None, "decides nothing"
        )
    return _counted(suite)


def _sealed(variant: VariantReport | None) -> dict[str, str]:
    """What was sealed of a variant before anybody was sent, and whether it still is."""
    return {"sealed": variant.seal.sentence} if variant and variant.seal else {}


def _properties(suite: ET.Element, told: Mapping[str, object]) -> None:
    if told:
        properties = ET.SubElement(suite, "properties")
        for key, value in told.items():
            ET.SubElement(properties, "property", name=key, value=plain(str(value)))


def _prediction(suite: ET.Element, came: SaidCame) -> None:
    """It decides nothing by itself; where it has to come true, the whole is red and says why."""
    case = _case(suite, "prediction")
    if came.outcome is not Came.RIGHT:
        ET.SubElement(case, "skipped", message=plain(came.sentence))


def _beside(variant: VariantReport, verdict: Said) -> ET.Element:
    """A verdict that decides nothing."""
    suite = ET.Element("testsuite", name=plain(_name(variant.label, verdict)))
    _properties(suite, _sealed(variant))
    why = f"{verdict.provenance}, does not decide"
    whole = _case(suite, "verdict")
    if verdict.outcome is not Outcome.HOLDS:
        ET.SubElement(whole, "skipped", message=plain(f"{why}: {verdict.sentence}"))
    for criterion in verdict.criteria:
        _criterion(suite, criterion, None, why)
    return _counted(suite)


def _criterion(suite: ET.Element, criterion: Criterion, red: str | None, why: str) -> None:
    case = _case(suite, name_of(criterion))
    if criterion.outcome is Outcome.HOLDS:
        return
    said = f"{found_of(criterion)} (limit {asked_of(criterion)}): {reason_of(criterion)}"
    if not red and criterion.outcome is not Outcome.NOT_APPLICABLE:
        said = f"{why}: {criterion.outcome}, {said}"
    ET.SubElement(case, red or "skipped", message=plain(said))


def _case(suite: ET.Element, name: str) -> ET.Element:
    classname = suite.get("name", "")
    return ET.SubElement(suite, "testcase", classname=classname, name=plain(name))


def _counted(suite: ET.Element) -> ET.Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for key, tag in COUNTED.items():
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def plain(text: str) -> str:
    """Text without what XML cannot hold."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
