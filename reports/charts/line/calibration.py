"""The calibration chart: the waits that a line announced, against those that people had.

A dot is a group of people who were announced similar waits, its bar the middle 80 % of how long they really
waited. On the diagonal everybody waits as long as he was told; within the band he was not misled.
"""

from __future__ import annotations

import altair as alt
import numpy as np

from reports.charts.drawing import Chart, Row, finished, key, rows, short
from reports.charts.over_time import HEADROOM, clock_of
from reports.charts.palette import variable
from simulator.units import NS_PER_S
from simulator.verdict.line.announced import SLACK_NS, Announced, Group

SIDE = 300
"""As high as wide, so that the diagonal is one."""
BAND_POINTS = 60
SLACK_S = SLACK_NS / NS_PER_S


def calibration_chart(found: Announced, factor: float) -> Chart | None:
    """``factor``: how far an announced wait may be off. None where nobody who was told a wait was let in."""
    groups = found.calibration
    if not groups:
        return None
    most_s = max(max(group.announced_s, group.real_s, group.high_s) for group in groups)
    clock, unit = clock_of(most_s)
    top = short(HEADROOM * max(most_s, SLACK_S) / clock)
    scale = alt.Scale(domain=[0, top], nice=False)
    across = alt.X(
        "x:Q", title=f"announced wait, {unit}", scale=scale, axis=alt.Axis(grid=False, format="~g")
    )
    up = alt.Y("y:Q", title=f"real wait, {unit}", scale=scale)
    layers = [_band(factor, top, clock, up), _diagonal(top, up), *_groups(groups, clock, up)]
    entries = [
        ("as announced", "muted"),
        ("allowed", "predicted"),
        (f"{sizes_of(groups)} people, middle 80 %", "observed"),
    ]
    placed = [layer.encode(x=across) for layer in layers]
    return finished([*placed, *key(entries)], width=SIDE + 60, height=SIDE)


def sizes_of(groups: tuple[Group, ...]) -> str:
    """How many people a group has.

    >>> one = Group(people=5, announced_s=1.0, real_s=1.0, low_s=1.0, high_s=1.0)
    >>> sizes_of((one, one))
    '5'
    """
    sizes = sorted({group.people for group in groups})
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"


def allowed(announced_s: float, factor: float) -> tuple[float, float]:
    """The shortest and the longest wait that does not mislead who was announced that one, in seconds.

    >>> allowed(10.0, 2.0), allowed(0.5, 2.0)
    ((5.0, 20.0), (0.0, 1.5))
    """
    shortest = min(announced_s / factor, announced_s - SLACK_S)
    return max(shortest, 0.0), max(announced_s * factor, announced_s + SLACK_S)


def _band(factor: float, top: float, clock: float, up: alt.Y) -> alt.Chart:
    """Where nobody is misled."""
    values: list[Row] = [
        {"x": short(at), "y": short(low / clock), "high": short(min(high / clock, top))}
        for at in np.linspace(0.0, top, BAND_POINTS).tolist()
        for low, high in (allowed(at * clock, factor),)
    ]
    area: alt.Chart = alt.Chart(rows(values)).mark_area(color=variable("band"), opacity=0.6)
    return area.encode(y=up, y2="high:Q")


def _diagonal(top: float, up: alt.Y) -> alt.Chart:
    values: list[Row] = [{"x": 0.0, "y": 0.0}, {"x": top, "y": top}]
    line: alt.Chart = alt.Chart(rows(values)).mark_line(
        color=variable("muted"), strokeWidth=1.4, strokeDash=[4, 4]
    )
    return line.encode(y=up)


def _groups(groups: tuple[Group, ...], clock: float, up: alt.Y) -> list[alt.Chart]:
    dots, bars = list[Row](), list[Row]()
    for group in groups:
        low, high, real = (short(at / clock) for at in (group.low_s, group.high_s, group.real_s))
        told: Row = {"x": short(group.announced_s / clock), "people": group.people, "real": real}
        bars.append(told | {"y": low, "high": high})
        dots.append(told | {"y": real})
    tooltip = [
        alt.Tooltip("x:Q", title="announced"),
        alt.Tooltip("real:Q", title="real, median"),
        alt.Tooltip("people:Q"),
    ]
    bar = alt.Chart(rows(bars)).mark_rule(color=variable("observed"), strokeWidth=2)
    dot = alt.Chart(rows(dots)).mark_point(
        filled=True, size=55, opacity=1, color=variable("observed")
    )
    return [bar.encode(y=up, y2="high:Q", tooltip=tooltip), dot.encode(y=up, tooltip=tooltip)]
