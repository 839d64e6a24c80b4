"""The line over time, and the wait by the hour at which one arrives."""

from __future__ import annotations

import math

import numpy as np

from reports.charts.series import LEVEL_POINTS, Read, band, line_of
from reports.planner.answer import Answer
from reports.planner.charts.coming import spread_text, time_axes
from reports.planner.drawing.axis import Axis
from reports.planner.drawing.plot import Band, Dot, Line, Mark, Plot
from reports.planner.figure import Column, Figure, Table
from reports.planner.language import Language
from simulator.advice.why.waits import WaitsByArrival
from simulator.outcomes.counts.summary import Summary
from simulator.plan.peaks import chart_bins
from simulator.units import NS_PER_S, Floats

TABLE_ROWS = 60


def line(answer: Answer, language: Language) -> Figure:
    """How many stand in the line; without one, how many have come and wait for an answer."""
    plan, launches = answer.plan, answer.prediction.launches
    lined = plan.system.has_line
    width = chart_bins(plan.horizon_ns, plan.bin_ns, LEVEL_POINTS)
    drawn = band(launches, line_of(width) if lined else present_of(width), width)
    end_s = plan.horizon_ns / NS_PER_S
    # What was published is of the system as it was, not of one that is recommended.
    points = _published(answer) if lined and answer.sizing is None else ()
    top = max([float(drawn.high.max(initial=1.0)), *(y for _, y in points)])
    marks: list[Mark] = [
        Band(x=drawn.at_s, low=drawn.low, high=drawn.high),
        Line(x=drawn.at_s, y=drawn.mean),
        *(Dot(x=x, y=y, colour="observed") for x, y in points),
    ]
    key = [(language.say("keys.mean"), "predicted"), (spread_text(language, answer), "band")]
    if points:
        key.append((language.say("keys.published"), "observed"))
    what = "line" if lined else "present"
    chart = Plot(
        **time_axes(language, end_s),
        y=Axis.up_to(top, language.count, title=language.say(f"axes.{what}")),
        marks=tuple(marks),
        key=tuple(key),
    )
    step = max(1, -(-len(drawn.at_s) // TABLE_ROWS))
    columns = (drawn.at_s, drawn.mean, drawn.low, drawn.high)
    table = Table(
        columns=(
            Column(key="after_s", label=language.say("columns.after"), unit="s"),
            Column(key="mean", label=language.say("columns.mean")),
            Column(key="low", label=language.say("columns.low")),
            Column(key="high", label=language.say("columns.high")),
        ),
        rows=tuple(
            tuple(float(column[i]) for column in columns)
            for i in range(step - 1, len(drawn.at_s), step)
        ),
    )
    most = int(np.argmax(drawn.mean)) if len(drawn.mean) else 0
    peak = float(drawn.mean[most]) if len(drawn.mean) else 0.0
    when = language.after(float(drawn.at_s[most])) if len(drawn.mean) else ""
    finding = (
        language.say(f"findings.{what}", peak=language.many("person", peak), when=when)
        if peak
        else language.say(f"findings.no_{what}")
    )
    return Figure.of(what, language, chart, table, finding, language.say(f"notes.{what}"))


def present_of(width: int) -> Read:
    """Who has come and not gone."""

    def read(summary: Summary) -> Floats:
        last = summary.horizon_ns // summary.bin_ns
        return summary.bins.present[:last][width - 1 :: width].astype(np.float64)

    return read


def _published(answer: Answer) -> tuple[tuple[float, float], ...]:
    """Published lengths of the line within the launch."""
    return tuple(
        (point.at_ns / NS_PER_S, float(point.count))
        for expected in answer.told.published
        if expected.surge.counts == "line"
        for point in expected.points
        if point.at_ns <= answer.plan.horizon_ns
    )


def waits(answer: Answer, language: Language) -> Figure | None:
    """How long one waits who comes at a given hour; None where nobody waits in a line."""
    found = answer.waits
    if found is None or not found.told:
        return None
    if not np.isfinite(found.p50_s).any():
        return never(found, language)
    middles = (found.edges_s[:-1] + found.edges_s[1:]) / 2
    end_s = float(found.edges_s[-1])
    known = [value for value in (*found.p50_s, *found.p90_s) if math.isfinite(value)]
    top = max([1.0, *known])
    ceiling = 1.12 * top
    endless = any(map(math.isinf, (*found.p50_s, *found.p90_s)))
    marks: list[Mark] = [
        Line(x=middles, y=_drawable(found.p90_s, ceiling), colour="reneged"),
        Line(x=middles, y=_drawable(found.p50_s, ceiling), width=2.6),
    ]
    axis = Axis.up_to(top, language.duration, title=language.say("axes.wait"))
    axis = _of_durations(axis, language, ceiling)
    key = [(language.say("keys.half"), "predicted"), (language.say("keys.most"), "reneged")]
    if endless:
        marks_at = (*axis.marks, (ceiling, language.say("never")))
        axis = Axis(low=axis.low, high=ceiling, marks=marks_at, title=axis.title)
    chart = Plot(**time_axes(language, end_s), y=axis, marks=tuple(marks), key=tuple(key))
    note = language.say("notes.waits", launches=language.many("launch", found.launches))
    return Figure.of(
        "waits", language, chart, _table(found, language), _examples(found, language), note
    )


def never(found: WaitsByArrival, language: Language) -> Figure:
    """The share who never get in, by when they come: where no half is ever let in."""
    middles = (found.edges_s[:-1] + found.edges_s[1:]) / 2
    chart = Plot(
        **time_axes(language, float(found.edges_s[-1])),
        y=Axis.of(0.0, 1.04, language.share, title=language.say("columns.never_in")),
        marks=(Line(x=middles, y=found.never_let_in, colour="reneged", width=2.6),),
        key=((language.say("columns.never_in"), "reneged"),),
    )
    note = language.say("notes.waits", launches=language.many("launch", found.launches))
    return Figure.of(
        "waits", language, chart, _table(found, language), _examples(found, language), note
    )


def _table(found: WaitsByArrival, language: Language) -> Table:
    return Table(
        columns=(
            Column(key="from_s", label=language.say("columns.from"), unit="s"),
            Column(key="to_s", label=language.say("columns.to"), unit="s"),
            Column(key="wait_p50_s", label=language.say("columns.half"), unit="s"),
            Column(key="wait_p90_s", label=language.say("columns.most"), unit="s"),
            Column(key="never_let_in", label=language.say("columns.never_in"), unit="share"),
        ),
        rows=tuple(
            tuple(map(float, row))
            for row in zip(
                found.edges_s[:-1], found.edges_s[1:], found.p50_s, found.p90_s,
                found.never_let_in, strict=True,
            )
        ),
    )  # fmt: skip


def _of_durations(axis: Axis, language: Language, top: float) -> Axis:
    """Steps that a clock knows."""
    timed = Axis.of_time(top, language.duration, title=axis.title, many=5)
    return Axis(low=0.0, high=top, marks=timed.marks, title=axis.title)


def _drawable(values: Floats, ceiling: float) -> Floats:
    """A wait that never ends lies at the top."""
    return np.where(np.isinf(values), ceiling, values)


def _examples(found: WaitsByArrival, language: Language) -> str:
    """Who comes at +2 h waits 50 min, say: who comes early, who waits longest, and who comes late."""
    known = [number for number, wait in enumerate(found.p50_s) if not math.isnan(wait)]
    worst = max(known, key=lambda number: float(found.p50_s[number]))
    picked = sorted({known[len(known) // 10], worst, known[len(known) * 8 // 10]})
    said = []
    for number in picked:
        middle_s = float(found.edges_s[number] + found.edges_s[number + 1]) / 2
        wait = float(found.p50_s[number])
        key = "findings.never_waits" if math.isinf(wait) else "findings.waits"
        said.append(language.say(key, when=language.tick(middle_s), time=language.duration(wait)))
    return "; ".join(said)
