import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.charts.drawing import rows, save_png, save_svg, spec_of, svg_of
from reports.charts.fates import fate_chart, shares_of
from reports.charts.latency import Span, latency_chart
from reports.charts.over_time import Quantity, line_in, over_time, served_in
from reports.charts.palette import DARK, FATES, LIGHT, filled_in, variable
from reports.charts.series import band, line_of, served_of
from reports.run.comparison.comparison import Comparison, compare
from reports.run.facts import Milestone
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.plan.peaks import chart_bins
from tests.examples import examples
from tests.launches.summaries import BAD, GOOD, MS, OBJECTIVES, S, launch, prediction

COMPARISON = compare("line", rehearsal=prediction((60, GOOD)), observed=BAD)


def with_line(*lengths: int) -> Summary:
    """A launch whose line had these lengths at the end of its first seconds."""
    summary = launch([0.5] * 10)
    summary.bins.joined[:] = 0
    summary.bins.left_line[:] = 0
    summary.bins.joined[: len(lengths)] = np.maximum(np.diff(lengths, prepend=0), 0)
    summary.bins.left_line[: len(lengths)] = np.maximum(-np.diff(lengths, prepend=0), 0)
    return summary


def every_row(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for data in spec["datasets"].values() for row in data]


def test_the_line_is_read_until_it_closes_at_the_end_of_each_point() -> None:
    summary = with_line(5, 9, 4)
    assert line_of(1)(summary).tolist() == [5, 9, 4, 4, 4, 4, 4, 4, 4, 4]
    assert line_of(3)(summary).tolist() == [4, 4, 4]


def test_signups_are_a_rate() -> None:
    summary = launch([0.5] * 30)
    assert served_of(1)(summary).tolist() == [30.0] + 19 * [0.0]
    assert served_of(4)(summary).tolist() == [7.5, 0.0, 0.0, 0.0, 0.0]


def test_a_band_is_the_middle_of_the_launches() -> None:
    launches = [with_line(length) for length in range(101)]
    drawn = band(launches, line_of(1), 1)
    # Of 101 launches a further one falls between the second from either end with 98 of 102.
    assert (drawn.low[0], drawn.mean[0], drawn.high[0]) == (1.0, 50.0, 99.0)
    assert drawn.at_s.tolist() == [float(second) for second in range(1, 11)]


@examples("bin_ns, points, bins",
    ("few enough", S, 240, 1),
    ("just so many", S, 20, 1),
    ("one too many", S, 19, 2),
    ("far too many", 10 * MS, 240, 9),
)  # fmt: skip
def test_no_chart_has_more_points_than_can_be_seen(bin_ns: int, points: int, bins: int) -> None:
    assert chart_bins(GOOD.end_ns, bin_ns, points) == bins


def test_predicted_and_observed_share_their_axes() -> None:
    spec = spec_of(over_time(line_in(prediction((60, with_line(5, 9))), with_line(4, 7)), top=40))
    scales = [layer["encoding"]["y"].get("scale") for layer in spec["layer"] if "encoding" in layer]
    assert [scale for scale in scales if scale] == 3 * [{"domain": [0, 42.0], "nice": True}]
    rows = every_row(spec)
    assert {"t": 2.0, "low": 9.0, "mean": 9.0, "high": 9.0} in rows
    assert {"t": 2.0, "y": 7.0} in rows


def test_time_is_written_in_a_unit_that_people_use() -> None:
    long = replace(GOOD, bin_ns=3600 * S, horizon_ns=36_000 * S, end_ns=72_000 * S)
    spec = spec_of(over_time(line_in(prediction((2, long)))))
    titles = {layer["encoding"]["x"]["title"] for layer in spec["layer"] if "encoding" in layer}
    assert titles == {"hours after the opening"}


def test_what_was_published_fits_into_the_chart() -> None:
    milestone = Milestone(label="85,000 waiting", at_ns=4 * S, value=85_000)
    spec = spec_of(over_time(line_in(prediction((2, GOOD))), milestones=[milestone]))
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 1.05 * 85_000]
    assert {"t": 4.0, "y": 85_000, "of": "85,000 waiting"} in every_row(spec)


def test_there_must_be_something_to_draw() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        line_in(None)


@examples("quantity, top",
    ("predicted", line_in(prediction((80, with_line(5)), (1, with_line(50)))), 5.0),
    ("observed", line_in(prediction((2, with_line(5))), with_line(8)), 8.0),
    ("observed alone", served_in(None, GOOD), 300.0),
)  # fmt: skip
def test_charts_side_by_side_can_share_the_larger_top(quantity: Quantity, top: float) -> None:
    assert quantity.top == top


def test_what_never_ended_stands_at_the_far_end() -> None:
    span = Span.of([COMPARISON], OBJECTIVES)

    # The shortest, a wait of 0 ms, is drawn at 1 ms; the longest is the objective of 2 s.
    assert span == Span(0.001, 8.0)
    rows = every_row(spec_of(latency_chart(COMPARISON, OBJECTIVES, span)))
    never = {"figure": "signup p95", "x": 8.0, "from": 8.0, "to": 8.0, "text": "never"}
    assert never in rows
    assert {"figure": "signup p99", "x": None, "text": "too few, 300 of 1,000"} in rows
    assert {"figure": "signup p95", "x": 2.0} in rows


def test_an_empty_comparison_still_has_an_axis() -> None:
    nothing: Comparison = compare("line")
    assert Span.of([nothing], None) == Span(0.001, 4.0)
    assert svg_of(latency_chart(nothing, None, Span(0.001, 4.0))).startswith("<svg")


def test_fates_are_shares_of_everybody() -> None:
    made = launch([0.5] * 60, refused=30, reneged=10)
    assert shares_of(made) == {Fate.SERVED: 0.6, Fate.GAVE_UP: 0.3, Fate.RENEGED: 0.1}
    assert shares_of(prediction((1, made), (1, launch([0.5] * 100)))) == {
        Fate.SERVED: 0.8,
        Fate.GAVE_UP: 0.15,
        Fate.RENEGED: 0.05,
    }


def test_every_bar_of_fates_is_full() -> None:
    rows = every_row(spec_of(fate_chart([("observed", launch([0.5] * 97, refused=3))])))
    parts = [row for row in rows if "fate" in row]
    assert [(row["from"], row["to"], row["label"]) for row in parts[:2]] == [
        (0.0, 0.97, "97 %"),
        (0.97, 1.0, ""),
    ]


def test_every_fate_has_a_colour_by_day_and_by_night() -> None:
    assert set(FATES) == set(Fate)
    assert set(LIGHT) == set(DARK)
    assert {colour for _, colour in FATES.values()} <= set(LIGHT)
    with pytest.raises(KeyError):
        variable("mauve")


def test_a_label_is_text_and_nothing_else() -> None:
    evil = Milestone(label="<script>alert(1)</script>", at_ns=4 * S, value=9)
    svg = svg_of(over_time(line_in(prediction((2, GOOD))), milestones=[evil]))
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_pictures_stand_alone(tmp_path: Path) -> None:
    chart = over_time(line_in(prediction((60, with_line(5, 9))), with_line(4, 7)), title="A line")
    save_png(chart, tmp_path / "line.png")
    save_svg(chart, tmp_path / "line.svg")
    assert (tmp_path / "line.png").read_bytes().startswith(b"\x89PNG")
    assert "var(--" not in (tmp_path / "line.svg").read_text()
    assert LIGHT["observed"] in (tmp_path / "line.svg").read_text()


def test_what_is_no_number_is_null_to_the_script_of_a_page() -> None:
    drawn = rows([{"x": math.nan, "y": np.float64("inf"), "of": "a", "z": 3.0}]).to_dict()
    assert drawn == {"values": [{"x": None, "y": None, "of": "a", "z": 3.0}]}


def test_no_chart_holds_what_json_cannot() -> None:
    spec = spec_of(latency_chart(COMPARISON, OBJECTIVES, Span.of([COMPARISON], OBJECTIVES)))
    assert math.inf not in [row.get("x") for row in every_row(spec)]
    assert json.loads(filled_in(json.dumps(spec, allow_nan=False)))["layer"]
