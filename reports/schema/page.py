"""The page of all documents: ``python -m reports.schema.page`` writes ``docs/json.md`` anew, and the schema.

Every word on it is of the schema; tests hold both to the types that they are made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.schema.schema import DOCUMENTS, POLICY, schema, schema_text

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
SCHEMA_FILE = Path(__file__).with_name("surgeproof.schema.json")
HEAD = f"""\
<!-- Written by `python -m reports.schema.page` from reports/schema. Change that, not this page. -->

# JSON

{POLICY}

`predict`, `size`, `replay`, `report`, `compare`, `gauntlet`, `check` and `ledger` print one JSON document on stdout with `--json`, and everything else on
stderr; the exit code is the same as without. Where there is nothing to tell (a mistake in the command, a launch file that is wrong,
a target that was refused), stdout is empty, but for `check`. JSON is strict: no NaN, no Infinity. "format" says which number a document has,
and "document" which of the following it is. What was written before "document" was added has the same format, and lacks the keys added since.

[The schema](../reports/schema/surgeproof.schema.json) (JSON Schema, draft 2020-12) lies in the package:

```python
import json
from importlib.resources import files

schema = json.loads((files("reports.schema") / "surgeproof.schema.json").read_text("utf-8"))
```

It describes the documents of its own version. A document can be held against it, or against one of its definitions
(`{{"$ref": "#/$defs/Run", ...}}`), with any validator, such as Python's `jsonschema`.
"""
TYPES = {"null": "null", "integer": "whole number"}


def page() -> str:
    """The documents, then what they are made of."""
    definitions: dict[str, Any] = schema()["$defs"]
    first = [each.__name__ for each in DOCUMENTS]
    others = sorted(definitions.keys() - set(first))
    parts = [HEAD, "## Documents\n", *(section(name, definitions[name]) for name in first)]
    parts += ["## What they are made of\n", *(section(name, definitions[name]) for name in others)]
    return "\n".join(parts)


def section(name: str, node: Mapping[str, Any]) -> str:
    """One object: a line for each of its keys."""
    lines = [f"### {name}\n", f"{node.get('description', '')}\n"]
    if "properties" in node:
        lines += ["| key | value | meaning |", "|---|---|---|", *rows(node)]
    else:
        lines += [f"{type_of(node)}"]
    return "\n".join(lines) + "\n"


def rows(node: Mapping[str, Any]) -> Iterator[str]:
    """Of a key that is not always there this is said."""
    required = node.get("required", ())
    for key, value in node["properties"].items():
        always = "" if key in required else " (not always there)"
        said = value.get("description", "").replace("|", "\\|")
        yield f"| `{key}` | {type_of(value)}{always} | {said} |"


def type_of(node: Mapping[str, Any]) -> str:
    """The type of a value, in a few words; of an object the link to it."""
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in node:
        return " or ".join(map(type_of, node["anyOf"]))
    if "const" in node:
        return f"`{node['const']}`" if node["const"] != "" else "empty"
    if "enum" in node:
        return ", ".join(f"`{each}`" if each else "empty" for each in node["enum"])
    kind = str(node.get("type", "anything"))
    if kind == "array":
        return array(node)
    if kind == "object" and isinstance(node.get("additionalProperties"), dict):
        return f"object of {type_of(node['additionalProperties'])} by name"
    return TYPES.get(kind, kind)


def array(node: Mapping[str, Any]) -> str:
    """Of one type or, where its length is fixed, of one for each place."""
    if "prefixItems" in node:
        return f"[{', '.join(map(type_of, node['prefixItems']))}]"
    return f"list of {type_of(node['items'])}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
