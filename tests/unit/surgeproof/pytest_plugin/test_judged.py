"""What a test asks of a launch: it passes where the launch holds, and says what broke elsewhere."""

import json
import math
from pathlib import Path
from typing import Any, Literal

import pytest

from reports.files.record import record
from reports.run.report.report import Report
from surgeproof.pytest_plugin import Judged, Predicted, Replayed
from surgeproof.pytest_plugin.judged import value_of
from tests.examples import examples
from tests.launches.run import LINE, NO_LINE

Inconclusive = Literal["fail", "skip"]


def replayed(report: Report, variant: str, code: int | None = None) -> Replayed:
    """As a command prints it: the run with one of its variants, or with another end."""
    found = json.loads(json.dumps(record(report), allow_nan=False))
    chosen = [one for one in found["variants"] if one["variant"] == variant]
    for one in (verdict for each in chosen for verdict in each["verdicts"]):
        one["decides"] = one["provenance"] == "observed"
    (decides,) = (one for each in chosen for one in each["verdicts"] if one["decides"])
    said = {key: decides[key] for key in ("outcome", "exit_code", "sentence")}
    if code is not None:
        said |= {"exit_code": code}
    found |= {"variants": chosen, "verdict": {**found["verdict"], **said}}
    return Replayed(
        launch="launch.toml",
        exit_code=said["exit_code"],
        record=found,
        folder=Path("runs") / report.folder.path.name,
    )


def test_what_holds_passes(report: Report) -> None:
    found = replayed(report, LINE)
    assert (found.exit_code, found.outcome) == (0, "holds")
    found.assert_holds()


def test_what_does_not_hold_fails_and_says_what_broke_by_how_much_and_where_more_stands(
    report: Report,
) -> None:
    found = replayed(report, NO_LINE)
    with pytest.raises(AssertionError) as failed:
        found.assert_holds(inconclusive="skip")
    first, *criteria, last = str(failed.value).splitlines()
    assert first == f"launch.toml: {found.sentence} (exit code 1)"
    assert any(line.startswith("  signup p95: ") and "(limit 2 s), " in line for line in criteria)
    assert not any("forgotten" in line for line in criteria), "which is met"
    assert last == f"  report: {found.folder / 'report.html'}"


@examples("code, inconclusive, raised",
    ("inconclusive is no pass", 3, "fail", AssertionError),
    ("but may skip", 3, "skip", pytest.skip.Exception),
    ("the kill switch never skips", 4, "skip", AssertionError),
    ("nor does a signal", 143, "skip", AssertionError),
)  # fmt: skip
def test_what_cannot_be_judged(
    report: Report, code: int, inconclusive: Inconclusive, raised: type[BaseException]
) -> None:
    with pytest.raises(raised):
        replayed(report, LINE, code).assert_holds(inconclusive=inconclusive)


@examples("outcome, inconclusive, raised",
    ("wrong", "predicted wrong", "skip", AssertionError),
    ("unknown", "unknown", "fail", AssertionError),
    ("unknown may skip", "unknown", "skip", pytest.skip.Exception),
    ("another machine may skip", "not comparable", "skip", pytest.skip.Exception),
)  # fmt: skip
def test_a_prediction_is_asked_apart(
    report: Report, outcome: str, inconclusive: Inconclusive, raised: type[BaseException]
) -> None:
    found = replayed(report, LINE)
    came: dict[str, Any] = dict(found.variant["prediction"])
    found.record["variants"][0]["prediction"] = came | {"outcome": "predicted right"}
    found.assert_predicted_right()
    found.record["variants"][0]["prediction"] = came | {"outcome": outcome}
    with pytest.raises(raised):
        found.assert_predicted_right(inconclusive=inconclusive)


def test_a_run_that_ended_before_anything_was_predicted_is_told(report: Report) -> None:
    found = replayed(report, LINE, 3)
    found.record["variants"].clear()
    with pytest.raises(AssertionError, match=r"launch\.toml: "):
        found.assert_predicted_right()
    with pytest.raises(AssertionError):
        found.assert_holds()


def test_a_figure_is_the_observed_one_and_nothing_unknown_is_within_a_limit(report: Report) -> None:
    found = replayed(report, LINE)
    line = next(one for one in found.variant["figures"] if one["key"] == "response_p95")
    assert found.figure("response_p95") == line["rehearsal_observed"]["value"] > 0
    with pytest.raises(KeyError):
        found.figure("response_p96")


@examples("cell, value",
    ("a number", {"value": 1.5}, 1.5),
    ("nothing", None, math.nan),
    ("never", {"value": None, "word": "never"}, math.inf),
    ("without end", {"value": None, "word": "without end"}, math.inf),
    ("a lower bound", {"value": None, "word": "more than 1 h", "at_least": 3600.0}, math.inf),
    ("too few", {"value": None, "word": "too few, 237 of 1,000"}, math.nan),
)  # fmt: skip
def test_words_in_place_of_a_number(cell: dict[str, Any] | None, value: float) -> None:
    assert value_of(cell) == pytest.approx(value, nan_ok=True, abs=0)
    assert not value_of(cell) < 1.5


def test_of_a_prediction_a_figure_is_the_mean_of_its_launches() -> None:
    figures = {
        "served": {"mean": {"value": 40.5}},
        "response_p99": {"mean": {"value": None, "word": "–"}},
    }
    found: Judged = Predicted(launch="f", exit_code=0, record={"figures": figures})
    assert found.figure("served") == 40.5
    assert math.isnan(found.figure("response_p99"))
