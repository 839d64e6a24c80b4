"""A document written as TOML; comments are lost, values are not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, Any]) -> str:
    """The document as TOML, which tomllib reads back as the same document."""
    return "\n".join(_table(document, ())).strip() + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Plain values first: what follows a header belongs to its table."""
    for key, value in table.items():
        if not isinstance(value, dict) and not _is_tables(value):
            yield f"{key_text(key)} = {_value(value)}"
    for key, value in table.items():
        inner = (*path, key)
        if isinstance(value, dict):
            yield from ("", f"[{_dotted(inner)}]", *_table(value, inner))
        elif _is_tables(value):
            for entry in value:
                yield from ("", f"[[{_dotted(inner)}]]", *_table(entry, inner))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def key_text(key: str) -> str:
    """A key, in quotes if it must be."""
    # Not match and $: that would let a newline at the end pass.
    return key if BARE.fullmatch(key) else quoted(key)


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(key_text(key) for key in path)


def quoted(text: str) -> str:
    """A text on one line."""
    # JSON writes a text as TOML reads it, but for one character that TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    if isinstance(value, dict):
        inside = ", ".join(f"{key_text(key)} = {_value(entry)}" for key, entry in value.items())
        return f"{{ {inside} }}"
    return repr(value)
