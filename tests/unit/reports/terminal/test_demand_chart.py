"""A launch's demand for the terminal."""

import re

import numpy as np

from reports.terminal.chart import SHADE
from reports.terminal.demand_chart import (
    Signed,
    drawn,
    peaks_in_words,
    published_chart,
    rows,
    short,
    signed,
)
from reports.terminal.launch_list import launch_list
from simulator.plan.peaks import Peak
from simulator.plan.published.published import Expected, deciding, expected_arrivals
from simulator.plan.resolve import resolve
from simulator.plan.surges.milestones import Peaks
from simulator.plan.synopsis import Synopsis
from simulator.scenario.scenario import parse
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import changed

READING = """
[[reading]]
name = "NAME"
counts = "downloads"
points = [["5 min", COUNT]]
"""
AT_NS = np.linspace(0, 600 * NS_PER_S, 64).astype(np.int64)


def with_readings(*counts: int) -> tuple[Expected, list[Signed]]:
    readings = [
        READING.replace("NAME", f"r{number}").replace("COUNT", str(count))
        for number, count in enumerate(counts)
    ]
    scenario = parse(changed() + "".join(readings), "f.toml")
    [surge] = deciding(scenario)
    expected = expected_arrivals(resolve(scenario), surge, AT_NS)
    return expected, signed([surge, *scenario.words.reading])


def test_each_series_has_a_sign_and_what_is_open_is_shaded() -> None:
    text = published_chart(*with_readings(40))
    assert "● milestones (counts: arrivals)" in text
    assert "○ r0 (counts: downloads)" in text
    assert f"{SHADE} left open by the points" in text
    chart = text.partition("┤")[2]
    assert (chart.count("●"), chart.count("○")) == (2, 1)
    assert SHADE in chart


def test_a_reading_far_above_the_curve_is_told_and_not_drawn() -> None:
    expected, series = with_readings(100_000)
    text = published_chart(expected, series)
    assert "○" not in text
    assert text.splitlines()[3].startswith("100 ")
    assert next(rows(series[1], [None], {})) == "○ r0 (counts: downloads)"


def test_a_point_of_the_own_series_is_never_hidden_by_another() -> None:
    chart = published_chart(*with_readings(60)).partition("┤")[2]
    assert (chart.count("●"), chart.count("○")) == (2, 0)


def test_rows_tell_what_is_expected_and_who_published_it() -> None:
    expected, series = with_readings(40)
    assert list(rows(series[0], expected.by_point, {})) == [
        "● milestones (counts: arrivals)",
        "       5 min            60            60  assumed",
        "      10 min           100           100  assumed",
    ]


def test_a_chart_without_anything_published() -> None:
    text = drawn("arrivals", AT_NS, np.zeros(len(AT_NS)), [])
    assert text.splitlines()[0] == "arrivals"


def test_the_peak_that_the_points_leave_open_is_a_sentence() -> None:
    found = Peaks(lowest_per_s=617.2, smooth_per_s=655.0, rushed_per_s=333_333.0)
    assert " ".join(peaks_in_words("opening", found).split()) == (
        "the rate between the points of opening: 617/s on average in the steepest step, at its"
        " steepest instant 655/s if smooth, up to 333,333/s over a minute if everyone of a step comes within"
        " one"
    )


@examples("title, expected",
    ("fits", "A title (Paper)", "A title (Paper)"),
    ("who is kept", "A title that is too long (Paper)", "A title ... (Paper)"),
    ("nobody named", "A title that is too long for it", "A title that is ..."),
    ("a long name", "A title (of a very long paper)", "A title (of a ..."),
)  # fmt: skip
def test_titles_are_shortened_before_who_published_them(title: str, expected: str) -> None:
    assert short(title, 19) == expected


def synopsis(name: str, **other: object) -> Synopsis:
    figures: dict[str, object] = {
        "year": 2021,
        "people": 12_345.6,
        "horizon_ns": 3_600 * NS_PER_S,
        "second": Peak(at_ns=0, width_ns=NS_PER_S, people=409_000.0),
        "of_chart": Peak(at_ns=0, width_ns=18 * NS_PER_S, people=18 * 9_000.0),
        "let_in": "everybody at once",
        "teaches": "Little.",
    }
    return Synopsis(name=name, **(figures | other))  # type: ignore[arg-type]


def test_the_list_keeps_within_a_hundred_columns() -> None:
    many = " ".join(["first come, first served"] * 4)
    text = launch_list(
        [synopsis("short"), synopsis("a-longer-name-2021", let_in=many, teaches="word " * 30)]
    )
    lines = text.splitlines()

    assert max(map(len, lines)) <= 100
    assert lines[2].split("  ")[0] == "short"
    assert [cell.strip() for cell in re.split(r"  +", lines[2])[1:]] == [
        "12,346", "409,000/s", "9,000/s in 18 s", "1 h",
    ]  # fmt: skip
    assert lines[3:5] == ["    let in: everybody at once", "    Little."]


def test_an_empty_library_is_a_list_without_launches() -> None:
    assert len(launch_list([]).splitlines()) == 2
