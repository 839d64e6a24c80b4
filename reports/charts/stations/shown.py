"""The chart of stations: how busy each is over time, and how many instances are up."""

from __future__ import annotations

import math
from itertools import cycle

import altair as alt

from reports.charts.drawing import Chart, Row, finished, key, rows, short
from reports.charts.palette import variable
from reports.charts.stations.over_time import QUANTITIES, mean
from reports.sentences import words
from simulator.plan.launches import Prediction
from simulator.units import NS_PER_S

COLOURS = ("predicted", "observed", "served", "unfinished", "reneged", "no-show", "line-full")
MOST_STATIONS = 12
"""More lines cannot be told apart; JSON has them all."""


def stations_chart(prediction: Prediction, quantity: str) -> tuple[str, Chart] | None:
    """What it shows, in a sentence, and a line for each station; None where nothing is to be seen.

    Instances are drawn only where their number changes.
    """
    first = prediction.launches[0]
    if any(summary.tracks is None for summary in prediction.launches):
        return None
    lines = {
        name: mean(prediction, QUANTITIES[quantity], number)
        for number, name in enumerate(first.layout.stations)
    }
    if quantity == "instances":
        lines = {name: values for name, values in lines.items() if min(values) < max(values)}
    if not lines:
        return None
    shown = dict(list(lines.items())[:MOST_STATIONS])
    width_s = first.bin_ns / NS_PER_S
    colours = [colour for _, colour in zip(shown, cycle(COLOURS), strict=False)]
    layers = [
        _line(name, values, width_s, colour, quantity)
        for (name, values), colour in zip(shown.items(), colours, strict=True)
    ]
    entries = list(zip(shown, colours, strict=True))
    return finding(lines, quantity), finished([*layers, *key(entries)])


def finding(lines: dict[str, list[float]], quantity: str) -> str:
    """The station that reaches most."""
    name, most = max(
        ((name, _most(values)) for name, values in lines.items()), key=lambda it: it[1]
    )
    if quantity == "utilisation":
        return f"{name} is the busiest, at most {words.percent(most)}"
    return f"{name} has up to {words.count(most)} instances"


def _most(values: list[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=0.0)


def _line(name: str, values: list[float], width_s: float, colour: str, quantity: str) -> alt.Chart:
    points: list[Row] = [
        {"t": short(number * width_s), "y": short(value), "of": name}
        for number, value in enumerate(values)
        if not math.isnan(value)
    ]
    shares = quantity == "utilisation"
    scale = alt.Scale(domain=[0, 1]) if shares else alt.Scale(domainMin=0, nice=True)
    mark: alt.Chart = alt.Chart(rows(points)).mark_line(
        color=variable(colour), interpolate="step-after", strokeWidth=1.6
    )
    return mark.encode(
        x=alt.X("t:Q", title="seconds after the opening", axis=alt.Axis(grid=False)),
        y=alt.Y("y:Q", title=None, scale=scale, axis=alt.Axis(format="%" if shares else "~g")),
        tooltip=["of:N", alt.Tooltip("t:Q", title="at"), alt.Tooltip("y:Q", format=".3~g")],
    )
