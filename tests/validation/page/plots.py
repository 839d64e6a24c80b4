"""Predicted against observed: a dot a run, on the line where both are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import altair as alt

from reports.charts.drawing import Chart, finished, key, rows, save_svg, short
from reports.charts.palette import variable
from tests.validation.page import scores
from tests.validation.runs.kept import Row

WIDTH, HEIGHT = 340, 300
Dot = dict[str, object]
SIDES = (
    (scores.PROBED, "predicted", "as probed"),
    (scores.SERVICES, "observed", "services as they were"),
)
"""By what was given: a colour of the palette, and what it is called."""


def draw(found: Sequence[Row], folder: Path) -> list[tuple[str, str]]:
    """Write each plot that has dots: its file name, and what it shows."""
    drawn = []
    for name, title, kinds, figures, unit in (
        ("times", "p50 and p95 of all runs at one rate", ("flat",), ("response_p50", "response_p95"), "s"),
        ("lines", "time to clear and p95 wait in line", ("line",), ("cleared", "wait_p95"), "s"),
        ("failing", "turned away and timed out", ("flat", "countdown"), ("failing",), "attempts"),
    ):  # fmt: skip
        dots = dots_of([row for row in found if row["kind"] in kinds], figures)
        if dots:
            file = f"validation-{name}.svg"
            save_svg(plot(dots, title, unit), folder / file)
            drawn.append((file, title))
    return drawn


def dots_of(found: Iterable[Row], figures: Sequence[str]) -> list[Dot]:
    dots: list[Dot] = []
    for row in found:
        for figure in figures:
            for given, colour, _ in SIDES:
                predicted, observed = both(row, figure, given)
                if predicted and observed and predicted > 0 < observed:
                    dots.append({"x": short(observed), "y": short(predicted), "colour": colour})
    return dots


def both(row: Row, figure: str, given: str) -> tuple[float | None, float | None]:
    """What was predicted, and what was observed."""
    if figure == "failing":
        return scores.failures(row, given), scores.failures(row, None)
    return scores.said(row, figure, given), scores.seen(row, figure)


def plot(dots: Sequence[Dot], title: str, unit: str) -> Chart:
    """Both axes alike, as powers of ten."""
    values = [float(str(dot[axis])) for dot in dots for axis in ("x", "y")]
    ends = [min(values) * 0.8, max(values) * 1.25]
    scale = alt.Scale(type="log", domain=ends, nice=False)
    x = alt.X("x:Q", scale=scale, title=f"observed ({unit}, log scale)")
    y = alt.Y("y:Q", scale=scale, title=f"predicted ({unit}, log scale)")
    same = alt.Chart(rows([{"x": end, "y": end} for end in ends]))
    layers = [same.mark_line(color=variable("muted"), strokeDash=[4, 3]).encode(x=x, y=y)]
    present = [side for side in SIDES if any(dot["colour"] == side[1] for dot in dots)]
    for _, colour, _ in present:
        mine = [dot for dot in dots if dot["colour"] == colour]
        mark = alt.Chart(rows(mine)).mark_circle(size=34, opacity=0.65, color=variable(colour))
        layers.append(mark.encode(x=x, y=y))
    legend = key([(words, variable_name) for _, variable_name, words in present])
    return finished([*layers, *legend], title=title, width=WIDTH, height=HEIGHT)
