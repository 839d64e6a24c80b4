"""What changed between runs or predictions, as one JSON object, for other programs.

Its keys are told in :mod:`reports.schema.documents.comparison`. A key that is not there before or now lacks "old" or "new".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from reports.files.record import number, outcome
from reports.run.contrast import Contrast, exit_code_of
from reports.run.part import Part, Row
from reports.sentences.differences import difference_text
from simulator.scenario.document.changed import MISSING, Changed

FORMAT = 1


def contrasts_record(found: Sequence[Contrast], *, tolerance: float) -> dict[str, Any]:
    """Everything that a terminal shows, and the details, as plain values."""
    return {
        "format": FORMAT,
        "document": "comparison",
        "exit_code": exit_code_of(found),
        "tolerance": tolerance,
        "comparisons": [_contrast(each) for each in found],
    }


def _contrast(contrast: Contrast) -> dict[str, Any]:
    scenario = contrast.scenario
    return {
        "old": contrast.old.name,
        "new": contrast.new.name,
        "exit_code": contrast.exit_code,
        "sentence": contrast.sentence,
        "stopped": contrast.stopped,
        "scenario": None if scenario is None else [_changed(each) for each in scenario],
        "environment": [_changed(each) for each in contrast.environment],
        "parts": [_part(each) for each in contrast.parts],
    }


def _changed(changed: Changed) -> dict[str, Any]:
    both = {"old": changed.old, "new": changed.new}
    there = {side: _plain(value) for side, value in both.items() if value is not MISSING}
    return {"key": changed.key, **there}


def _plain(value: Any) -> Any:
    """A value of TOML as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _part(part: Part) -> dict[str, Any]:
    return {
        "subject": str(part.subject),
        "provenance": part.provenance.name.lower(),
        "old": part.old and outcome(part.old),
        "new": part.new and outcome(part.new),
        "why_not": part.why_not,
        "launches": part.launches,
        "replays": {"old": part.replays[0], "new": part.replays[1]},
        "same_luck": part.same_luck,
        "only_old": list(part.only_old),
        "only_new": list(part.only_new),
        "figures": [_row(row) for row in part.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    found, unit = row.difference, row.unit
    difference = number(found.value, unit)
    if math.isinf(found.value):
        difference = {"value": None, "word": difference_text(found, unit)}
    return {
        "key": row.key,
        "label": row.label,
        "unit": unit,
        "old": number(found.old, unit, open_=found.old_open),
        "new": number(found.new, unit, open_=found.new_open),
        "difference": difference,
        "interval": [_end(found.low), _end(found.high)],
        "p": found.p,
        "by_median": found.by_median,
        "change": None if row.change is None else str(row.change),
    }


def _end(value: float) -> float | None:
    """Without an end, or unknown, where there is none."""
    return value if math.isfinite(value) else None
