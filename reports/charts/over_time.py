"""Charts over time: what was predicted and what was observed, on the same axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reports.charts.drawing import HEIGHT, LABEL_PX, WIDTH, Chart, Row, finished, key, rows, short
from reports.charts.palette import variable
from reports.charts.series import (
    LEVEL_POINTS,
    Band,
    Read,
    band,
    has_middle,
    instants_s,
    line_of,
    served_of,
)
from reports.run.facts import Act, Milestone
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.plan.peaks import chart_bins
from simulator.units import NS_PER_S

CLOCKS = ((600.0, 1.0, "seconds"), (10_800.0, 60.0, "minutes"), (math.inf, 3600.0, "hours"))
"""Up to how many seconds, by what they are divided, and what an axis then calls them."""

HEADROOM = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something over time, in points of so many bins, predicted or observed or both."""

    read: Read
    bins: int
    prediction: Prediction | None
    observed: Summary | None

    @property
    def end_s(self) -> float:
        return _one_of(self.prediction, self.observed).end_ns / NS_PER_S

    @property
    def width_s(self) -> float:
        """How long a point is."""
        return self.bins * _one_of(self.prediction, self.observed).bin_ns / NS_PER_S

    @property
    def top(self) -> float:
        """The largest value that will be drawn; charts side by side share the larger one."""
        drawn = [self.read(self.observed)] if self.observed is not None else []
        if self.prediction is not None:
            drawn.append(band(self.prediction.launches, self.read, self.bins).high)
        return max(float(values.max(initial=0.0)) for values in drawn)


def _one_of(prediction: Prediction | None, observed: Summary | None) -> Summary:
    if observed is not None:
        return observed
    if prediction is None:
        raise ValueError("nothing to draw: neither predicted nor observed")
    return prediction.launches[0]


def line_in(prediction: Prediction | None, observed: Summary | None = None) -> Quantity:
    """How many stand in the line."""
    one = _one_of(prediction, observed)
    bins = chart_bins(one.end_ns, one.bin_ns, LEVEL_POINTS)
    return Quantity(read=line_of(bins), bins=bins, prediction=prediction, observed=observed)


def served_in(prediction: Prediction | None, observed: Summary | None = None) -> Quantity:
    """How many are served, a second."""
    one = _one_of(prediction, observed)
    bins = chart_bins(one.end_ns, one.bin_ns)
    return Quantity(read=served_of(bins), bins=bins, prediction=prediction, observed=observed)


def over_time(
    quantity: Quantity,
    *,
    top: float | None = None,
    milestones: Sequence[Milestone] = (),
    acts: Sequence[Act] = (),
    title: str = "",
    width: int = WIDTH,
    height: int = HEIGHT,
) -> Chart:
    """The predicted band and mean, what was observed and published, and when an operator did something."""
    clock, unit = clock_of(quantity.end_s)
    horizontal = alt.X("t:Q", title=f"{unit} after the opening", axis=alt.Axis(grid=False))
    most = max([quantity.top if top is None else top, 1.0, *(one.value for one in milestones)])
    scale = alt.Scale(domain=[0, HEADROOM * most], nice=True)
    layers: list[alt.Chart] = []
    entries: list[tuple[str, str]] = []
    if quantity.prediction is not None:
        launches = quantity.prediction.launches
        layers = _predicted(band(launches, quantity.read, quantity.bins), clock, scale)
        which = "the middle 95 % of" if has_middle(launches) else "all"
        spread = f" (band: {which} {len(launches):,} launches)"
        entries.append(("predicted" + (spread if len(launches) > 1 else ""), "predicted"))
    if quantity.observed is not None:
        # Above the band and below the dashed mean: where they agree, both are seen.
        layers.insert(1, _observed(quantity, quantity.observed, clock, scale))
        entries.append(("observed", "observed"))
    if milestones:
        layers += _published(milestones, clock, scale)
        entries.append(("published", "observed"))
    if done := [act for act in acts if act.began_ns is not None]:
        layers.append(_done(done, clock))
        entries.append(("operator", "ink"))
    placed = [layer.encode(x=horizontal) for layer in layers]
    return finished([*placed, *key(entries)], title=title, width=width, height=height)


def clock_of(span_s: float) -> tuple[float, str]:
    """How many seconds a unit of an axis has that is so long, and what it is called."""
    return next((unit_s, name) for most_s, unit_s, name in CLOCKS if span_s <= most_s)


def _tooltip(**titles: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(f"{field}:Q", title=title, format=",.4~g") for field, title in titles.items()
    ]


def _predicted(drawn: Band, clock: float, scale: alt.Scale) -> list[alt.Chart]:
    columns = zip(drawn.at_s, drawn.low, drawn.mean, drawn.high, strict=True)
    values: list[Row] = [
        {"t": short(at / clock), "low": short(low), "mean": short(mean), "high": short(high)}
        for at, low, mean, high in columns
    ]
    base = alt.Chart(rows(values))
    area = base.mark_area(color=variable("band")).encode(
        y=alt.Y("low:Q", title=None, scale=scale),
        y2="high:Q",
        tooltip=_tooltip(t="at", mean="predicted", low="from", high="to"),
    )
    mean_line = base.mark_line(color=variable("predicted"), strokeWidth=1.4, strokeDash=[4, 4])
    return [area, mean_line.encode(y=alt.Y("mean:Q", title=None, scale=scale))]


def _observed(quantity: Quantity, summary: Summary, clock: float, scale: alt.Scale) -> alt.Chart:
    counted = quantity.read(summary)
    at_s = instants_s(summary, len(counted), quantity.bins)
    values: list[Row] = [
        {"t": short(at / clock), "y": short(value)} for at, value in zip(at_s, counted, strict=True)
    ]
    mark: alt.Chart = alt.Chart(rows(values)).mark_line(color=variable("observed"), strokeWidth=2.6)
    return mark.encode(
        y=alt.Y("y:Q", title=None, scale=scale), tooltip=_tooltip(t="at", y="observed")
    )


def _done(acts: Sequence[Act], clock: float) -> alt.Chart:
    """An upright line where something was done."""
    values: list[Row] = [
        {"t": short((act.began_ns or 0) / NS_PER_S / clock), "did": act.command} for act in acts
    ]
    rule: alt.Chart = alt.Chart(rows(values)).mark_rule(color=variable("ink"), strokeWidth=1.2)
    return rule.encode(tooltip=[alt.Tooltip("t:Q", title="at"), alt.Tooltip("did:N", title="run")])


def _published(milestones: Sequence[Milestone], clock: float, scale: alt.Scale) -> list[alt.Chart]:
    values: list[Row] = [
        {"t": short(one.at_ns / NS_PER_S / clock), "y": one.value, "of": one.label}
        for one in milestones
    ]
    base = alt.Chart(rows(values)).encode(y=alt.Y("y:Q", title=None, scale=scale))
    points = base.mark_point(filled=True, size=70, opacity=1, color=variable("observed"))
    labels = base.mark_text(
        align="right", dx=-8, dy=-8, fontSize=LABEL_PX, color=variable("ink")
    ).encode(text="of:N")
    return [points, labels]
