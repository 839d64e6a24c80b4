"""Where something stands in a document, and how it is named to people."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Self

Path = tuple[str | int, ...]


def closest(wrong: str, known: Iterable[str], listed: Iterable[str] | None = None) -> str:
    """A remedy for a name that does not exist; ``listed``: those to be told where none is near."""
    names = sorted(set(known))
    near = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    names = names if listed is None else sorted(set(listed))
    return "known: " + ", ".join(names) if names else "there is none"


def key_of(path: Path, document: Any) -> str:
    """A path as people write it: an entry of an array goes by its name, else by its number from 1.

    What is not in the document (the choice among the shapes of a surge, the parts of a shorthand)
    is left out.

    >>> key_of(("people", 0, "retries", "cap"), {"people": [{"name": "early", "retries": {}}]})
    'people.early.retries.cap'
    """
    key, node = "", document
    for step in path:
        if isinstance(step, int) and isinstance(node, list):
            node = node[step]
            # A surge without a name goes by its shape.
            name = node.get("name", node.get("shape")) if isinstance(node, dict) else None
            key += f".{name}" if isinstance(name, str) else f"[{step + 1}]"
        elif isinstance(node, dict) and (step in node or node.get("shape") != step):
            node = node.get(step)
            key += f".{step}"
        elif not isinstance(node, dict):
            break
    return key.removeprefix(".")


def shown(value: object) -> str:
    """A value, short enough for a sentence."""
    if isinstance(value, Unquoted):
        return str(value)
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:37]}..."'
    return str(value)


class Unquoted(str):
    """A value of which only its kind is told."""

    def __new__(cls, value: object) -> Self:
        return super().__new__(cls, kind_of(value))


def kind_of(value: object) -> str:
    """What a value is, without itself."""
    if isinstance(value, (Mapping, list, tuple, bool)):
        return shown(value)
    if isinstance(value, (int, float)):
        return "a number"
    return "a string" if isinstance(value, str) else "a date and time"
