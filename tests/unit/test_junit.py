from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from reports.criteria import Criterion, Kind, Outcome
from reports.junit import junit_text, plain
from reports.report import Report, read_report
from reports.verdict import judge_absent_replay
from tests.made_run import LINE, facts, made_run


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return read_report(made_run(tmp_path_factory.mktemp("runs")))


def counts(suite: ET.Element) -> tuple[str | None, ...]:
    return tuple(suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped"))


def test_a_suite_a_verdict_and_a_case_a_criterion(report: Report) -> None:
    root = ET.fromstring(junit_text(report))

    assert [counts(suite) for suite in root] == [
        ("line: launch, predicted", "5", "0", "0", "0"),
        ("line: rehearsal, predicted", "4", "0", "0", "0"),
        ("line: rehearsal, observed", "10", "0", "0", "0"),
        ("no-line: launch, predicted", "5", "4", "0", "0"),
        ("no-line: rehearsal, predicted", "4", "3", "0", "0"),
        ("no-line: rehearsal, observed", "10", "2", "0", "0"),
    ]
    assert counts(root) == ("surgeproof made-up", "38", "9", "0", "0")


def with_only(report: Report, outcome: Outcome) -> Report:
    variant = report.variant(LINE)
    criterion = Criterion(
        kind=Kind.OBJECTIVE, name="signup p95", limit=2.0, measured=2.5, unit="s",
        outcome=outcome, reason="over 300 visits",
    )  # fmt: skip
    verdict = replace(variant.verdicts[0], criteria=(criterion,))
    return replace(report, variants=(replace(variant, verdicts=(verdict,)),))


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        (Outcome.FAILS, "failure"),
        (Outcome.INCONCLUSIVE, "error"),
        (Outcome.NOT_APPLICABLE, "skipped"),
    ],
)
def test_what_an_outcome_is_called(report: Report, outcome: Outcome, tag: str) -> None:
    root = ET.fromstring(junit_text(with_only(report, outcome)))

    (case,) = root.iter("testcase")
    assert [(child.tag, child.get("message")) for child in case] == [
        (tag, "2.5 s (limit 2 s): over 300 visits")
    ]


def test_what_holds_is_an_empty_case(report: Report) -> None:
    (case,) = ET.fromstring(junit_text(with_only(report, Outcome.HOLDS))).iter("testcase")

    assert list(case) == []


def test_a_replay_that_never_took_place_is_not_green(report: Report) -> None:
    variant = report.variant(LINE)
    assert variant.rehearsal is not None
    absent = replace(variant, verdicts=(judge_absent_replay(variant.rehearsal.plan),))

    root = ET.fromstring(junit_text(replace(report, variants=(absent,))))

    assert counts(root) == ("surgeproof made-up", "1", "0", "1", "0")


def test_names_are_escaped_and_made_fit_for_xml(report: Report) -> None:
    named = replace(report, facts=facts(scenario='<b>&"\x00\x1f'))

    root = ET.fromstring(junit_text(named))

    assert root.get("name") == 'surgeproof <b>&"\ufffd\ufffd'
    assert plain("tab\tand é") == "tab\tand é"
