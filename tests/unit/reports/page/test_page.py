import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

from reports.files.links import safe_link
from reports.files.markdown import markdown_text
from reports.files.record import record, record_text
from reports.page.page import page_text, unbroken
from reports.run.facts import Given, Milestone, Standing
from reports.run.report.report import Report
from simulator.outcomes.figures.figures import FIGURES
from simulator.plan.plan import PredictedOnly
from tests.examples import examples
from tests.launches.run import LINE, facts

EVIL = "</script><script>alert('x')</script>"


class Outline(HTMLParser):
    """What a page is made of, as a browser without scripts sees it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.headings: list[str] = []
        self.labels: list[str] = []
        self._heading = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.addresses += [found[name] or "" for name in ("href", "src") if name in found]
        if found.get("role") == "img":
            self.labels.append(found.get("aria-label") or "")
        if tag in {"h1", "h2"}:
            self.headings.append("")
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        self._heading = self._heading and tag not in {"h1", "h2"}

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.headings[-1] += data


def test_the_verdict_comes_first_then_charts_then_tables(page: str) -> None:
    headings = [re.sub(r"\s+", " ", text).strip() for text in Outline(page).headings]

    assert headings == [
        "“line”: the rehearsal holds. Beside it, “no-line”: the rehearsal does not hold.", "line",
        "no-line", "The line over time", "Served per second",
        "Waiting time, and time to be served", "Where the prediction's errors came from",
        "Utilisation of each station",
        "What happened to everyone", "The whole launch", "Predicted and observed",
        "What was judged", "The instrument", "Inputs and their sources", "How it was made",
        "How to read it",
    ]  # fmt: skip


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    outline = Outline(page)
    # Two sources in the table of what the run rests on have the same address.
    assert outline.addresses == ["https://example.org/launch"]
    assert not {"link", "img", "iframe", "object", "embed"} & set(outline.tags)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_scripts_are_there_once(page: str) -> None:
    outline = Outline(page)
    # The bundle is 0.9 MB; the rest is drawings and tables.
    assert outline.tags.count("script") == 3
    assert len(page.encode()) < 1_400_000


def test_every_chart_has_words_for_those_who_cannot_see_it(page: str) -> None:
    labels = Outline(page).labels
    assert len(labels) == 13
    assert all(labels)


def test_every_table_has_a_caption_and_named_columns(page: str) -> None:
    tags = Outline(page).tags
    assert tags.count("caption") == tags.count("table")
    assert "th" in tags


def test_nothing_that_a_file_says_is_run(report: Report) -> None:
    evil = facts(
        scenario=EVIL, title=EVIL, story=EVIL, target=EVIL, probe=EVIL, agreement=EVIL,
        demand_factor_reason=EVIL,
        versions={EVIL: EVIL},
        assumptions=(Given(key=EVIL, value=EVIL, standing=Standing.SOURCED, source=EVIL, url="javascript:alert(1)"),),
        milestones=(Milestone(label=EVIL, at_ns=0, value=1, source=EVIL, url=EVIL),),
    )  # fmt: skip
    variants = tuple(replace(variant, label=EVIL) for variant in report.variants)

    page = page_text(replace(report, facts=evil, variants=variants))

    outline = Outline(page)
    assert outline.tags.count("script") == 3
    assert "<script>alert" not in page
    assert outline.addresses == []


def test_a_run_without_a_replay_has_a_page_too(report: Report) -> None:
    variant = report.variant(LINE)
    launch_only = replace(
        variant, rehearsal=None, observed=None, instrument=None, verdicts=variant.verdicts[:1]
    )

    page = page_text(replace(report, facts=facts(target=None), variants=(launch_only,)))

    headings = Outline(page).headings
    assert headings[0].strip() == "The launch is predicted to hold."
    assert "The instrument" not in headings


def test_an_empty_run_has_a_page_too(report: Report) -> None:
    page = page_text(replace(report, variants=()))
    assert Outline(page).headings[0].strip() == "Nothing was predicted or observed."


@examples("url, link",
    ("https", "https://example.org/a?b", "https://example.org/a?b"),
    ("http", "http://example.org", "http://example.org"),
    ("a script", "javascript:alert(1)", ""),
    ("data", "data:text/html,x", ""),
    ("no scheme", "//example.org", ""),
    ("no address", "http://[broken", ""),
    ("nothing", "", ""),
)  # fmt: skip
def test_links_lead_to_the_web_only(url: str, link: str) -> None:
    assert safe_link(url) == link


def test_a_number_keeps_its_unit_on_its_line() -> None:
    assert unbroken("95 % within 2 s, 3 sources") == "95\u00a0% within 2\u00a0s, 3 sources"


def test_the_record_is_strict_json_and_says_words_for_what_is_no_number(report: Report) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    text = record_text(report)

    assert json.loads(text, parse_constant=refuse) == json.loads(json.dumps(record(report)))


def test_what_is_predicted_only_is_said_before_the_table(report: Report, page: str) -> None:
    only = (PredictedOnly(key="a.step<b>", instead="as <i>"), PredictedOnly(key="a.journey"))
    named = replace(report, facts=facts(predicted_only=only), variants=report.variants[:1])
    shown = page_text(named)

    assert "<li>a.step&lt;b&gt;: rehearsed as &lt;i&gt;</li>" in shown
    assert shown.index("<li>a.journey</li>") < shown.index("<caption>line</caption>")
    assert record(named)["predicted_only"] == [
        {"key": "a.step<b>", "instead": "as <i>"},
        {"key": "a.journey", "instead": ""},
    ]
    assert "Predicted only" not in page


def test_the_record_of_a_run(report: Report) -> None:
    made = record(report)

    assert list(made) == [
        "format", "document", "scenario", "started_at", "seed", "run", "run_id", "told", "predicted_only", "verdict", "variants",
    ]  # fmt: skip
    assert made["started_at"] == "2026-03-01T20:15:30+00:00"
    assert made["verdict"]["outcome"] == "holds"
    assert made["verdict"]["variant"] == LINE
    figures = {figure["key"]: figure for figure in made["variants"][1]["figures"]}
    assert figures["response_p95"]["rehearsal_observed"] == {"value": None, "word": "never"}
    assert figures["wait_p50"]["rehearsal_observed"] == {"value": None, "word": "–"}
    assert made["variants"][0]["instrument"]["ended"] == "complete"


def test_the_record_of_nothing(report: Report) -> None:
    assert record(replace(report, variants=()))["verdict"] == {
        "variant": "", "subject": None, "provenance": None, "outcome": "inconclusive",
        "exit_code": 3, "sentence": "nothing was predicted or observed", "ended": False,
    }  # fmt: skip


def test_what_is_left_open_is_told_so_as_on_a_terminal(report: Report) -> None:
    variant = report.variant(LINE)
    (line,) = (each for each in variant.comparison.lines if each.figure.key == "response_p95")
    assert line.observed is not None
    left_open = replace(line, observed=replace(line.observed, most=math.inf), within=None)
    lines = tuple(left_open if each is line else each for each in variant.comparison.lines)
    comparison = replace(variant.comparison, lines=lines)
    told = replace(report, variants=(replace(variant, comparison=comparison),))

    assert left_open.within_text == "open"
    assert '<td class="">open</td>' in page_text(told)
    assert " (open) |" in markdown_text(told)


def test_the_wait_is_of_all_who_stayed_those_still_in_line_too(page: str) -> None:
    """As :mod:`simulator.outcomes.counts.histogram` reads it."""
    said = page[page.index("<dt>Wait, who stayed</dt>") :].partition("</dd>")[0]
    assert "did not leave it" in said
    assert "has waited at least that long" in said
    assert any(figure.label == "wait p95, who stayed" for figure in FIGURES)
