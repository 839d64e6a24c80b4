"""The worst overtaking: who stood in line from when to when, and who was let in before him."""

from __future__ import annotations

import altair as alt

from reports.charts.drawing import WIDTH, Chart, Row, finished, key, rows, short
from reports.charts.over_time import clock_of
from reports.charts.palette import variable
from reports.sentences import words
from simulator.verdict.line.overtaking import Inversion

HEIGHT = 70
ROOM = 0.05
"""Of the time that is shown, on either side."""


def overtaking_chart(worst: Inversion) -> Chart:
    """Two rows over time: the one who was overtaken above the one who overtook."""
    first_s, last_s = worst.joined_s, worst.waited_s
    clock, unit = clock_of(last_s)
    room_s = ROOM * (last_s - first_s)
    across = alt.Scale(domain=[(first_s - room_s) / clock, (last_s + room_s) / clock], nice=False)
    joined = [words.duration(each) for each in (worst.joined_s, worst.by_joined_s)]
    order = [f"overtaken, joined {joined[0]}", f"overtook, joined {joined[1]}"]
    stood: list[Row] = [
        _row(order[0], worst.joined_s / clock, worst.waited_s / clock),
        _row(order[1], worst.by_joined_s / clock, worst.by_entered_s / clock),
    ]
    horizontal = alt.X(
        "from:Q", title=f"{unit} after the opening", scale=across, axis=alt.Axis(grid=False)
    )
    layers = [
        alt.Chart(rows(stood))
        .mark_bar(height=10, color=variable("waiting"), cornerRadius=2)
        .encode(x=horizontal, x2="to:Q"),
        _end(stood[0], "fails", across),
        _end(stood[1], "holds", across),
    ]
    vertical = alt.Y("who:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False))
    placed = [layer.encode(y=vertical) for layer in layers]
    entries = [("in line", "muted"), ("still told to wait", "fails"), ("let in", "holds")]
    return finished([*placed, *key(entries)], width=WIDTH - 60, height=HEIGHT)


def _row(who: str, from_: float, to: float) -> Row:
    return {"who": who, "from": short(from_), "to": short(to)}


def _end(row: Row, colour: str, across: alt.Scale) -> alt.Chart:
    """How it ended, as far as it was seen."""
    dot: alt.Chart = alt.Chart(rows([row])).mark_point(
        filled=True, size=70, opacity=1, color=variable(colour)
    )
    return dot.encode(x=alt.X("to:Q", scale=across))
