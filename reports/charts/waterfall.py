"""The chart of an error's parts: from what was predicted, over machine, services and queue, to what came."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import altair as alt

from reports.charts.drawing import LABEL_PX, WIDTH, Chart, Row, finished, key, rows, short
from reports.charts.palette import variable
from reports.run.past.came import PARTS, amount, level_text
from simulator.verdict.truth.parts import Part, Waterfall

ROW_PX, BAR_PX = 58, 14
COLOURS = {
    Part.DEMAND: "reneged",
    Part.MACHINE: "inconclusive",
    Part.SERVICE: "observed",
    Part.QUEUE: "unfinished",
}
PREDICTED = "predicted"


def waterfall_chart(falls: Sequence[Waterfall]) -> Chart | None:
    """A row a figure, each as a multiple of what was predicted; None where no row can be drawn."""
    drawable = [fall for fall in falls if can_be_drawn(fall)]
    if not drawable:
        return None
    values = [row for fall in drawable for row in steps_of(fall)]
    y = alt.Y(
        "figure:N",
        sort=[fall.label for fall in drawable],
        title=None,
        axis=alt.Axis(grid=False, ticks=False, domain=False, labelPadding=8),
    )
    x = alt.X("from:Q", title="times what was predicted", scale=alt.Scale(nice=True, zero=True))
    base = alt.Chart(rows(values)).encode(y=y, yOffset=alt.YOffset("step:O"))
    colours = {PREDICTED: "predicted", **{PARTS[part]: COLOURS[part] for part in Part}}
    colour = alt.Color(
        "what:N",
        legend=None,
        scale=alt.Scale(domain=list(colours), range=[variable(each) for each in colours.values()]),
    )
    bar = base.mark_bar(height=BAR_PX).encode(
        x=x, x2="to:Q", color=colour, tooltip=["figure:N", "what:N", "amount:N"]
    )
    label = base.mark_text(align="left", dx=4, fontSize=LABEL_PX, color=variable("ink")).encode(
        x="end:Q", text="amount:N"
    )
    named = [PREDICTED, *(PARTS[part] for part in Part if any_of(part, drawable))]
    legend = key([(name, colours[name]) for name in named])
    height = sum(ROW_PX for _ in drawable)
    return finished([bar, label, *legend], width=WIDTH - 70, height=height)


def can_be_drawn(fall: Waterfall) -> bool:
    """Whether every level is a number, and the first not nothing: there are no multiples of that."""
    values = [level.value for level in fall.levels]
    return all(map(math.isfinite, values)) and values[0] > 0


def any_of(part: Part, falls: Sequence[Waterfall]) -> bool:
    return any(each.part is part for fall in falls for each in fall.parts)


def steps_of(fall: Waterfall) -> Iterator[Row]:
    """A bar from nothing to what was predicted, and one from level to level behind it."""
    whole = fall.levels[0].value
    yield {
        "figure": fall.label, "what": PREDICTED, "step": 0, "from": 0.0, "to": 1.0, "end": 1.0,
        "amount": level_text(fall.levels[0], fall.unit),
    }  # fmt: skip
    for number, part in enumerate(fall.parts, start=1):
        begin, end = fall.levels[number - 1].value / whole, fall.levels[number].value / whole
        said = amount(part, fall.unit)
        if number == len(fall.parts):
            said = f"{said}: observed {level_text(fall.levels[-1], fall.unit)}"
        yield {
            "figure": fall.label, "what": PARTS[part.part], "step": number,
            "from": short(begin), "to": short(end), "end": short(max(begin, end)), "amount": said,
        }  # fmt: skip
