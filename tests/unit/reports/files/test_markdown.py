from dataclasses import replace

from reports.files.markdown import LIMIT_BYTES, cut, escape, markdown_text
from reports.run.report.report import Report
from simulator.plan.plan import PredictedOnly
from tests.examples import examples
from tests.launches.run import facts


def test_verdicts_come_first(report: Report) -> None:
    lines = markdown_text(report).splitlines()

    assert lines[0] == "# A made-up launch"
    assert lines[2] == "**✅ holds** (exit code 0): line: the rehearsal holds"
    assert lines[4] == "## line"
    assert [line[:60] for line in lines[6:9]] == [
        "- ✅ the launch is predicted to hold: 60 of 60 simulated laun",
        "- ✅ the rehearsal is predicted to hold: 60 of 60 simulated r",
        "- ✅ the rehearsal holds: its tightest figure is signup p95 1",
    ]
    assert [line.endswith("*(predicted, does not decide)*") for line in lines[6:9]] == [
        True, True, False
    ]  # fmt: skip
    assert lines[-3:] == [
        "Demand factor of the rehearsal: 0.25. one core can send so much",
        "",
        "Run: `made-up-20260301T201530Z`, seed 7",
    ]


def test_every_row_of_a_table_has_as_many_cells_as_its_head(report: Report) -> None:
    rows = [line for line in markdown_text(report).splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {7, 5}
    assert rows[0] == (
        "| figure | launch, extrapolated | rehearsal, predicted | middle 95 % |"
        " rehearsal, observed | error |"
    )
    assert rows[1] == "|---|---:|---:|---:|---:|---:|"


@examples("text, shown",
    ("a cell's border", "a|b", r"a\|b"),
    ("HTML", "<script>", r"\<script\>"),
    ("another line", "one\n# two", r"one \# two"),
    ("a link", "[x](javascript:y)", r"\[x\](javascript:y)"),
    ("a mention", "@everybody", r"\@everybody"),
)  # fmt: skip
def test_nothing_that_a_file_says_is_taken_for_markdown(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_the_title_is_escaped(report: Report) -> None:
    named = replace(report, facts=facts(title="<img src=x>"))
    assert markdown_text(named).splitlines()[0] == r"# \<img src=x\>"


def test_what_is_predicted_only_comes_before_any_figure(report: Report) -> None:
    named = facts(
        predicted_only=(
            PredictedOnly(key='waitlist.policy = "priority"', instead="first come, first served"),
            PredictedOnly(key="journey.<b>"),
        )
    )
    lines = markdown_text(replace(report, facts=named)).splitlines()

    assert lines[4:9] == [
        "Predicted only, and not rehearsed:",
        "",
        '- waitlist.policy = "priority" (rehearsed first come, first served)',
        r"- journey.\<b\>",
        "",
    ]
    assert "Predicted only" not in markdown_text(report)


def test_it_is_cut_where_github_would_refuse_it() -> None:
    text = "é" * 60 + "\n"
    short = cut(text * 10_000)
    assert len(short.encode()) <= LIMIT_BYTES
    assert short.endswith(text + "\n… truncated; report.html has the rest.\n")
    assert cut(text) == text
