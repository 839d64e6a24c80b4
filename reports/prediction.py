"""A prediction by itself: as text for a terminal, and as plain values for a program."""

from __future__ import annotations

import io
import math
import textwrap
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from reports import words
from reports.explanation import Explanation
from reports.record import number
from reports.shown import shown
from reports.terminal_chart import chart
from reports.verdict import Verdict
from simulator.all_figures import figures_of
from simulator.figures import Figure
from simulator.intervals import Estimate
from simulator.launches import Prediction
from simulator.plan import Plan
from simulator.quantities import NS_PER_S

WIDTH = 100


def prediction_text(
    plan: Plan,
    prediction: Prediction,
    verdict: Verdict,
    explanation: Explanation,
    *,
    every: bool = False,
) -> str:
    """A chart, what happens and why, a table (of ``every`` row), and the verdict in the last line."""
    parts = [_chart(plan, prediction), "", _told(explanation), "", _table(prediction, every=every)]
    return "\n".join([*parts, verdict.sentence, ""])


def _told(explanation: Explanation) -> str:
    wrapped = (
        textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")
        for line in explanation.lines
    )
    return "\n".join([explanation.heading, *wrapped])


def estimates_record(prediction: Prediction) -> dict[str, Any]:
    """Every figure with its interval, as strict JSON can hold it."""
    return {
        figure.key: _record(figure, prediction.estimate(figure)) for figure in _figures(prediction)
    }


def _figures(prediction: Prediction) -> tuple[Figure, ...]:
    return figures_of(prediction.launches[0].layout)


def _record(figure: Figure, estimate: Estimate) -> dict[str, Any]:
    return {
        "label": figure.label,
        "unit": figure.unit,
        "mean": number(estimate.mean, figure.unit, open_=estimate.open),
        "interval_of_mean": _pair(estimate.low, estimate.high, figure.unit),
        "middle_of_launches": _pair(estimate.from_, estimate.to, figure.unit),
        "samples": estimate.samples,
        "enough": estimate.enough,
    }


def _pair(low: float, high: float, unit: str) -> list[dict[str, Any]]:
    return [number(low, unit), number(high, unit)]


def _chart(plan: Plan, prediction: Prediction) -> str:
    lined = plan.system.has_line
    width_s = plan.bin_ns / NS_PER_S
    every = [each.bins for each in prediction.launches]
    if lined:
        title = "the line, mean of the launches"
        mean = np.mean([bins.line for bins in every], axis=0)
    else:
        title = "signed up a second, mean of the launches"
        mean = np.mean([bins.served for bins in every], axis=0) / width_s
    mean = mean[: plan.horizon_ns // plan.bin_ns]
    points = [((i + 1) * width_s, float(value)) for i, value in enumerate(mean)]
    label = words.count if lined else (lambda value: words.figure(value, "1/s"))
    return f"{title}\n{chart([(0.0, 0.0), *points], x_label=words.duration, y_label=label)}"


def _table(prediction: Prediction, *, every: bool) -> str:
    launches = words.times(len(prediction.launches), "launch")
    table = Table(box=box.SIMPLE_HEAD, title=f"predicted, {launches}", title_justify="left")
    table.add_column("figure")
    for heading in ("mean", "95 % interval of it", "middle 95 % of launches"):
        table.add_column(heading, justify="right")
    figures = _figures(prediction)
    estimates = {figure.key: prediction.estimate(figure) for figure in figures}
    stations = len(prediction.launches[0].layout.stations)
    rows = figures if every else shown(figures, estimates, stations=stations)
    for figure in rows:
        table.add_row(*_cells(figure, estimates[figure.key]))
    if left_out := len(figures) - len(rows):
        more = words.times(left_out, "more row")
        table.caption = f"{more} with --all: details, and figures that are 0"
        table.caption_justify = "left"
    file = io.StringIO()
    Console(file=file, width=WIDTH, color_system=None, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().splitlines()) + "\n"


def _cells(figure: Figure, estimate: Estimate) -> tuple[str, str, str, str]:
    if not estimate.enough:
        return figure.label, f"too few ({estimate.samples:,})", "", ""
    return (
        figure.label,
        words.bound(estimate.mean, figure.unit, open_=estimate.open),
        _between(estimate.low, estimate.high, figure.unit),
        _between(estimate.from_, estimate.to, figure.unit),
    )


def _between(low: float, high: float, unit: str) -> str:
    if not math.isfinite(low) and low < 0:
        return "one launch has none"
    if low == high:
        return words.figure(low, unit)
    if math.isinf(high) and math.isfinite(low):
        return f"{words.figure(low, unit)} or more"
    return f"{words.figure(low, unit)} to {words.figure(high, unit)}"
