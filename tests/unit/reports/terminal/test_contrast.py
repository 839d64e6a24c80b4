"""What changed, as a terminal shows it and as a program reads it."""

import json
import math
from dataclasses import replace

import pytest

from reports.files.contrast_record import contrasts_record
from reports.run.contrast import Contrast, contrasts
from reports.run.facts import PlanFacts
from reports.run.report.judged import said_prediction
from reports.run.report.report import Column
from reports.run.side import Side
from reports.sentences.differences import difference_text, value_text
from reports.terminal.bars import SIDE, Bar, bars_text, drawn, limit_of
from reports.terminal.contrast import WIDTH, contrast_text
from simulator.outcomes.figures.compared.difference import Difference
from simulator.plan.plan import Subject
from simulator.scenario.document.changed import Changed, changes
from simulator.system.line import Policy
from tests.examples import examples
from tests.launches.run import plan
from tests.launches.summaries import BAD, GOOD, OBJECTIVES, prediction


def of_summaries() -> Contrast:
    """A launch that serves all, and one that serves half."""
    told = replace(PlanFacts.of(plan(Subject.LAUNCH, Policy.FIFO)), objectives=OBJECTIVES)
    sides = []
    for name, summary in (("good", GOOD), ("bad", BAD)):
        made = prediction((20, summary))
        column = Column(plan=told, predictions=(made,), said=said_prediction(told, made))
        sides.append(Side(name=name, launch=column))
    (found,) = contrasts([(sides[0], sides[1])])
    changed = changes(
        {"station": [{"name": "signup", "servers": 4, "source": "x"}], "launch": {}},
        {"station": [{"name": "signup", "servers": 2}], "launch": {"story": "we open"}},
    )
    return replace(found, scenario=changed, environment=(Changed(key="seed", old=1, new=2),))


def test_the_launch_file_then_a_chart_then_a_table() -> None:
    text = contrast_text(of_summaries())
    lines = text.splitlines()

    assert lines[:10] == [
        "bad against good",
        "",
        "changed in the launch file: 2",
        "  station.signup.servers  4 -> 2",
        '  launch.story            – -> "we open"',
        "  and 1 key that says where figures come from",
        "changed around it: 1",
        "  seed  1 -> 2",
        "",
        "launch predicted: inconclusive -> does not hold",
    ]
    chart, table = text.index("change, with its 95 % interval"), text.index(" figure ")
    assert chart < table
    rows = [line.split() for line in lines]
    assert ["errors", "0", "%", "50", "%", "+50", "points", "worse"] in rows
    assert ["signup", "p95", "500", "ms", "never", "now", "never", "worse"] in rows
    assert "The same in both: arrivals, let in" in text
    assert "at most 1 comparison in 20 calls any figure a change." in text
    assert max(map(len, lines)) <= WIDTH


def test_details_are_shown_on_request_and_have_no_word() -> None:
    short, whole = (contrast_text(of_summaries(), every=every) for every in (False, True))
    assert "response time p95 (per request)" in whole
    assert "response time p95 (per request)" not in short
    assert "more rows with --all: details, which are not judged" in short
    assert "more rows with --all" not in whole


def test_a_launch_file_that_was_not_kept_is_said() -> None:
    assert "changed in the launch file: not known" in contrast_text(
        replace(of_summaries(), scenario=None)
    )


def test_a_name_of_any_length_and_kind_stays_within_the_table() -> None:
    found = of_summaries()
    (part,) = found.parts
    long = tuple(replace(row, label=f"{'a' * 60}<b>[red]{row.label}") for row in part.rows)
    text = contrast_text(replace(found, parts=(replace(part, rows=long),)))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "[red]" in "".join(text.split()), "what looks like markup is text"


# Bars ---------------------------------------------------------------------------------------------


@examples("value,low,high,cells",
    ("nothing", 0.0, 0.0, 0.0, {SIDE: "●"}),
    ("twice as much", 1.0, 1.0, 1.0, {2 * SIDE: "●", SIDE: "│"}),
    ("all of it", -1.0, -1.0, -1.0, {0: "●"}),
    ("ten times as much", 9.0, 8.0, 10.0, {2 * SIDE: "►"}),
    ("without end", math.inf, math.inf, math.inf, {2 * SIDE: "►"}),
    ("no more", -math.inf, -math.inf, -math.inf, {0: "◄"}),
    ("more or less", 0.5, -0.5, 2.0, {SIDE // 2: "├", SIDE + SIDE // 2: "●", 2 * SIDE: "►"}),
)  # fmt: skip
def test_a_bar_lies_where_its_change_does(
    value: float, low: float, high: float, cells: dict[int, str]
) -> None:
    line = drawn(Bar(label="", value=value, low=low, high=high), 1.0)
    assert len(line) == 2 * SIDE + 1
    assert {cell: line[cell] for cell in cells} == cells
    assert line[SIDE] in "│●"


def test_the_axis_is_as_long_as_the_longest_interval() -> None:
    bars = [Bar(label="a", value=0.01, low=0.0, high=0.03), Bar(label="bb", value=0, low=0, high=0)]
    assert limit_of(bars) == 0.05
    assert limit_of([Bar(label="", value=3.0, low=2.0, high=4.0)]) == 1.0
    text = bars_text(bars).splitlines()
    assert text[-1].split() == ["-5", "%", "0", "+5", "%"]
    assert text[-1].index("0") == text[1].index("●") == 3 + SIDE


# Sentences ----------------------------------------------------------------------------------------


@examples("value,low,high,unit,said",
    ("of a duration", 0.1, 0.05, 0.15, "s", "+100 ms ± 50 ms"),
    ("of a rate, in the unit of its change", -5.0, -5.01, -4.99, "1/s", "-5/s ± 0.01/s"),
    ("fixed by the plan", 3.0, 3.0, 3.0, "", "+3"),
    ("to one side", 0.2, 0.1, 0.6, "share", "+20 points (+10 to +60 points)"),
    ("at least", 2.0, 1.0, math.inf, "s", "+2 s (+1 s or more)"),
    ("at most", -2.0, -math.inf, -1.0, "s", "-2 s (-1 s or less)"),
    ("never any more", math.inf, 1.0, math.inf, "s", "now never"),
    ("once more", -math.inf, -math.inf, -1.0, "s", "now ends"),
    ("unknown", math.nan, math.nan, math.nan, "s", ""),
)  # fmt: skip
def test_a_difference_as_people_read_it(
    value: float, low: float, high: float, unit: str, said: str
) -> None:
    made = Difference(old=1.0, new=1.0 + value, value=value, low=low, high=high, p=0.01)
    assert difference_text(made, unit) == said


def test_a_long_value_is_told_by_its_size() -> None:
    assert value_text({f"key{n}": n for n in range(20)}) == "20 keys"
    assert value_text([["1 min", 2]]) == '[["1 min", 2]]'
    assert value_text(["x" * 40]) == "1 entry"


# For programs -------------------------------------------------------------------------------------


def test_a_program_reads_the_same() -> None:
    found = of_summaries()
    text = json.dumps(contrasts_record([found], tolerance=0.02), allow_nan=False)
    record = json.loads(text)

    assert (record["format"], record["exit_code"], record["tolerance"]) == (1, 1, 0.02)
    (comparison,) = record["comparisons"]
    assert comparison["sentence"] == found.sentence
    assert comparison["scenario"][1] == {"key": "station.signup.source", "old": "x"}
    assert comparison["environment"] == [{"key": "seed", "old": 1, "new": 2}]
    (part,) = comparison["parts"]
    figures = {each["key"]: each for each in part["figures"]}
    assert figures["served"] | {"p": 0} == {
        "key": "served", "label": "served", "unit": "", "old": {"value": 300}, "new": {"value": 150},
        "difference": {"value": -150}, "interval": [-150, -150], "p": 0, "by_median": False,
        "change": "worse",
    }  # fmt: skip
    assert figures["served"]["p"] == pytest.approx(2.0**-19)
    assert figures["response_p95"]["new"] == {"value": None, "word": "never"}
    assert figures["response_p95"]["difference"] == {"value": None, "word": "now never"}
    assert figures["exchange_p50"]["change"] is None
    assert (part["old"]["outcome"], part["new"]["exit_code"]) == ("inconclusive", 1)
