"""What the page tells and draws of a target's line."""

import json
from dataclasses import replace

from reports.charts.drawing import spec_of
from reports.charts.line.calibration import allowed, calibration_chart, sizes_of
from reports.charts.line.overtaking import overtaking_chart
from reports.page.audited import audited_of
from reports.page.page import page_text
from reports.run.report.report import Report
from reports.sentences.reasons.promises import promises_line, promises_of
from reports.terminal.table import report_text
from simulator.verdict.criteria import OF_PROMISES, Asks, Outcome
from simulator.verdict.line.announced import SLACK_NS, Announced, Group
from simulator.verdict.line.audit import Audit
from simulator.verdict.line.overtaking import Inversion, Overtaking
from simulator.verdict.line.places import Lost, Shared
from simulator.verdict.line.promises import Order, Promises
from tests.examples import examples

GROUPS = (
    Group(people=12, announced_s=10.0, real_s=11.0, low_s=9.0, high_s=13.0),
    Group(people=13, announced_s=40.0, real_s=90.0, low_s=70.0, high_s=100.0),
)
WORST = Inversion(visitor=3, by=8, joined_s=2.0, by_joined_s=5.0, by_entered_s=20.0, waited_s=30.0)
FOUND = Audit(
    promises=Promises(),
    lost=Lost(places=25, lost=0),
    shared=Shared(places=25, people=0),
    overtaking=Overtaking(waited=25, people=1, inversions=2, worst=WORST),
    backwards=None,
    announced=Announced(people=25, short=13, long=0, calibration=GROUPS),
    entries=None,
)


def with_audit(report: Report, audit: Audit) -> Report:
    first = replace(report.variants[0], audit=audit)
    return replace(report, variants=(first, *report.variants[1:]))


def points(spec: dict, layer: int) -> list[dict]:  # type: ignore[type-arg]
    found: list[dict] = spec["datasets"][spec["layer"][layer]["data"]["name"]]  # type: ignore[type-arg]
    return found


def test_each_promise_has_a_mark_in_one_order_kept_or_not() -> None:
    rows = promises_of(FOUND)
    assert {row.asks for row in rows} == OF_PROMISES
    assert [(row.name, row.mark) for row in rows] == [
        ("places lost in line", "✓"), ("people at somebody else's place", "✓"), ("overtaken in line", "✗"),
        ("moved back in line", "–"), ("announced a wrong wait", "✗"), ("let in beyond the promised rate", "–"),
    ]  # fmt: skip
    assert promises_line(rows) == (
        "the line kept 2 promises, broke 2 (overtaken in line, announced a wrong wait), 2 not checked"
    )


@examples("asks, promises, why",
    ("no positions", Asks.MOVED_BACK, Promises(), "tells no positions"),
    ("by class", Asks.MOVED_BACK, Promises(order=Order.BY_CLASS), "may grow"),
    ("by lot", Asks.OVERTAKEN, Promises(order=Order.ANY), "no order is promised"),
    ("nobody waited", Asks.OVERTAKEN, Promises(), "nobody was told to wait"),
    ("no rate", Asks.ENTERED_BEYOND, Promises(), r"write \[replay.line\] promises"),
    ("nobody came in", Asks.ENTERED_BEYOND, Promises(rate_per_s=1.0), "nobody was let in"),
    ("no tickets", Asks.PLACES_SHARED, Promises(), "gives no tickets"),
    ("no waits", Asks.WAIT_ANNOUNCED, Promises(), "announces no waits"),
)  # fmt: skip
def test_what_was_not_checked_says_why(asks: Asks, promises: Promises, why: str) -> None:
    silent = Audit(
        promises=promises, lost=Lost(places=1, lost=0), shared=None, overtaking=None,
        backwards=None, announced=None, entries=None,
    )  # fmt: skip
    (row,) = [row for row in promises_of(silent) if row.asks is asks]
    assert row.outcome is Outcome.NOT_APPLICABLE
    assert why.replace("\\", "") in row.why


def test_what_is_allowed_is_what_is_judged() -> None:
    """By the definition: wrong beyond a factor and beyond the slack, whichever is more."""
    slack_s = SLACK_NS / 1e9
    for announced_s in (0.0, 0.3, 1.0, 1.7, 2.0, 30.0):
        low, high = allowed(announced_s, 2.0)
        for real_s in (low, high):
            assert real_s <= max(announced_s * 2.0, announced_s + slack_s)
            assert announced_s <= max(real_s * 2.0, real_s + slack_s)
        assert high + 1e-6 > max(announced_s * 2.0, announced_s + slack_s)
        assert low == 0 or announced_s > max((low - 1e-6) * 2.0, low - 1e-6 + slack_s)


def test_the_calibration_chart_is_square_has_a_diagonal_and_a_dot_for_each_group() -> None:
    assert FOUND.announced is not None
    chart = calibration_chart(FOUND.announced, 2.0)
    assert chart is not None
    spec = spec_of(chart)
    band, diagonal, dots = points(spec, 0), points(spec, 1), points(spec, 3)
    assert {row["x"] == row["y"] for row in diagonal} == {True}
    assert [(row["x"], row["y"], row["people"]) for row in dots] == [(10, 11, 12), (40, 90, 13)]
    top = spec["layer"][3]["encoding"]["x"]["scale"]["domain"]
    assert top == spec["layer"][3]["encoding"]["y"]["scale"]["domain"] == [0, 105.0]
    assert all(row["y"] <= row["x"] <= row["high"] or row["high"] == 105.0 for row in band)
    assert sizes_of(GROUPS) == "12 to 13"


def test_nobody_let_in_is_no_chart_and_waits_of_zero_are_drawn() -> None:
    nobody = Announced(people=25, short=0, long=0, calibration=())
    assert calibration_chart(nobody, 2.0) is None
    zero = Group(people=5, announced_s=0.0, real_s=0.0, low_s=0.0, high_s=0.0)
    assert calibration_chart(replace(nobody, calibration=(zero,)), 2.0) is not None


def test_the_worst_overtaking_is_drawn_with_both_in_line() -> None:
    spec = spec_of(overtaking_chart(WORST))
    assert points(spec, 0) == [
        {"who": "overtaken, joined 2 s", "from": 2.0, "to": 30.0},
        {"who": "overtook, joined 5 s", "from": 5.0, "to": 20.0},
    ]


def test_the_page_draws_the_audit_and_has_it_in_words(report: Report) -> None:
    page = page_text(with_audit(report, FOUND))
    assert page.count('id="chart-') == page.count('class="still"')
    specs = json.loads(page.split('id="specs">')[1].split("</script>")[0])
    assert len(specs) == page.count('class="still"')  # numbered through, so that each is found
    assert f'id="chart-{len(specs) - 1}"' in page
    assert "What the line promised, line: announced and real waits: of 25 people" in page
    assert (
        "a visitor who joined 5 s after the opening had entered 20 s after it, and a visitor who joined 2 s"
        " after the opening was still told to wait 10 s later"
    ) in page
    assert "✗</span> broken" in page
    assert "Announced and real waits as a table" in page


def test_nothing_is_shown_of_a_line_that_nobody_met(report: Report, page: str) -> None:
    assert audited_of(report.variants) == ()
    assert "What the line promised" not in page


def test_the_terminal_says_how_many_were_kept(report: Report) -> None:
    text = " ".join(report_text(with_audit(report, FOUND)).split())
    assert "the line kept 2 promises, broke 2 (overtaken in line, announced a wrong wait)" in text
    assert "the line kept" not in report_text(report)
