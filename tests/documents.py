"""JSON documents held to the schema that is shipped: each key that they have is told, and each that is told they have."""

import json
from functools import cache
from typing import Any

import jsonschema

from reports.schema.page import SCHEMA_FILE


@cache
def shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA_FILE.read_text("utf-8"))
    return found


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """Of one document, in which no key may be that the schema does not tell."""
    definitions = {each: closed(node) for each, node in shipped()["$defs"].items()}
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})


def closed(node: Any) -> Any:
    """The schema without its permission to have further keys."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    open_ = node.get("additionalProperties") is True
    return {key: closed(each) for key, each in node.items()} | (
        {"additionalProperties": False} if open_ else {}
    )


def held(text: str, name: str) -> Any:
    """The document in a text, as strict JSON; it is what the schema says of a ``name``."""
    found = json.loads(text, parse_constant=refused)
    validator(name).validate(found)
    return found


def refused(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")
