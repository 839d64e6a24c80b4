"""What became of everybody who came, and how busy each station was."""

from __future__ import annotations

import math
from itertools import cycle

import numpy as np

from reports.charts.fates import shares_of
from reports.charts.palette import FATES
from reports.charts.stations.over_time import QUANTITIES, mean
from reports.planner.answer import Answer
from reports.planner.charts.coming import time_axes
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.plot import Line, Plot, Rule
from reports.planner.drawing.rows import Part, Row, Rows
from reports.planner.figure import Column, Figure, Table, brief
from reports.planner.language import Language
from reports.planner.said.criteria import fate_text
from simulator.plan.launches import Prediction
from simulator.units import NS_PER_S, Floats

COLOURS = ("predicted", "observed", "served", "unfinished", "reneged", "no-show", "line-full")
MOST_STATIONS = 7
"""More lines cannot be told apart; the busiest are drawn, and the table has all."""
POINTS = 160


def fates(answer: Answer, language: Language) -> Figure:
    """One bar for all launches and, where they differ, one for those that hold and one for the others."""
    columns = _columns(answer, language)
    shares = [(name, shares_of(prediction)) for name, prediction in columns]
    present = [fate for fate in FATES if any(fate in found for _, found in shares)]
    rows = []
    for name, found in shares:
        parts, so_far = [], 0.0
        for fate in present:
            share = found.get(fate, 0.0)
            said = language.share(round(share, 2))
            parts.append(Part(begins=so_far, ends=so_far + share, colour=FATES[fate][1], text=said))
            so_far += share
        rows.append(Row(label=name, parts=tuple(part for part in parts if part.ends > part.begins)))
    chart = Rows(
        rows=tuple(rows),
        axis=Axis(low=0.0, high=1.0, marks=()),
        key=tuple((fate_text(language, fate), FATES[fate][1]) for fate in present),
    )
    table = Table(
        columns=(
            Column(key="launches", label=language.say("columns.launches"), unit="text"),
            Column(key="fate", label=language.say("columns.fate"), unit="text"),
            Column(key="share", label=language.say("columns.share"), unit="share"),
            Column(key="people_mean", label=language.say("columns.people_mean")),
        ),
        rows=tuple(
            (
                name,
                fate_text(language, fate),
                share,
                share * _people(prediction),
            )
            for (name, prediction), (_, found) in zip(columns, shares, strict=True)
            for fate, share in found.items()
        ),
    )
    biggest = sorted(shares[0][1].items(), key=lambda item: -item[1])[:2]
    said = language.joined(
        [f"{language.share(share)} {fate_text(language, fate)}" for fate, share in biggest]
    )
    finding = said or language.say("findings.nobody")
    return Figure.of("fates", language, chart, table, finding, language.say("notes.fates"))


def _people(prediction: Prediction) -> float:
    return float(np.mean([each.arrivals for each in prediction.launches]))


def _columns(answer: Answer, language: Language) -> list[tuple[str, Prediction]]:
    launches, failing = answer.prediction.launches, answer.verdict.failing
    whole = [(language.many("launch", len(launches)), answer.prediction)]
    if len(failing) != len(launches) or not any(failing) or all(failing):
        return whole
    parts = []
    for fails, key in ((False, "those_that_hold"), (True, "those_that_fail")):
        some = [one for one, failed in zip(launches, failing, strict=True) if failed is fails]
        name = language.say(key, n=language.count(len(some)))
        parts.append((name, Prediction(engine=answer.prediction.engine, launches=some)))
    return [*whole, *parts]


def stations(answer: Answer, language: Language) -> Figure | None:
    """How busy each station is over time; None where nobody knows."""
    prediction = answer.prediction
    first = prediction.launches[0]
    if any(each.tracks is None for each in prediction.launches):
        return None
    names = first.layout.stations
    used = {
        number: np.array(mean(prediction, QUANTITIES["utilisation"], number))
        for number in range(len(names))
    }
    most = {number: float(np.nanmax([0.0, *values])) for number, values in used.items()}
    shown = sorted(sorted(most, key=lambda number: -most[number])[:MOST_STATIONS])
    step = max(1, len(first.bins.arrivals) // POINTS)
    at_s: Floats = np.arange(len(first.bins.arrivals), dtype=np.float64) * (first.bin_ns / NS_PER_S)
    colours = [colour for _, colour in zip(shown, cycle(COLOURS), strict=False)]
    lines = tuple(
        Line(x=at_s[::step], y=used[number][::step], colour=colour, width=1.7)
        for number, colour in zip(shown, colours, strict=True)
    )
    chart = Plot(
        **time_axes(language, first.end_ns / NS_PER_S),
        y=Axis.of(0.0, 1.05, language.share, title=language.say("axes.used")),
        marks=(*lines, Rule(at=1.0)),
        key=tuple(
            (brief(names[number]), colour) for number, colour in zip(shown, colours, strict=True)
        ),
    )
    waiting = {number: np.array(mean(prediction, QUANTITIES["queue"], number)) for number in used}
    table = Table(
        columns=(
            Column(key="station", label=language.say("columns.station"), unit="text"),
            Column(key="highest", label=language.say("columns.used_most"), unit="share"),
            Column(key="highest_after_s", label=language.say("columns.after"), unit="s"),
            Column(key="mean", label=language.say("columns.used_mean"), unit="share"),
            Column(key="waiting_highest", label=language.say("columns.waiting_most")),
        ),
        rows=tuple(
            (
                names[number],
                most[number],
                float(at_s[int(np.nanargmax(values))]) if np.isfinite(values).any() else math.nan,
                float(np.nanmean(values)) if np.isfinite(values).any() else math.nan,
                float(np.nanmax([0.0, *waiting[number]])),
            )
            for number, values in used.items()
        ),
    )
    busiest = max(most, key=lambda number: most[number])
    finding = language.say(
        "findings.stations", station=brief(names[busiest], 40), share=language.share(most[busiest])
    )
    return Figure.of("stations", language, chart, table, finding, language.say("notes.stations"))
