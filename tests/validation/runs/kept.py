"""What came of each run, a line of JSON each, so that another session goes on where this one ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
MOST_REPEATS = 5
"""So often a run is repeated whose machine was not steady."""
STEADY = 0.10
"""By how much the yardstick may move."""


def key_of(configuration: str, number: int, load: object) -> str:
    """What no other run is called."""
    return f"{configuration}/{number}/{load}"


def keep(path: Path, row: Row) -> None:
    """Add it; a line is written whole, or by its newline known not to be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """Every run that was kept; a last line that was cut short is none."""
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n") and line.strip()]


def mend(path: Path) -> None:
    """Take away a last line that was cut short, so that what is added does not stand behind it."""
    if path.exists():
        text = path.read_text("utf-8")
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            path.write_text(whole, "utf-8")


def is_steady(row: Row) -> bool | None:
    """Whether the machine kept its speed; None: nobody looked."""
    speed = row.get("speed")
    return None if speed is None else abs(speed - 1.0) <= STEADY


def to_be_repeated(rows: Iterable[Row]) -> bool:
    """Of one run so far: whether it is sent (again)."""
    known = list(rows)
    if not known:
        return True
    last = known[-1]
    return last["outcome"] == "measured" and is_steady(last) is False and len(known) <= MOST_REPEATS


def counted(rows: Iterable[Row]) -> list[Row]:
    """The one of each run that counts: the latest. It is steady, or there are no more repeats."""
    latest: dict[str, Row] = {}
    for row in rows:
        latest[row["key"]] = row
    return list(latest.values())


def by_key(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["key"], []).append(row)
    return found
