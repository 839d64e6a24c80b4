"""The table that [data] names: its columns and how many rows it has become part of the document.

The rows themselves do not: they may be anybody's, and stay where they are. Whoever sends visitors reads
them once more, by the same function.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from simulator.errors import Mistake, ScenarioError
from simulator.host.named_files import Read, text_of

Rows = list[dict[str, str]]
REMEDY = "a line of names, and a line for each visitor: email,password"


class WrongData(Exception):
    """A table that cannot be used: what is wrong, without what stands in it."""


def rows_of(text: str) -> tuple[tuple[str, ...], Rows]:
    """The columns and rows of a CSV file; empty lines are nothing.

    Raises :class:`WrongData`.
    """
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=delimiter(text))
    try:
        lines = [(reader.line_num, line) for line in reader if any(map(str.strip, line))]
    except csv.Error as wrong:
        raise WrongData(f"is not CSV from line {reader.line_num} on ({wrong})") from None
    if not lines:
        raise WrongData("is empty")
    columns = tuple(name.strip() for name in lines[0][1])
    if wrong_name := next((n for n, name in enumerate(columns, 1) if not usable(name, columns)), 0):
        raise WrongData(f"has no usable name of its own for column {wrong_name}")
    for number, line in lines[1:]:
        if len(line) != len(columns):
            raise WrongData(
                f"is not even: line {number} has {len(line)} of the {len(columns)} fields that its"
                " first line names"
            )
    return columns, [dict(zip(columns, line, strict=True)) for _, line in lines[1:]]


def delimiter(text: str) -> str:
    """A comma; or what else stands in the line of names, and no comma does."""
    first = text.partition("\n")[0]
    return next((mark for mark in (",", ";", "\t") if mark in first), ",")


def usable(name: str, columns: tuple[str, ...]) -> bool:
    return bool(name) and not set(name) & set(".{}") and columns.count(name) == 1


def with_data(document: dict[str, Any], file: str, read: Read | None) -> dict[str, Any]:
    """The document with what its table holds, where it names one.

    Raises :class:`ScenarioError` where it cannot be read.
    """
    data = document.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("file"), str) or "columns" in data:
        return document
    named = data["file"]
    text = text_of(named, read, file, "data.file", "leave [data] out")
    try:
        columns, rows = rows_of(text)
    except WrongData as wrong:
        raise ScenarioError([Mistake(file, "data.file", f'"{named}" {wrong}', REMEDY)]) from None
    return {**document, "data": {**data, "columns": list(columns), "rows": len(rows)}}


def other_data(document: Mapping[str, Any], merged: Mapping[str, Any], file: str) -> list[Mistake]:
    """What a variant or a setting would have to read: the table is read once, for the file."""
    if document.get("data") == merged.get("data"):
        return []
    problem = "cannot be changed by a variant or a setting"
    return [Mistake(file, "data", problem, "have a launch file for each table")]
