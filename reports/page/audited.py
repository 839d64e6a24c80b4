"""The audit of the line, as the page shows it: charts, then a row for each promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.charts.line.calibration import calibration_chart
from reports.charts.line.overtaking import overtaking_chart
from reports.page.panels import Panel, panel_of
from reports.run.report.report import VariantReport
from reports.sentences import words
from reports.sentences.reasons.line import found_in_line
from reports.sentences.reasons.promises import Promise, promises_line, promises_of
from simulator.verdict.line.announced import Announced, Group
from simulator.verdict.line.audit import Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What was found of the line that one variant met."""

    label: str
    said: str
    """How many promises were kept, in a sentence."""
    promises: tuple[Promise, ...]
    panels: tuple[Panel, ...]
    calibration: tuple[tuple[str, ...], ...]
    """The calibration chart as rows of a table: announced, real, the middle 80 %, people."""


def audited_of(variants: Sequence[VariantReport]) -> tuple[Audited, ...]:
    """Of every variant that met a line that told something."""
    return tuple(
        _audited(variant, variant.audit) for variant in variants if variant.audit is not None
    )


def _audited(variant: VariantReport, audit: Audit) -> Audited:
    promises = promises_of(audit)
    return Audited(
        label=variant.label,
        said=promises_line(promises),
        promises=promises,
        panels=tuple(_panels(variant, audit)),
        calibration=_rows(audit.announced),
    )


def _panels(variant: VariantReport, audit: Audit) -> Iterator[Panel]:
    announced, overtaking = audit.announced, audit.overtaking
    if announced and (chart := calibration_chart(announced, audit.promises.wait_factor)):
        yield panel_of(variant, f"announced and real waits: {found_in_line(announced)}", chart)
    if overtaking and overtaking.worst:
        chart = overtaking_chart(overtaking.worst)
        yield panel_of(variant, f"the worst overtaking: {found_in_line(overtaking)}", chart)


def _rows(announced: Announced | None) -> tuple[tuple[str, ...], ...]:
    return tuple(_row(group) for group in announced.calibration) if announced else ()


def _row(group: Group) -> tuple[str, ...]:
    return (
        words.duration(group.announced_s),
        words.duration(group.real_s),
        words.between(group.low_s, group.high_s, "s"),
        f"{group.people:,}",
    )
