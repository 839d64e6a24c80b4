"""A prediction by itself, as text and as strict JSON."""

import json
import math
import re

from reports.run.shown import OF_ALL, is_nothing
from reports.sentences.explanation import Explanation
from reports.terminal.prediction import WIDTH, estimates_record, prediction_text
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.outcomes.figures.figures import FIGURES
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy
from tests.launches.run import plan
from tests.launches.summaries import BAD, FEW, GOOD, launch, prediction
from tests.said import said


def text_of(of: Plan, predicted: Prediction, *, searched: bool = False) -> str:
    explanation = Explanation(
        system=of.system, diagnoses=diagnoses_of(of, predicted), searched=searched
    )
    return prediction_text(of, predicted, said(of, predicted), explanation)


def test_the_last_line_is_the_verdict_and_every_figure_stands_above_it() -> None:
    of, predicted = plan(Subject.LAUNCH, Policy.FIFO), prediction((60, GOOD))

    lines = text_of(of, predicted).splitlines()

    assert lines[-1] == said(of, predicted).sentence
    rows = [figure for figure in FIGURES if not is_nothing(predicted.estimate(figure))]
    rows = sorted((one for one in rows if one.key in OF_ALL), key=lambda one: OF_ALL.index(one.key))
    assert {"arrivals", "served", "goodput"} <= {figure.key for figure in rows}
    places = [
        next(n for n, line in enumerate(lines) if line.startswith(f"  {figure.label} "))
        for figure in rows
    ]
    assert places == sorted(places), "the most important first"
    assert lines[0] == "the line, mean of the launches"


def test_what_happens_stands_between_the_chart_and_the_table() -> None:
    of, predicted = plan(Subject.LAUNCH, Policy.FIFO), prediction((60, BAD))

    chart, told, *_ = text_of(of, predicted, searched=True).split("\n\n")

    assert chart.startswith("the line")
    head, *lines = told.splitlines()
    assert head == "what happens, predicted (mean of 60 launches)"
    assert "First to run out: the servers of signup, at the opening" in told
    assert lines[-1] == "  No single change that was tried would have held."
    assert max(map(len, lines)) <= WIDTH


def test_rows_of_zeros_are_folded_away_until_they_are_asked_for() -> None:
    of, predicted = plan(Subject.LAUNCH, Policy.FIFO), prediction((60, GOOD))
    verdict = said(of, predicted)
    diagnoses = diagnoses_of(of, predicted)
    explanation = Explanation(system=of.system, diagnoses=diagnoses, searched=False)

    short = prediction_text(of, predicted, verdict, explanation)
    whole = prediction_text(of, predicted, verdict, explanation, every=True)

    assert "  timed out" not in short
    left_out = re.search(r"^(\d+) more rows with --all: details, and figures", short, re.MULTILINE)
    assert left_out is not None
    assert int(left_out[1]) == whole.count("\n") - short.count("\n") + 2
    assert re.search(r"^  timed out +0 ", whole, re.MULTILINE)
    assert "--all" not in whole


def test_a_rare_fate_has_a_row_where_it_occurred() -> None:
    of = plan(Subject.LAUNCH, Policy.FIFO)
    assert "found it too long" not in text_of(of, prediction((2, launch([0.5]))))
    assert "found it too long" in text_of(of, prediction((2, launch([0.5], balked=1))))


def test_without_a_line_signups_are_drawn() -> None:
    text = text_of(plan(Subject.LAUNCH, Policy.OPEN), prediction((60, GOOD)))
    assert text.startswith("served per second, mean of the launches over 3 s each\n")


def test_what_is_no_number_has_a_word_in_json() -> None:
    record = estimates_record(prediction((60, BAD)))
    text = json.dumps(record, allow_nan=False)
    assert json.loads(text)["response_p95"]["mean"] == {"value": None, "word": "never"}


def test_too_few_samples_are_said() -> None:
    few = prediction((3, FEW))
    assert not estimates_record(few)["response_p99"]["enough"]
    assert "too few (" in text_of(plan(Subject.LAUNCH, Policy.FIFO), few)


def test_one_launch_has_no_interval() -> None:
    (low, high) = estimates_record(prediction((1, GOOD)))["arrivals"]["interval_of_mean"]
    assert (low["value"], high["value"]) == (None, None)
    assert math.isfinite(estimates_record(prediction((1, GOOD)))["arrivals"]["mean"]["value"])
