"""What a target told of itself: a chart for each of its series that moved."""

from __future__ import annotations

import altair as alt

from reports.charts.drawing import Chart, Row, finished, key, rows, short
from reports.charts.machine import across
from reports.charts.over_time import clock_of
from reports.charts.palette import variable
from simulator.outcomes.counts.told import Course, Told
from simulator.units import NS_PER_S

MOST_DRAWN = 12
FIRST = ("process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds")
"""By what Prometheus' client libraries tell of any process; then in the order of the page."""


def drawn_of(told: Told) -> tuple[Course, ...]:
    """The series that are drawn."""
    moved = [course for course in told.courses if course.moves]
    ranked = sorted(moved, key=lambda course: course.series.name not in FIRST)
    return tuple(ranked[:MOST_DRAWN])


def told_chart(course: Course, end_ns: int) -> Chart:
    """One series over time."""
    clock, unit = clock_of(end_ns / NS_PER_S)
    points: list[Row] = [
        {"t": short(at / clock), "y": short(value)}
        for at, value in zip(*course.points, strict=True)
        if at <= end_ns / NS_PER_S
    ]
    line = alt.Chart(rows(points)).mark_line(color=variable("observed"), strokeWidth=1.6)
    drawn = line.encode(
        x=across(unit, end_ns, clock),
        y=alt.Y("y:Q", title=None, scale=alt.Scale(zero=course.series.grows, nice=True)),
        tooltip=[alt.Tooltip("t:Q", title="at"), alt.Tooltip("y:Q", format=".4~g")],
    )
    return finished([drawn, *key([("told by the target", "observed")])])
