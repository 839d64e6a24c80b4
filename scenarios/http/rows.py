"""The rows of the launch's table, for who sends visitors and for who measures before.

Visitors of a replay take them from the first on, by their places in the plan. The probe's people take them
from the last on, so that what they do with theirs is nobody's trouble while there are enough for both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from scenarios.text_files import bytes_of, decoded
from simulator.errors import UsageError
from simulator.host.named_files import NotRead
from simulator.scenario.document.data import Rows, WrongData, rows_of


def rows_in(file: Path | None) -> Rows:
    """All of them; none where the launch names no table.

    Raises UsageError where it cannot be read any more.
    """
    if file is None:
        return []
    try:
        return rows_of(decoded(bytes_of(file)))[1]
    except (OSError, NotRead, WrongData) as wrong:
        raise UsageError(
            f"{file} cannot be read any more ({wrong}): leave it in its place"
        ) from None


def row_of_probe(rows: Sequence[Mapping[str, str]], number: int) -> Mapping[str, str] | None:
    """The row of the probe's person of that number, from 1 on; None where there is no table.

    Raises UsageError where everybody else has had the others.
    """
    if not rows:
        return None
    if number > len(rows):
        raise UsageError(
            f"the launch's table has {len(rows):,} rows, and the probe has used them all: add rows, or"
            " probe with fewer --requests, or a shorter --within"
        )
    return rows[-number]
