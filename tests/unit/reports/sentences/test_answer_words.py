"""What the target answered, in every form of a report."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from reports.files.markdown import markdown_text
from reports.files.record import record
from reports.page.page import page_text
from reports.run.folder import observed_part
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.run.store import connection
from reports.sentences.answers import answer_lines, failure_words, success_line, unheard_line
from reports.terminal.table import report_text
from simulator.outcomes.answered import (
    ALREADY_DONE,
    ANY_2XX,
    LINE,
    Answered,
    Unheard,
    write_answers,
)
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.rows import Result
from simulator.verdict.criteria import Outcome
from tests.examples import examples
from tests.launches.run import LINE as LINED
from tests.launches.run import made_run
from tests.launches.summaries import GOOD, instrument
from tests.said import said_replay
from tests.unit.simulator.verdict.test_verdict import REHEARSAL

SERVED = Answered(step=0, result=Result.SUCCESS, status=200, reason=ANY_2XX, count=54)
TAKEN = replace(SERVED, status=409, reason=ALREADY_DONE, count=3)
FORBIDDEN = Answered(step=0, result=Result.FAILED, status=403, reason="unexpected status", count=31)
LATE = Answered(step=0, result=Result.TIMED_OUT, status=0, reason="timed out", count=4)
LOST = Answered(step=LINE, result=Result.FAILED, status=404, reason="unexpected status", count=2)
HOSTILE = replace(
    FORBIDDEN, reason="says that it failed: “<script>\x1b[2J|`*”", count=1_000, status=200
)


def test_one_line_for_successes_and_one_for_each_place() -> None:
    two = Layout(
        stations=("app", "mail"),
        places=(Place(journey=0, station=0), Place(journey=0, station=1)),
        steps=(0, 1),
    )
    mailed = replace(FORBIDDEN, step=1, count=7)

    rests = "any 2xx that does not contradict itself, 200 × 54"
    assert answer_lines([SERVED, FORBIDDEN, mailed, LATE, TAKEN, LOST], two) == [
        f"success: {rests}; already done (409 after no answer), 409 × 3",
        "not served at app: 403 × 31: unexpected status; no answer × 4: timed out",
        "not served at mail: 403 × 7: unexpected status",
        "not served in the line: 404 × 2: unexpected status",
    ]
    assert answer_lines([FORBIDDEN], Layout()) == ["not served: 403 × 31: unexpected status"]
    assert answer_lines([], Layout()) == []


@examples("unheard, said",
    ("nobody", Unheard(), ""),
    ("one", Unheard(1), "unknown: 1 person had no answer"),
    ("some", Unheard(1_200), "unknown: 1,200 people had no answer"),
    ("perhaps more", Unheard(3, 2), "unknown: 3 to 5 people had no answer"),
)  # fmt: skip
def test_who_may_have_been_served_unheard_is_counted_apart(unheard: Unheard, said: str) -> None:
    assert unheard_line(unheard).startswith(said)
    assert bool(unheard_line(unheard)) is bool(said)


def test_what_is_rare_is_summed_up() -> None:
    many = [replace(FORBIDDEN, status=400 + n, count=10 - n) for n in range(8)]
    assert failure_words(many).endswith("; 404 × 6: unexpected status; others × 12")
    assert success_line(many) == ""


@examples("answers, told",
    ("most failed so", [FORBIDDEN, LATE], True),
    ("no more than timed out", [replace(FORBIDDEN, count=4), LATE], False),
    ("nobody failed at a step", [LOST, SERVED], False),
)  # fmt: skip
def test_statuses_are_named_where_they_took_most(
    answers: Sequence[Answered], *, told: bool
) -> None:
    assert bool(failure_words(answers)) is told


@pytest.mark.parametrize(("count", "outcome"), [(15, Outcome.HOLDS), (16, Outcome.INCONCLUSIVE)])
def test_successes_that_nobody_saw_decide_nothing(count: int, outcome: Outcome) -> None:
    """Of 300 let in, p95 bears 15 that fail."""
    verdict = said_replay(REHEARSAL, GOOD, instrument(), [replace(TAKEN, count=count)])

    assert verdict.outcome is outcome
    if outcome is Outcome.INCONCLUSIVE:
        assert verdict.sentence == (
            "the rehearsal is inconclusive: successes nobody saw: 16 were already done (409 after"
            " no answer), more than may fail (p95 allows 5 %): check in the target's own records"
            " that they were done"
        )


# The forms


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """With what the target answered in the rehearsal with a line, which alone is told here."""
    folder = made_run(tmp_path_factory.mktemp("runs"))
    with connection(folder.database) as db, db:
        name = observed_part(LINED)
        (part,) = db.execute("SELECT part FROM parts WHERE name = ?", (name,)).fetchone()
        told = [SERVED, HOSTILE, LATE]
        write_answers(
            db, part, [(one.step, one.result, one.status, one.reason, one.count) for one in told]
        )
    return only_lined(read_report(folder))


def only_lined(report: Report) -> Report:
    return replace(report, variants=(report.variant(LINED),))


@pytest.fixture(scope="module")
def answered_page(answered: Report) -> str:
    return page_text(answered)


def test_every_form_shows_what_was_answered(answered: Report, answered_page: str) -> None:
    for text in (report_text(answered), markdown_text(answered), answered_page):
        assert "any 2xx that does not contradict itself" in text
        assert "1,000" in text
    assert record(answered)["variants"][0]["answers"][0] == {
        "step": 0, "place": "", "result": "failed", "status": 200,
        "reason": "says that it failed: “<script> [2J|`*”", "count": 1000,
    }  # fmt: skip


def test_every_form_tells_how_many_are_unknown(answered: Report) -> None:
    (variant, *others) = answered.variants
    told = replace(answered, variants=(replace(variant, unheard=Unheard(people=7)), *others))
    for text in (report_text(told), markdown_text(told), page_text(told)):
        assert "7 people had no answer and gave up" in " ".join(text.split())
    assert record(told)["variants"][0]["unheard"] == {"people": 7, "at_most": 7}


def test_no_form_obeys_what_a_server_says(answered: Report, answered_page: str) -> None:
    assert "\x1b" not in report_text(answered) + markdown_text(answered) + answered_page
    assert "“<script>" not in answered_page
    assert r"\<script\> \[2J\|\`\*" in markdown_text(answered)


def test_a_run_of_an_older_version_is_still_told(tmp_path: Path) -> None:
    old = made_run(tmp_path)
    with connection(old.database) as db:
        db.execute("DROP TABLE answers")
    report = read_report(old)
    assert report.verdict is not None
    assert "answered" not in report_text(report)
    assert "What the target answered" not in page_text(only_lined(report))
