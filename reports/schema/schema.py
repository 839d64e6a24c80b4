"""The JSON Schema of all documents, made from their types."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from reports.schema.documents.check import Check
from reports.schema.documents.comparison import Comparison
from reports.schema.documents.gauntlet import Gauntlet
from reports.schema.documents.horizon import Horizon
from reports.schema.documents.ledger import Ledger
from reports.schema.documents.planned import Planned
from reports.schema.documents.prediction import Prediction
from reports.schema.documents.recorded import Recorded
from reports.schema.documents.run import Run
from reports.schema.documents.sizing import Sizing
from reports.schema.documents.stress import Stress
from reports.schema.terms import FORMAT

DOCUMENTS: tuple[type[BaseModel], ...] = (
    Run, Prediction, Stress, Sizing, Horizon, Comparison, Recorded, Gauntlet, Check, Ledger, Planned,
)  # fmt: skip
POLICY = (
    "What surgeproof prints with --json, and the JSON files of a run. Within one format number keys are added, and none is taken"
    " away or means something else: ignore keys that you do not know. Durations, rates and sizes end in their unit (_s, _ns, _per_s)"
    ' or stand beside it ("unit": "" is a count, "s" seconds, "share" between 0 and 1, "1/s").'
)


def schema() -> dict[str, Any]:
    """One schema; each document and each of its parts is one of its definitions."""
    _, made = models_json_schema([(each, "validation") for each in DOCUMENTS])
    definitions = {name: plain(node) for name, node in sorted(made["$defs"].items())}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:surgeproof:json:{FORMAT}",
        "title": f"JSON of surgeproof, format {FORMAT}",
        "description": POLICY,
        "anyOf": [{"$ref": f"#/$defs/{each.__name__}"} for each in DOCUMENTS],
        "$defs": definitions,
    }


def schema_text() -> str:
    """As it is shipped."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def plain(node: Any) -> Any:
    """Without the titles that only repeat a name; descriptions on one line."""
    if isinstance(node, list):
        return [plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: plain(each)
        for name, each in node.items()
        if name != "title" or not isinstance(each, str)
    }
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(kept["description"].split())
    return kept
