"""Tables of a plain document with some of their values changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Raw = dict[str, Any]


def each(entries: Any, change: Callable[[Raw], Raw]) -> Any:
    """Every table of an array, or of a table that names them."""
    if isinstance(entries, dict):
        return {name: change(entry) for name, entry in entries.items()}
    return [change(entry) for entry in entries]


def with_each(table: Mapping[str, Any], changes: Mapping[str, Callable[[Any], Any]]) -> Raw:
    """The table with some of its values changed."""
    return {key: changes[key](value) if key in changes else value for key, value in table.items()}


def inside(changes: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """What changes some values of a table within a table."""
    return lambda table: with_each(table, changes) if isinstance(table, dict) else table
