"""The chart of durations: where waits and journeys were predicted to lie, and where they lay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reports.charts.drawing import HEIGHT, LABEL_PX, WIDTH, Chart, Row, finished, key, rows, short
from reports.charts.palette import variable
from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import Comparison, Line
from reports.sentences import words
from simulator.system.objectives import Objectives
from simulator.units import NS_PER_S

LATENCIES = ("wait_p50", "wait_p95", "response_p50", "response_p95", "response_p99")
WAIT_LABEL = "wait {}, who stayed"
"""As :mod:`simulator.outcomes.figures.figures` calls them."""
SHORTEST_S = 0.001
ROOM = 4.0
"""The axis ends so many times beyond the longest duration: there stands what never ended."""


@dataclass(frozen=True, slots=True)
class Span:
    """The axis, in seconds: the same for all that stand side by side."""

    low: float
    high: float

    @classmethod
    def of(cls, comparisons: Sequence[Comparison], objectives: Objectives | None) -> Span:
        """Room for all figures and limits, between powers of ten below and some room above."""
        values = [
            value
            for comparison in comparisons
            for line in _latencies(comparison)
            for cell in (_predicted(line), line.observed)
            if cell
            for value in (cell.value, cell.from_, cell.to)
            if math.isfinite(value)
        ]
        values += _limits(objectives).values()
        known = [max(value, SHORTEST_S) for value in values] or [SHORTEST_S, 1.0]
        low = 10.0 ** math.floor(math.log10(min(known)))
        return cls(low, ROOM * max(known))

    def clip(self, value: float) -> float:
        """Where a duration is drawn; what never ended stands at the far end."""
        return short(min(max(value, self.low), self.high))

    @property
    def decades(self) -> list[float]:
        first, last = math.log10(self.low), math.floor(math.log10(self.high))
        return [10.0**power for power in range(round(first), last + 1)]


def latency_chart(comparison: Comparison, objectives: Objectives | None, span: Span) -> Chart:
    """A row a quantile: the predicted middle 95 % as a bar, the observed figure as a dot."""
    lines = _latencies(comparison)
    order = [line.figure.label for line in lines]
    vertical = alt.Y(
        "figure:N",
        sort=order,
        title=None,
        axis=alt.Axis(grid=False, ticks=False, domain=False, labelPadding=8),
    )
    layers = [
        *_bars([_row(line, _predicted(line), span) for line in lines], span),
        *_dots([_row(line, line.observed, span) for line in lines], span),
        *_ticks(_limits(objectives), span),
    ]
    placed = [layer.encode(y=vertical) for layer in layers]
    entries = [("predicted", "predicted"), ("observed", "observed"), ("objective", "fails")]
    return finished([*placed, *key(entries)], width=WIDTH - 40, height=HEIGHT - 30)


def _latencies(comparison: Comparison) -> list[Line]:
    """Those of each journey where there are several, in place of those of all together."""
    lines = [line for line in comparison.lines if line.figure.kind in LATENCIES]
    apart = {line.figure.kind for line in lines if line.figure.of_part}
    return [line for line in lines if line.figure.of_part or line.figure.kind not in apart]


def _predicted(line: Line) -> Cell | None:
    return line.rehearsal or line.launch


def _limits(objectives: Objectives | None) -> dict[str, float]:
    """The limits of the quantiles that are drawn, in seconds, by the figure's label."""
    if objectives is None:
        return {}
    named = [(f"{asked.journey} {{}}", asked.quantiles_ns) for asked in objectives.journeys]
    return {
        label.format(words.quantile_name(quantile)): limit_ns / NS_PER_S
        for label, quantiles in [*named, (WAIT_LABEL, objectives.line.wait_quantiles_ns)]
        for quantile, limit_ns in quantiles
    }


def _row(line: Line, cell: Cell | None, span: Span) -> Row:
    if cell is None or math.isnan(cell.value):
        return {"figure": line.figure.label, "x": None, "text": cell.text if cell else ""}
    low, high = (cell.value if math.isnan(one) else one for one in (cell.from_, cell.to))
    high = cell.most if cell.open else high
    return {
        "figure": line.figure.label,
        "x": span.clip(cell.value),
        "from": span.clip(low),
        "to": span.clip(high),
        "text": cell.text,
    }


def _horizontal(span: Span, field: str = "x") -> alt.X:
    return alt.X(
        f"{field}:Q",
        title="seconds (log scale)",
        scale=alt.Scale(type="log", domain=[span.low, span.high], nice=False),
        axis=alt.Axis(format="~g", values=span.decades),
    )


def _bars(values: list[Row], span: Span) -> list[alt.Chart]:
    known = alt.Chart(rows([row for row in values if row["x"] is not None]))
    bar = known.mark_bar(height=12, color=variable("band"), cornerRadius=2)
    mean = known.mark_tick(thickness=2, height=12, color=variable("predicted"))
    return [
        bar.encode(x=_horizontal(span, "from"), x2="to:Q", tooltip=["figure:N", "text:N"]),
        mean.encode(x=_horizontal(span)),
    ]


def _dots(values: list[Row], span: Span) -> list[alt.Chart]:
    known = alt.Chart(rows([row for row in values if row["x"] is not None]))
    dot = known.mark_point(filled=True, size=55, opacity=1, color=variable("observed"))
    label = alt.Chart(rows(values)).mark_text(
        align="right", x=WIDTH - 42, dy=-11, fontSize=LABEL_PX, color=variable("observed")
    )
    return [
        dot.encode(x=_horizontal(span), tooltip=["figure:N", "text:N"]),
        label.encode(text="text:N"),
    ]


def _ticks(limits: dict[str, float], span: Span) -> list[alt.Chart]:
    values: list[Row] = [{"figure": name, "x": span.clip(s)} for name, s in limits.items()]
    mark = alt.Chart(rows(values)).mark_tick(thickness=2, height=22, color=variable("fails"))
    return [mark.encode(x=_horizontal(span))] if values else []
