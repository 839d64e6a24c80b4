"""Negative controls: what was hidden from the probe, and what the report called it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import nan

from tests.validation.runs.kept import Row

LEFT_ALONE = "nothing"
"""The control of the controls: whatever is named then is a false alarm."""


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Of each: how often it was named, of how many runs that came to their end."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["outcome"] == "measured":
            found.setdefault(row["hidden"], []).append(row)
    yield "A server is probed, then something is changed that no probe could see, and it is sent its launch. The bar: named in 9 of 10; false alarms at most 5 %.\n"
    yield "| hidden | runs | named | what was said of it |"
    yield "|---|--:|--:|---|"
    for hidden, each in found.items():
        right = sum(bool(row["named"]) for row in each)
        words = "false alarms" if hidden == LEFT_ALONE else "named"
        said = next((row["said"] for row in reversed(each) if row.get("said")), "–")
        yield f"| {hidden} | {len(each)} | {right} ({words}) | {said} |".replace("\n", " ")


def share(rows: Iterable[Row], hidden: str) -> float:
    """In how many of the runs it was named; NaN without any."""
    mine = [row for row in rows if row["outcome"] == "measured" and row["hidden"] == hidden]
    return sum(bool(row["named"]) for row in mine) / len(mine) if mine else nan
