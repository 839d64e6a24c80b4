"""Who comes when: the arrivals of launches, and what was published beside what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypedDict

from reports.charts.series import Read, band, has_middle
from reports.planner.answer import Answer
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.plot import Band, Dot, Line, Plot
from reports.planner.figure import Column, Figure, Table, brief
from reports.planner.language import Language
from simulator.outcomes.counts.summary import Summary
from simulator.plan.peaks import chart_bins, peaks
from simulator.plan.published.published import Expected, sources_of
from simulator.units import NS_PER_S, Floats

PHONE_MARKS = 3
LABELLED = 6
"""Of more published points only the last one is named in the picture; the table has all."""


class TimeAxes(TypedDict):
    """The axis of time, for a desk and for a phone."""

    x: Axis
    narrow: Axis


def time_axes(language: Language, end_s: float) -> TimeAxes:
    """The axis of time, for a desk and for a phone."""
    title = language.say("axes.after_opening")
    return {
        "x": Axis.of_time(end_s, language.tick, title=title),
        "narrow": Axis.of_time(end_s, language.tick, title=title, many=PHONE_MARKS),
    }


def spread_text(language: Language, answer: Answer) -> str:
    """What a band shows."""
    launches = answer.prediction.launches
    key = "band_middle" if has_middle(launches) else "band_all"
    return language.say(key, launches=language.many("launch", len(launches)))


def coming(answer: Answer, language: Language) -> Figure:
    """How many come a second."""
    plan, launches = answer.plan, answer.prediction.launches
    width = chart_bins(plan.horizon_ns, plan.bin_ns)
    read = _arrivals(width)
    drawn = band(launches, read, width)
    at_s = drawn.at_s - width * plan.bin_ns / NS_PER_S / 2
    end_s = plan.horizon_ns / NS_PER_S
    chart = Plot(
        **time_axes(language, end_s),
        y=Axis.up_to(
            float(drawn.high.max(initial=0.0)), language.rate, title=language.say("axes.come")
        ),
        marks=(
            Band(x=at_s, low=drawn.low, high=drawn.high),
            Line(x=at_s, y=drawn.mean),
        ),
        key=(
            (language.say("keys.mean"), "predicted"),
            (spread_text(language, answer), "band"),
        ),
    )
    table = Table(
        columns=(
            Column(key="after_s", label=language.say("columns.after"), unit="s"),
            Column(key="mean_per_s", label=language.say("columns.mean"), unit="1/s"),
            Column(key="low_per_s", label=language.say("columns.low"), unit="1/s"),
            Column(key="high_per_s", label=language.say("columns.high"), unit="1/s"),
        ),
        rows=_rows(at_s, drawn.mean, drawn.low, drawn.high),
    )
    second, _ = peaks(plan)
    finding = language.say(
        "findings.coming",
        people=language.many("person", plan.demand.total),
        time=language.duration(end_s),
        peak=language.rate(second.per_s),
        when=language.after(second.at_ns / NS_PER_S),
    )
    return Figure.of("coming", language, chart, table, finding, language.say("notes.coming"))


def _arrivals(width: int) -> Read:
    def read(summary: Summary) -> Floats:
        last = summary.horizon_ns // summary.bin_ns // width * width
        counts = summary.bins.arrivals[:last].reshape(-1, width).sum(axis=1)
        rates: Floats = counts / (width * summary.bin_ns / NS_PER_S)
        return rates

    return read


def _rows(*columns: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in zip(*columns, strict=True))


def published(answer: Answer, language: Language) -> Iterator[Figure]:
    """Each published series that decides the demand: its points on the curve that meets them."""
    for number, expected in enumerate(answer.told.published, 1):
        yield _published(answer, language, expected, number)


def _published(answer: Answer, language: Language, expected: Expected, number: int) -> Figure:
    at_s = expected.at_ns / NS_PER_S
    end_s = float(at_s[-1])
    points = [point for point in expected.points if point.at_ns <= expected.at_ns[-1]]
    top = max([float(expected.upper.max()), *(float(point.count) for point in points)])
    named = points if len(points) <= LABELLED else points[-1:]
    dots = tuple(
        Dot(
            x=point.at_ns / NS_PER_S,
            y=float(point.count),
            colour="observed",
            label=language.count(float(point.count)) if point in named else "",
        )
        for point in points
    )
    chart = Plot(
        **time_axes(language, end_s),
        y=Axis.up_to(top, language.count, title=language.say(f"counted.{expected.surge.counts}")),
        marks=(
            Band(x=at_s, low=expected.lower, high=expected.upper, stepped=True),
            Line(x=at_s, y=expected.count),
            *dots,
        ),
        key=(
            (language.say("keys.expected"), "predicted"),
            (language.say("keys.left_open"), "band"),
            (language.say("keys.published"), "observed"),
        ),
    )
    table = _published_table(answer, language, expected)
    finding = language.say(
        "findings.published",
        n=language.count(len(points)),
        name=brief(expected.surge.name),
        last=language.count(float(points[-1].count)) if points else language.count(0),
    )
    key = "published" if number == 1 else f"published-{number}"
    figure = Figure.of(
        "published", language, chart, table, finding, language.say("notes.published")
    )
    return replace(figure, key=key)


def _published_table(answer: Answer, language: Language, expected: Expected) -> Table:
    return Table(
        columns=(
            Column(key="after_s", label=language.say("columns.after"), unit="s"),
            Column(key="published", label=language.say("columns.published")),
            Column(key="expected", label=language.say("columns.expected")),
            Column(key="source", label=language.say("columns.source"), unit="text"),
        ),
        rows=tuple(
            (
                point.at_ns / NS_PER_S,
                float(point.count),
                met,
                "; ".join(
                    answer.told.sources.get(key, key) for key in sources_of(expected.surge, point)
                )
                or language.say("standings.assumed"),
            )
            for point, met in zip(expected.points, expected.by_point, strict=True)
        ),
    )
