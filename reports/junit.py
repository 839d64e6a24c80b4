"""JUnit: a testcase a criterion, so that CI shows which one broke.

A criterion that does not hold is a failure, one that cannot be judged an error, one that does not
apply is skipped.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from reports.criteria import Criterion, Outcome
from reports.report import Report
from reports.verdict import Verdict

TAGS = {Outcome.FAILS: "failure", Outcome.INCONCLUSIVE: "error", Outcome.NOT_APPLICABLE: "skipped"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


def junit_text(report: Report) -> str:
    """All verdicts as one XML document."""
    root = ET.Element("testsuites", name=plain(f"surgeproof {report.facts.scenario}"))
    for variant in report.variants:
        for verdict in variant.verdicts:
            root.append(
                _suite(f"{variant.label}: {verdict.subject}, {verdict.provenance}", verdict)
            )
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(name: str, verdict: Verdict) -> ET.Element:
    outcomes = [criterion.outcome for criterion in verdict.criteria]
    suite = ET.Element("testsuite", name=plain(name))
    # A verdict that rests on nothing (a replay that never took place) must not pass for green.
    bare = not outcomes
    suite.set("tests", str(len(outcomes) + bare))
    suite.set("failures", str(outcomes.count(Outcome.FAILS)))
    suite.set("errors", str(outcomes.count(Outcome.INCONCLUSIVE) + bare))
    suite.set("skipped", str(outcomes.count(Outcome.NOT_APPLICABLE)))
    for criterion in verdict.criteria:
        suite.append(_case(name, criterion))
    if bare:
        case = ET.SubElement(suite, "testcase", classname=plain(name), name="verdict")
        ET.SubElement(case, "error", message=plain(verdict.sentence))
    return suite


def _case(suite: str, criterion: Criterion) -> ET.Element:
    case = ET.Element("testcase", classname=plain(suite), name=plain(criterion.name))
    tag = TAGS.get(criterion.outcome)
    if tag:
        ET.SubElement(case, tag, message=plain(_message(criterion)))
    return case


def _message(criterion: Criterion) -> str:
    return f"{criterion.found} (limit {criterion.asked}): {criterion.reason}"


def plain(text: str) -> str:
    """Text without what XML cannot hold."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
