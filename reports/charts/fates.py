"""The chart of fates: what became of everybody, as one bar a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from reports.charts.drawing import LABEL_PX, WIDTH, Chart, Row, finished, rows, short
from reports.charts.palette import FATES, variable
from reports.sentences import words
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.plan.launches import Prediction

LABELLED_SHARE = 0.08
"""A part of a bar that is smaller has no room for its label."""
BAR_PX = 46

Column = tuple[str, Prediction | Summary]
"""What a column is called, and what is in it."""


def fate_chart(columns: Sequence[Column]) -> Chart:
    """Shares of everybody who came."""
    shares = [(name, shares_of(content)) for name, content in columns]
    values = [row for name, found in shares for row in _bar(name, found)]
    present = [fate for fate in FATES if any(fate in found for _, found in shares)]
    base = alt.Chart(rows(values)).encode(
        y=alt.Y(
            "column:N",
            sort=[name for name, _ in columns],
            title=None,
            axis=alt.Axis(grid=False, ticks=False, domain=False, labelPadding=8),
        )
    )
    bar = base.mark_bar(height=24).encode(
        x=alt.X("from:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=None),
        x2="to:Q",
        color=alt.Color(
            "fate:N",
            scale=alt.Scale(
                domain=[FATES[fate][0] for fate in present],
                range=[variable(FATES[fate][1]) for fate in present],
            ),
        ),
        tooltip=["column:N", "fate:N", "share:N"],
    )
    label = base.mark_text(color="#ffffff", fontSize=LABEL_PX, fontWeight="bold").encode(
        x="middle:Q", text="label:N"
    )
    return finished([bar, label], width=WIDTH - 70, height=BAR_PX * len(columns))


def shares_of(content: Prediction | Summary) -> dict[Fate, float]:
    """The share of each fate that occurred; over launches, all of them together."""
    summaries = content.launches if isinstance(content, Prediction) else [content]
    counts = {fate: sum(int(one.fates[fate]) for one in summaries) for fate in FATES}
    everybody = sum(counts.values())
    return {fate: count / everybody for fate, count in counts.items() if count}


def _bar(column: str, shares: Mapping[Fate, float]) -> list[Row]:
    made: list[Row] = []
    so_far = 0.0
    for fate, share in shares.items():
        text = words.percent(share)
        made.append(
            {
                "column": column,
                "fate": FATES[fate][0],
                "from": short(so_far),
                "to": short(so_far + share),
                "middle": short(so_far + share / 2),
                "share": text,
                "label": words.percent(round(share, 2)) if share >= LABELLED_SHARE else "",
            }
        )
        so_far += share
    return made
