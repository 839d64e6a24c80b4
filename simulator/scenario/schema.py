"""The JSON Schema of a scenario, so that editors complete and check while one types."""

from __future__ import annotations

import json
from typing import Any

from simulator.scenario.words.document import Document


def schema_text() -> str:
    """The schema as it is shipped beside the library of launches."""
    schema = without_null(Document.model_json_schema())
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A launch, for surgeproof",
        **{key: value for key, value in schema.items() if key != "title"},
        # The stations may stand in the file that `system` names.
        "required": [key for key in schema["required"] if key != "station"],
        "anyOf": [{"required": ["station"]}, {"required": ["system"]}],
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def without_null(node: Any) -> Any:
    """The schema without what TOML cannot say: there, what is not set is left out."""
    if isinstance(node, list):
        return [without_null(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    kept = {key: without_null(value) for key, value in node.items() if not _says_null(key, value)}
    choices = [choice for choice in kept.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        alone = choices[0]
        return {**alone, **{key: value for key, value in kept.items() if key != "anyOf"}}
    return {**kept, "anyOf": choices} if choices else kept


def _says_null(key: str, value: Any) -> bool:
    # A title generated from a field's name repeats it.
    return (key == "default" and value is None) or (key == "title" and isinstance(value, str))
