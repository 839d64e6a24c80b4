"""Record: the verdicts and figures of a run as one JSON object, for other programs.

Its keys are told in :mod:`reports.schema.documents.run`. A number is ``{"value": 1.5}``; where there is none,
``{"value": null, "word": "never"}`` (or "too few, 237 of 1,000", or "–": nobody knows). Of a figure of which no more is
known than that it is larger, since not all of it was seen to its end, ``{"value": null, "word": "more than 60 min",
"at_least": 3600.0}``. Predicted figures are the median of the launches, with "from" and "to", their middle 95 %.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from reports.files.machine_record import machine_record
from reports.run.comparison.cells import Cell
from reports.run.comparison.comparison import Line
from reports.run.decision import Decision
from reports.run.report.report import Report, VariantReport
from reports.sentences import words
from reports.sentences.answers import place_name, shown
from reports.sentences.criterion import key_of, name_of
from reports.sentences.reasons import reason_of
from reports.sentences.verdict import Said
from simulator.outcomes.answered import Answered
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.instrument import Instrument
from simulator.verdict.criteria import Criterion
from simulator.verdict.line.audit import Audit
from simulator.verdict.truth.parts import Waterfall

FORMAT = 1


def record(report: Report) -> dict[str, Any]:
    """Everything that the reports say, as plain values."""
    return {
        "format": FORMAT,
        "document": "run",
        "scenario": report.facts.scenario,
        "started_at": report.facts.started_at.isoformat(),
        "seed": report.facts.seed,
        "run": report.folder.path.name,
        "run_id": report.facts.run_id,
        "told": list(report.facts.told),
        "predicted_only": [asdict(each) for each in report.facts.predicted_only],
        "verdict": _decision(report.decision),
        "variants": [_variant(variant, report.decision) for variant in report.variants],
    }


def record_text(report: Report, more: Mapping[str, Any] | None = None) -> str:
    """The same as strict JSON: no NaN, no Infinity. ``more``: what a command tells besides."""
    told = record(report) | dict(more or {})
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _decision(decision: Decision) -> dict[str, Any]:
    verdict = decision.verdict
    return {
        "variant": decision.variant,
        "subject": verdict and str(verdict.subject),
        "provenance": verdict and str(verdict.provenance),
        "outcome": str(decision.outcome),
        "exit_code": decision.exit_code,
        "sentence": decision.sentence,
        "ended": decision.ended,
    }


def outcome(verdict: Said) -> dict[str, Any]:
    """A verdict without what it rests on."""
    return {
        "subject": str(verdict.subject),
        "provenance": str(verdict.provenance),
        "outcome": str(verdict.outcome),
        "exit_code": verdict.exit_code,
        "sentence": verdict.sentence,
    }


def verdict_record(verdict: Said) -> dict[str, Any]:
    """A verdict with its criteria."""
    return {**outcome(verdict), "criteria": [_criterion(one) for one in verdict.criteria]}


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "kind": str(criterion.kind),
        "name": name_of(criterion),
        "key": key_of(criterion),
        "unit": criterion.unit,
        "limit": number(criterion.limit, criterion.unit),
        "measured": number(criterion.measured, criterion.unit, open_=criterion.open),
        "outcome": str(criterion.outcome),
        "reason": reason_of(criterion),
    }


def _variant(variant: VariantReport, decision: Decision) -> dict[str, Any]:
    return {
        "variant": variant.label,
        "verdicts": [
            {**verdict_record(verdict), "decides": verdict is decision.verdict}
            for verdict in variant.verdicts
        ],
        "prediction": _came(variant),
        "sealed": _sealed(variant),
        "figures": [_line(line) for line in variant.comparison.lines],
        "instrument": _instrument(variant.instrument) if variant.instrument else None,
        "machine": machine_record(variant.machine) if variant.machine else None,
        "line": _audit(variant.audit) if variant.audit else None,
        "answers": [_answer(one, variant) for one in variant.answers],
        "unheard": {"people": variant.unheard.people, "at_most": variant.unheard.at_most},
    }


def _instrument(found: Instrument) -> dict[str, Any]:
    """Without what is known of each late visitor by himself: there may be as many as visitors."""
    return {name: value for name, value in asdict(found).items() if name != "behind_ns"}


def _audit(audit: Audit) -> dict[str, Any]:
    found = ((each.name, getattr(audit, each.name)) for each in fields(audit))
    return {name: None if value is None else asdict(value) for name, value in found}


def _answer(one: Answered, variant: VariantReport) -> dict[str, Any]:
    layout = variant.observed.layout if variant.observed else Layout()
    return {
        "step": one.step,
        "place": place_name(one.step, layout),
        "result": one.result.name.lower(),
        "status": one.status,
        "reason": shown(one.reason),
        "count": one.count,
    }


def _came(variant: VariantReport) -> dict[str, Any] | None:
    came = variant.came
    if came is None:
        return None
    return {
        "outcome": str(came.outcome),
        "sentence": came.sentence,
        "p": _finite(came.verdict.p),
        "missed": [
            {
                "key": each.key,
                "observed": number(each.observed, each.unit),
                "from": _finite(each.from_),
                "to": _finite(each.to),
                "p": _finite(each.p),
            }
            for each in came.verdict.missed
        ],
        "waterfalls": [waterfall_record(each) for each in variant.waterfalls],
    }


def waterfall_record(fall: Waterfall) -> dict[str, Any]:
    return {
        "key": fall.key,
        "unit": fall.unit,
        "levels": [
            {
                "step": str(each.step),
                **number(each.value, fall.unit, open_=each.open),
                "from": _finite(each.from_),
                "to": _finite(each.to),
            }
            for each in fall.levels
        ],
        "parts": [
            {
                "part": str(each.part),
                "value": _finite(each.value),
                "low": _finite(each.low),
                "high": _finite(each.high),
            }
            for each in fall.parts
        ],
    }


def _sealed(variant: VariantReport) -> dict[str, Any] | None:
    seal = variant.seal
    if seal is None:
        return None
    return {"sha256": seal.seal.sha256, "file": seal.seal.file, "intact": seal.intact}


def _line(line: Line) -> dict[str, Any]:
    return {
        "key": line.figure.key,
        "label": line.figure.label,
        "unit": line.figure.unit,
        "launch_predicted": cell_record(line.launch, line.figure.unit),
        "rehearsal_predicted": cell_record(line.rehearsal, line.figure.unit),
        "rehearsal_observed": cell_record(line.observed, line.figure.unit),
        "error": line.error,
        **({} if line.difference is None else {"difference": line.difference}),
        "within": line.within,
    }


def cell_record(cell: Cell | None, unit: str) -> dict[str, Any] | None:
    if cell is None:
        return None
    found: dict[str, Any] = {"value": cell.value}
    if cell.open:
        found = number(cell.value, unit, open_=True)
    elif not math.isfinite(cell.value):
        found = {"value": None, "word": cell.text}
    if not math.isnan(cell.from_):
        found |= {"from": _finite(cell.from_), "to": _finite(cell.to)}
    return found


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def number(value: float, unit: str, *, open_: bool = False) -> dict[str, Any]:
    """A number, or the word for why there is none; ``open_``: it is a lower bound."""
    if open_ and math.isfinite(value):
        return {"value": None, "word": words.bound(value, unit, open_=True), "at_least": value}
    if math.isfinite(value):
        return {"value": value}
    return {"value": None, "word": words.figure(value, unit)}
