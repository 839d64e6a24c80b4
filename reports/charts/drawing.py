"""Drawing: how every chart looks, and how it becomes a specification, an SVG or a PNG."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import altair as alt
import vl_convert

from reports.charts.palette import filled_in, variable

Chart: TypeAlias = alt.LayerChart
Spec: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]

FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"
WIDTH, HEIGHT = 400, 210
LABEL_PX, CHARACTER_PX, KEY_RISE_PX = 11, 5.8, 14


def rows(values: Sequence[Row]) -> alt.InlineData:
    """Data that stand in the chart itself; a page's script reads them as JSON, which has no NaN: that is null."""
    return alt.InlineData(
        values=[{name: finite(value) for name, value in row.items()} for row in values]
    )


def finite(value: Any) -> Any:
    """None instead of a number that there is not."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def key(entries: Sequence[tuple[str, str]]) -> list[alt.Chart]:
    """What each colour means, written above the chart in that colour."""
    layers, x = [], 0.0
    for text, colour in entries:
        mark = alt.Chart(rows([{}])).mark_text(
            text=f"● {text}",
            x=x,
            y=-KEY_RISE_PX,
            align="left",
            fontSize=LABEL_PX,
            color=variable(colour),
        )
        layers.append(mark)
        x += CHARACTER_PX * (len(text) + 5)
    return layers


def short(value: float) -> float:
    """Four digits: more cannot be seen."""
    return float(f"{value:.4g}")


def finished(
    layers: Sequence[alt.Chart], *, title: str = "", width: int = WIDTH, height: int = HEIGHT
) -> Chart:
    """Layers as one chart in the house's look."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": LABEL_PX}
    muted = {"labelColor": variable("muted"), "titleColor": variable("muted")}
    chart: Chart = (
        alt.layer(*layers)
        .properties(width=width, height=height, background="transparent", title=title)
        .configure(font=FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            **text,
            **muted,
            titleFontWeight="normal",
            titleFontSize=LABEL_PX,
            gridColor=variable("hair"),
            domainColor=variable("hair"),
            tickColor=variable("hair"),
            tickCount=5,
        )
        .configure_legend(**text, **muted, orient="bottom", title=None, symbolType="square")
        .configure_title(
            font=FONT, fontSize=15, color=variable("ink"), anchor="start", offset=24,
        )
    )  # fmt: skip
    return chart


def spec_of(chart: Chart) -> Spec:
    """The chart as Vega-Lite has it."""
    spec: Spec = chart.to_dict()
    return spec


def svg_of(chart: Chart) -> str:
    """The chart as it stands in a page without scripts, and on paper."""
    svg: str = vl_convert.vegalite_to_svg(spec_of(chart), allowed_base_urls=[])
    return svg


def save_png(chart: Chart, path: Path, *, scale: float = 2.0) -> None:
    """Write a picture that stands alone, in the light colours on white."""
    spec = json.loads(filled_in(json.dumps(spec_of(chart)))) | {"background": "white"}
    path.write_bytes(vl_convert.vegalite_to_png(spec, scale=scale, allowed_base_urls=[]))


def save_svg(chart: Chart, path: Path) -> None:
    """Write a drawing that stands alone, in the light colours."""
    path.write_text(filled_in(svg_of(chart)), encoding="utf-8")
