"""A prediction by itself, as text and as strict JSON."""

import json
import math

from reports.prediction import estimates_record, prediction_text
from reports.verdict import judge_launches
from simulator.figures import FIGURES
from simulator.plan import Subject
from simulator.system import Policy
from tests.made_run import plan
from tests.unit.made_summaries import BAD, FEW, GOOD, prediction


def test_the_last_line_is_the_verdict_and_every_figure_stands_above_it() -> None:
    launch, predicted = plan(Subject.LAUNCH, Policy.FIFO), prediction((60, GOOD))
    verdict = judge_launches(launch, predicted)

    lines = prediction_text(launch, predicted, verdict).splitlines()

    assert lines[-1] == verdict.sentence
    assert [line for figure in FIGURES for line in lines if line.startswith(f"  {figure.label} ")]
    assert lines[0] == "the line, mean of the launches"


def test_without_a_line_signups_are_drawn() -> None:
    launch, predicted = plan(Subject.LAUNCH, Policy.OPEN), prediction((60, GOOD))

    text = prediction_text(launch, predicted, judge_launches(launch, predicted))

    assert text.startswith("signed up a second, mean of the launches\n")


def test_what_is_no_number_has_a_word_in_json() -> None:
    record = estimates_record(prediction((60, BAD)))

    text = json.dumps(record, allow_nan=False)

    assert json.loads(text)["response_p95"]["mean"] == {"value": None, "word": "never"}


def test_too_few_samples_are_said() -> None:
    few = prediction((3, FEW))

    assert not estimates_record(few)["response_p99"]["enough"]
    launch = plan(Subject.LAUNCH, Policy.FIFO)
    assert "too few (" in prediction_text(launch, few, judge_launches(launch, few))


def test_one_launch_has_no_interval() -> None:
    (low, high) = estimates_record(prediction((1, GOOD)))["arrivals"]["interval_of_mean"]

    assert (low["value"], high["value"]) == (None, None)
    assert math.isfinite(estimates_record(prediction((1, GOOD)))["arrivals"]["mean"]["value"])
