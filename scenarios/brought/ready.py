"""A request whose meaning is known, in the words of a launch file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scenarios.brought.sayable import is_sayable
from scenarios.brought.told import Told, escaped, written

SAFE = "%/:=&?~+!$,;'@()*[]{}|^`<>\\"
"""In a path that is escaped already."""

Raw = dict[str, Any]


def ready_to_send(told: Raw) -> Raw:
    """The request as a launch file has it; JSON that no launch file can say, as its text."""
    ready: Raw = {key: value for key, value in told.items() if key != "json"}
    ready = {key: written(value) for key, value in ready.items()}
    if "json" not in told:
        return ready
    node = told["json"]
    if is_sayable(written(node)) and not any(numbers_in(node)):
        body: Raw = {"json": written(node)}
    else:
        headers = ready.get("headers", {})
        kind = {} if "Content-Type" in headers else {"Content-Type": "application/json"}
        ready["headers"] = {**headers, **kind}
        body = {"text": json_text(node)}
    after: Raw = {key: ready.pop(key) for key in ("expect", "redirects") if key in ready}
    return {**ready, **body, **after}


def numbers_in(node: Any) -> Iterator[Told]:
    """Numbers of an answer: a placeholder in JSON would make texts of them."""
    if isinstance(node, Told) and node.number:
        yield node
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from numbers_in(inner)


def json_text(node: Any) -> str:
    """JSON as a text, with placeholders in it: around those of numbers are no quotes."""
    if isinstance(node, Told):
        inner = str(node)
        return inner if node.number else ascii_json(inner)
    if isinstance(node, dict):
        pairs = (f"{ascii_json(escaped(key))}: {json_text(inner)}" for key, inner in node.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(node, list):
        return f"[{', '.join(map(json_text, node))}]"
    return json.dumps(node)


def ascii_json(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")
