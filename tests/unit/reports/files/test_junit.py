from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from reports.files.junit import junit_text, plain
from reports.run.past.came import say_came
from reports.run.report.report import Report
from simulator.verdict.criteria import Asks, Criterion, Outcome
from simulator.verdict.reasons import OfVisits
from simulator.verdict.truth.judged import Came, PredictionVerdict
from tests.launches.run import LINE, facts
from tests.said import but, said_absent


def counts(suite: ET.Element) -> tuple[str | None, ...]:
    return tuple(suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped"))


def test_what_decides_comes_first_and_nothing_else_is_red(report: Report) -> None:
    root = ET.fromstring(junit_text(report))

    # One line: rehearsed, it holds. The criteria that fail are of another variant.
    assert [counts(suite) for suite in root] == [
        ("line: rehearsal, observed", "12", "0", "0", "0"),
        ("line: launch, predicted", "6", "0", "0", "0"),
        ("line: rehearsal, predicted", "5", "0", "0", "0"),
        ("no-line: launch, predicted", "6", "0", "0", "5"),
        ("no-line: rehearsal, predicted", "5", "0", "0", "4"),
        ("no-line: rehearsal, observed", "11", "0", "0", "3"),
    ]
    assert counts(root) == ("surgeproof made-up", "45", "0", "0", "12")


def test_what_is_not_met_beside_it_says_so(report: Report) -> None:
    root = ET.fromstring(junit_text(report))
    (skipped,) = root.findall(
        "testsuite[@name='no-line: rehearsal, observed']/testcase[@name='errors']/skipped"
    )
    assert str(skipped.get("message")).startswith("observed, does not decide: does not hold, ")


def with_only(report: Report, outcome: Outcome) -> Report:
    variant = report.variant(LINE)
    criterion = Criterion(
        asks=Asks.RESPONSE, journey="signup", quantile=0.95, limit=2.0, measured=2.5,
        outcome=outcome, reason=OfVisits(visits=300, ended=True),
    )  # fmt: skip
    verdict = but(variant.verdicts[0], criteria=(criterion,), outcome=outcome)
    return replace(report, variants=(replace(variant, verdicts=(verdict,), came=None),))


@pytest.mark.parametrize(
    ("outcome", "tag"), [(Outcome.FAILS, "failure"), (Outcome.INCONCLUSIVE, "error")]
)
def test_what_decides_is_as_red_as_the_exit_code(
    report: Report, outcome: Outcome, tag: str
) -> None:
    only = with_only(report, outcome)

    whole, criterion = ET.fromstring(junit_text(only)).iter("testcase")

    assert [(child.tag, child.get("message")) for child in criterion] == [
        (tag, "2.5 s (limit 2 s): over 300 visits")
    ]
    assert [(child.tag, child.get("message")) for child in whole] == [
        (tag, only.variants[0].verdicts[0].sentence)
    ]


def test_a_prediction_that_did_not_come_true_is_told_and_reddens_nothing(report: Report) -> None:
    variant = report.variant(LINE)
    wrong = say_came(PredictionVerdict(outcome=Came.WRONG))
    text = junit_text(replace(report, variants=(replace(variant, came=wrong),)))

    case = ET.fromstring(text).find("testsuite/testcase[@name='prediction']")

    assert case is not None
    assert [(child.tag, child.get("message")) for child in case] == [("skipped", "predicted wrong")]


def test_what_holds_is_an_empty_case(report: Report) -> None:
    cases = ET.fromstring(junit_text(with_only(report, Outcome.HOLDS))).iter("testcase")
    assert [list(case) for case in cases] == [[], []]


def test_what_does_not_apply_is_skipped(report: Report) -> None:
    only = with_only(report, Outcome.NOT_APPLICABLE)
    (variant,) = only.variants
    holds = but(variant.verdicts[0], outcome=Outcome.HOLDS)
    text = junit_text(replace(only, variants=(replace(variant, verdicts=(holds,)),)))
    _, case = ET.fromstring(text).iter("testcase")
    assert [child.tag for child in case] == ["skipped"]


def test_a_replay_that_never_took_place_is_not_green(report: Report) -> None:
    variant = report.variant(LINE)
    assert variant.rehearsal is not None
    absent = replace(variant, verdicts=(said_absent(),), came=None)
    root = ET.fromstring(junit_text(replace(report, variants=(absent,))))
    assert counts(root) == ("surgeproof made-up", "1", "0", "1", "0")


def test_names_are_escaped_and_made_fit_for_xml(report: Report) -> None:
    named = replace(report, facts=facts(scenario='<b>&"\x00\x1f'))
    root = ET.fromstring(junit_text(named))
    assert root.get("name") == 'surgeproof <b>&"\ufffd\ufffd'
    assert plain("tab\tand é") == "tab\tand é"
