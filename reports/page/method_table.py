"""How a run was made, as rows of a table: enough to make it again."""

from __future__ import annotations

from reports.run.report.report import Column, Report, VariantReport
from reports.sentences import words
from simulator.outcomes.counts.told import Told
from simulator.text.wording import format_factor
from simulator.units import NS_PER_S


def method_rows(report: Report) -> list[tuple[str, str]]:
    """Pairs of what and how; what is not known is left out."""
    facts = report.facts
    rows = [
        ("started", facts.started_at.strftime("%Y-%m-%d %H:%M:%S UTC")),
        ("seed", str(facts.seed)),
        *(row for variant in report.variants for row in _variant_rows(variant)),
        ("target", facts.target or ""),
        ("probe", facts.probe),
        ("line of the target", facts.line),
        ("engines", facts.agreement),
        ("cores of the target", facts.sharing),
        ("connections", facts.connections.partition(": ")[2]),
        ("the visitors' run", facts.run_id),
        *(("told", told) for told in facts.told),
        *((f"version of {name}", version) for name, version in facts.versions.items()),
    ]
    if facts.target is not None:
        factor = f"{format_factor(facts.demand_factor)}. {facts.demand_factor_reason}".strip()
        rows.insert(2, ("demand factor of the rehearsal", factor))
    return [(what, how) for what, how in rows if how]


def _variant_rows(variant: VariantReport) -> list[tuple[str, str]]:
    columns = [column for column in (variant.launch, variant.rehearsal) if column]
    rows = [(f"{variant.label}: {column.plan.subject}", _column_text(column)) for column in columns]
    rehearsal = variant.rehearsal
    if rehearsal:
        rows.append((f"{variant.label}: timetable (SHA-256)", rehearsal.plan.timetable_sha256))
    if variant.seal:
        rows.append((f"{variant.label}: sealed prediction", variant.seal.sentence))
    if variant.told:
        rows.append((f"{variant.label}: the target's own metrics", _told_text(variant.told)))
    return rows


def _told_text(told: Told) -> str:
    said = [told.url, f"read {words.times(told.looks, 'time')}"]
    if told.failed:
        said.append(f"{told.failed:,} of them in vain ({told.why})")
    if told.left_out:
        said.append(f"{told.left_out:,} further series were not kept")
    return ", ".join(said)


def _column_text(column: Column) -> str:
    horizon = words.figure(column.plan.horizon_ns / NS_PER_S, "s")
    simulated = [
        f"{words.times(len(one.launches), 'launch')} by the {one.engine} engine"
        for one in column.predictions
    ]
    arrivals = ": ".join(filter(None, [f"{horizon} of arrivals", column.plan.peaks]))
    return ", ".join([arrivals, *simulated])
