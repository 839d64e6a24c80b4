"""Every chart of the page, in the order in which they stand there."""

from __future__ import annotations

from collections.abc import Sequence

from reports.charts.fates import Column, fate_chart
from reports.charts.latency import Span, latency_chart
from reports.charts.machine import cores_chart, speed_chart
from reports.charts.over_time import line_in, over_time, served_in
from reports.charts.stations.shown import stations_chart
from reports.charts.told import drawn_of, told_chart
from reports.charts.waterfall import waterfall_chart
from reports.page import findings
from reports.page.machine_table import cores_finding, speed_finding
from reports.page.panels import Drawn, panel_of
from reports.run.facts import Act, Milestone
from reports.run.mixture import mixture_of
from reports.run.report.report import Column as SubjectColumn
from reports.run.report.report import Report, VariantReport
from reports.sentences import words
from simulator.plan.launches import Prediction
from simulator.units import NS_PER_S

WIDE_PX, TALL_PX = 860, 260


def figures_of(report: Report) -> list[Drawn]:
    """Every chart of the page, in order."""
    rehearsed = [variant for variant in report.variants if _rehearsed(variant)]
    figures = [*_side_by_side(rehearsed, report.facts.acts)] if rehearsed else []
    stations = _stations(report.variants)
    parts = _parts(report.variants)
    fates = _fates(report.variants)
    launch = _launch(report)
    machine = _machine(report.variants)
    return [
        *figures,
        *parts,
        *machine,
        *_told(report.variants),
        *stations,
        *([fates] if fates else []),
        *([launch] if launch else []),
    ]


def _rehearsed(variant: VariantReport) -> bool:
    predicted = variant.rehearsal is not None and variant.rehearsal.prediction is not None
    return predicted or variant.observed is not None


def _side_by_side(variants: Sequence[VariantReport], acts: Sequence[Act]) -> list[Drawn]:
    return [_lines(variants, acts), _rates(variants, acts), _latencies(variants)]


def _upright(acts: Sequence[Act]) -> str:
    """What the upright lines of a chart mean."""
    done = [
        f"{act.command} at {words.duration(act.began_ns / NS_PER_S)}"
        for act in acts
        if act.began_ns is not None
    ]
    return f" Upright: what an operator did ({'; '.join(done)})." if done else ""


def _lines(variants: Sequence[VariantReport], acts: Sequence[Act]) -> Drawn:
    quantities = [line_in(_prediction(variant), variant.observed) for variant in variants]
    top = max(quantity.top for quantity in quantities)
    return Drawn(
        title="The line over time",
        note=f"People in line during the rehearsal.{_upright(acts)}",
        panels=tuple(
            panel_of(
                variant, findings.line_finding(variant), over_time(quantity, top=top, acts=acts)
            )
            for variant, quantity in zip(variants, quantities, strict=True)
        ),
    )


def _rates(variants: Sequence[VariantReport], acts: Sequence[Act]) -> Drawn:
    quantities = [served_in(_prediction(variant), variant.observed) for variant in variants]
    top = max(quantity.top for quantity in quantities)
    return Drawn(
        title="Served per second",
        note="All that succeeded, in time or not, in the rehearsal;"
        f" each point is the mean of {words.duration(quantities[0].width_s)}.{_upright(acts)}",
        panels=tuple(
            panel_of(
                variant, findings.rate_finding(variant), over_time(quantity, top=top, acts=acts)
            )
            for variant, quantity in zip(variants, quantities, strict=True)
        ),
    )


def _latencies(variants: Sequence[VariantReport]) -> Drawn:
    objectives = next(
        (variant.rehearsal.plan.objectives for variant in variants if variant.rehearsal), None
    )
    span = Span.of([variant.comparison for variant in variants], objectives)
    return Drawn(
        title="Waiting time, and time to be served",
        note="Bars: the predicted middle 95 %. What never ended is at the far right.",
        panels=tuple(
            panel_of(
                variant,
                findings.latency_finding(variant),
                latency_chart(variant.comparison, objectives, span),
            )
            for variant in variants
        ),
    )


def _prediction(variant: VariantReport) -> Prediction | None:
    return variant.rehearsal.prediction if variant.rehearsal else None


def _parts(variants: Sequence[VariantReport]) -> list[Drawn]:
    """Where the errors of the prediction came from."""
    panels = [
        panel_of(variant, f"{variant.came.claim.capitalize()}.", chart)
        for variant in variants
        if variant.came and (chart := waterfall_chart(variant.waterfalls))
    ]
    if not panels:
        return []
    note = (
        "Each bar begins where the one above it ends: what was predicted, what the machine, the services and"
        " the queue made of it, and so what was observed."
    )
    return [Drawn(title="Where the prediction's errors came from", note=note, panels=tuple(panels))]


def _stations(variants: Sequence[VariantReport]) -> list[Drawn]:
    """What each station does over time, in the launch or, if it is not predicted, the rehearsal."""
    drawn = []
    for title, note, quantity in (
        (
            "Utilisation of each station",
            "Busy server time, as a share of the servers that are up.",
            "utilisation",
        ),
        ("Instances of each station", "Instances that are up.", "instances"),
    ):
        panels = [
            panel_of(variant, finding, chart)
            for variant in variants
            for column in (variant.launch or variant.rehearsal,)
            if column
            and column.prediction
            and (made := stations_chart(column.prediction, quantity))
            for finding, chart in (made,)
        ]
        if panels:
            drawn.append(Drawn(title=title, note=note, panels=tuple(panels)))
    return drawn


def _machine(variants: Sequence[VariantReport]) -> list[Drawn]:
    """Speed and cores of the machine, on the axis of the line and of the rates."""
    drawn = []
    for title, note, finding_of, chart_of in (
        (
            "The machine's speed",
            "A fixed piece of processor work, timed by its own processor time: longer is slower.",
            speed_finding,
            speed_chart,
        ),
        (
            "Cores of the machine",
            "Cores in use; and how many threads of the target were ready, and waited for a core.",
            cores_finding,
            cores_chart,
        ),
    ):
        panels = [
            panel_of(variant, finding_of(variant.machine), chart)
            for variant in variants
            if variant.machine and variant.machine.here and variant.rehearsal
            for chart in (chart_of(variant.machine, variant.rehearsal.plan.end_ns),)
            if chart
        ]
        if panels:
            drawn.append(Drawn(title=title, note=note, panels=tuple(panels)))
    return drawn


def _told(variants: Sequence[VariantReport]) -> list[Drawn]:
    """What the target's own metrics said, on the axis of the line and of the rates."""
    panels = [
        panel_of(variant, f"{course.series}{' per second' if course.series.grows else ''}", chart)
        for variant in variants
        if variant.told and variant.rehearsal
        for course in drawn_of(variant.told)
        for chart in (told_chart(course, variant.rehearsal.plan.end_ns),)
    ]
    if not panels:
        return []
    note = "Its page of metrics, read about once a second: counters by how fast they grew, and of all that moved the first."
    return [Drawn(title="What the target told of itself", note=note, panels=tuple(panels))]


def _fates(variants: Sequence[VariantReport]) -> Drawn | None:
    panels = [
        panel_of(variant, findings.fate_finding(variant), fate_chart(columns))
        for variant in variants
        if (columns := _columns(variant))
    ]
    if not panels:
        return None
    return Drawn(
        title="What happened to everyone",
        note="Everyone who came is counted exactly once.",
        panels=tuple(panels),
    )


def _columns(variant: VariantReport) -> list[Column]:
    columns = [
        *_predicted("launch", variant.launch),
        *_predicted("rehearsal", variant.rehearsal),
    ]
    if variant.observed is not None and variant.observed.arrivals:
        columns.append(("rehearsal, observed", variant.observed))
    return columns


def _predicted(subject: str, column: SubjectColumn | None) -> list[Column]:
    """One bar, or one of each kind of launch where some hold and others do not."""
    if column is None or column.prediction is None:
        return []
    mixture = mixture_of(column)
    if mixture is None:
        return [(f"{subject}, predicted", column.prediction)]
    return [(f"{subject}, {name}", launches) for name, launches in mixture.named]


def _launch(report: Report) -> Drawn | None:
    lined = [
        variant
        for variant in report.variants
        if variant.launch and variant.launch.prediction and variant.launch.plan.has_line
    ]
    if not lined:
        return None
    first = lined[0]
    assert first.launch is not None
    chart = over_time(
        line_in(first.launch.prediction),
        milestones=_reached(report.facts.milestones, first.launch.plan.horizon_ns),
        width=WIDE_PX,
        height=TALL_PX,
    )
    return Drawn(
        title="The whole launch",
        note="The predicted line, and the published counts.",
        panels=(panel_of(first, findings.launch_line_finding(first), chart),),
        wide=True,
    )


def _reached(milestones: Sequence[Milestone], horizon_ns: int) -> list[Milestone]:
    return [one for one in milestones if one.at_ns <= horizon_ns]
