"""Panels: charts with their findings, as the page shows them side by side."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reports.charts.drawing import Chart, Spec, spec_of, svg_of
from reports.run.report.report import VariantReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One chart of a figure."""

    label: str
    """Of the variant; empty where there is only one."""
    finding: str
    spec: Spec
    svg: Markup
    """Drawn by Vega, which escapes every text in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Charts of one kind, side by side."""

    title: str
    note: str
    panels: tuple[Panel, ...]
    wide: bool = False


def panel_of(variant: VariantReport, finding: str, chart: Chart) -> Panel:
    """A chart of a variant, and what it shows in a sentence."""
    svg = Markup(svg_of(chart))  # noqa: S704 -- drawn by Vega, which escapes every text
    return Panel(label=variant.label, finding=finding, spec=spec_of(chart), svg=svg)
