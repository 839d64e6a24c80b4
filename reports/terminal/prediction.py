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

from reports.charts.series import line_of, served_of
from reports.files.record import number
from reports.run.shown import shown
from reports.sentences import words
from reports.sentences.explanation import Explanation
from reports.sentences.reasons import too_few_launches
from reports.sentences.verdict import Said
from reports.terminal.chart import chart
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.intervals import Estimate
from simulator.outcomes.figures.reading import Figure
from simulator.plan.launches import Prediction
from simulator.plan.peaks import Peak, chart_bins
from simulator.plan.plan import Plan
from simulator.units import NS_PER_S

WIDTH = 100


def prediction_text(
    plan: Plan,
    prediction: Prediction,
    verdict: Said,
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


def peak_record(peak: Peak) -> dict[str, Any]:
    """The most people that are expected within a window."""
    return {
        "window_s": peak.width_ns / NS_PER_S,
        "begins_s": peak.at_ns / NS_PER_S,
        "people": peak.people,
        "per_s": peak.per_s,
    }


def _record(figure: Figure, estimate: Estimate) -> dict[str, Any]:
    return {
        "label": figure.label,
        "unit": figure.unit,
        "mean": number(estimate.mean, figure.unit, open_=estimate.open),
        "interval_of_mean": _interval(estimate, figure.unit),
        "middle_of_launches": _middle(estimate, figure.unit),
        "samples": estimate.samples,
        "enough": estimate.enough,
    }


def _interval(estimate: Estimate, unit: str) -> list[dict[str, Any]]:
    if estimate.launches == 1:
        return [{"value": None, "word": "needs 2 launches"}] * 2
    return _pair(estimate.low, estimate.high, unit)


def _middle(estimate: Estimate, unit: str) -> list[dict[str, Any]]:
    few = too_few_launches(estimate)
    if few and estimate.launches:
        return [{"value": None, "word": few}] * 2
    return _pair(estimate.from_, estimate.to, unit)


def _pair(low: float, high: float, unit: str) -> list[dict[str, Any]]:
    return [number(low, unit), number(high, unit)]


def _chart(plan: Plan, prediction: Prediction) -> str:
    lined, launches = plan.system.has_line, prediction.launches
    read = line_of(1) if lined else served_of(chart_bins(plan.end_ns, plan.bin_ns))
    width = 1 if lined else chart_bins(plan.end_ns, plan.bin_ns)
    width_s = width * plan.bin_ns / NS_PER_S
    if lined:
        title = "the line, mean of the launches"
    else:
        title = f"served per second, mean of the launches over {words.duration(width_s)} each"
    mean = np.mean([read(each) for each in launches], axis=0)
    mean = mean[: plan.horizon_ns // (width * plan.bin_ns)]
    points = [((i + 1) * width_s, float(value)) for i, value in enumerate(mean)]
    label = words.count if lined else words.rate
    return f"{title}\n{chart([(0.0, 0.0), *points], x_label=words.duration, y_label=label)}"


def _table(prediction: Prediction, *, every: bool) -> str:
    launches = words.times(len(prediction.launches), "launch")
    table = Table(box=box.SIMPLE_HEAD, title=f"predicted, {launches}", title_justify="left")
    table.add_column("figure")
    for heading in ("mean", "95 % CI of mean", "middle 95 % of launches"):
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
        _between(estimate.low, estimate.high, figure.unit)
        if estimate.launches > 1
        else "needs 2 launches",
        too_few_launches(estimate) or _between(estimate.from_, estimate.to, figure.unit),
    )


def _between(low: float, high: float, unit: str) -> str:
    if math.isinf(high) and math.isfinite(low):
        return f"{words.figure(low, unit)} or more"
    return words.between(low, high, unit)
