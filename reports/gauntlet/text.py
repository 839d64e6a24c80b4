"""The gauntlet for a terminal: a line a launch, the worst first, and the sentence last."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from reports.gauntlet.row import Row, headline, rows_of
from reports.terminal.prediction import WIDTH
from reports.terminal.size import drawn
from simulator.advice.gauntlet.gauntlet import Gauntlet

FIX_COLUMNS = 24
"""So that a change stays on its line: "mail quota 2/s → 21.7/s"."""


def gauntlet_text(found: Gauntlet) -> str:
    """All of it; the last line is the verdict."""
    notes = [textwrap.fill(note, WIDTH, subsequent_indent="  ") for note in notes_of(found)]
    said = textwrap.fill(headline(found), WIDTH)
    return "\n".join([table_text(found, rows_of(found)), "", *notes, said, ""])


def table_text(found: Gauntlet, rows: Sequence[Row]) -> str:
    """A line a launch."""
    title = f"{found.expect:,} people as in each launch, at the doors of {found.host.name}"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    table.add_column("launch", no_wrap=True)
    table.add_column("predicted", no_wrap=True)
    table.add_column("lost", justify="right", no_wrap=True)
    table.add_column("first to break", max_width=14)
    table.add_column("smallest fix", min_width=FIX_COLUMNS)
    for row in rows:
        fix = row.fix.replace(" and ", "\nand ")
        table.add_row(row.name, row.verdict, row.lost, row.first, fix)
    return drawn(table)


def notes_of(found: Gauntlet) -> Iterator[str]:
    """How to read it, and what must not be overlooked."""
    yield (
        "lost: came, and was not served; smallest fix: the smallest single change, or else of all that"
        " runs out together, with which simulated launches hold (surgeproof size certifies one)"
    )
    for each in found.refused:
        yield f"{each.name} was not tried: {each.why}"
    if found.host.left_out:
        yield f"not measured, and so left out: {', '.join(found.host.left_out)}"
