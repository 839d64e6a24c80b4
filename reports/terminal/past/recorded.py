"""A prediction beside what the logs of its launch recorded, in a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.run.past.came import waterfall_text
from reports.run.past.recorded import Recorded
from reports.sentences import words
from reports.terminal.table import WIDTH, text_of


def recorded_text(found: Recorded, *, every: bool = False) -> str:
    """What was read, the table, how many figures came as predicted, and whether the prediction came true."""
    file = io.StringIO()
    console = Console(
        file=file, highlight=False, markup=False, emoji=False, width=WIDTH, color_system=None
    )
    console.print(Text("\n".join(head(found))))
    console.print()
    console.print(table_of(found, every=every))
    console.print(Text("\n".join(notes(found))))
    console.print(Text(found.came.sentence))
    for each in found.waterfalls:
        console.print(Text(f"  {waterfall_text(each)}"))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines()).rstrip("\n")


def head(found: Recorded) -> Iterator[str]:
    yield f"{found.launch}: predicted, and as its logs recorded it"
    yield f"opening: {found.opening}"
    yield (
        f"{words.times(found.visits, 'visit')} by {words.times(found.attempts, 'request')} of"
        f" {words.times(found.clients, 'host')}"
    )
    if found.strays:
        yield f"{words.times(found.strays, 'request')} of visits whose beginning is not in the log"
    if found.clients < 2:
        yield "the log tells no hosts apart, so retries and later steps cannot be put to their visits"
    if not found.timed:
        yield (
            "the log does not say how long requests took: add that to its format ($request_time in"
            " nginx), or name the field with --fields"
        )
    if found.lined:
        yield (
            "who came to the line, waited in it and left it is in no access log, so nobody can say how"
            " much of an error they made"
        )


def table_of(found: Recorded, *, every: bool) -> Table:
    comparison = found.comparison
    lines = comparison.lines if every else [one for one in comparison.short if not one.is_nothing]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for name in ("predicted", "middle 95 %", "recorded", "error"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("within", no_wrap=True)
    for line in lines:
        spread = line.rehearsal.spread if line.rehearsal else ""
        recorded = text_of(line.observed) or words.NOTHING
        table.add_row(
            line.figure.label,
            text_of(line.rehearsal),
            spread,
            recorded,
            line.error_text,
            line.within_text,
        )
    return table


def notes(found: Recorded) -> Iterator[str]:
    within = [line.within for line in found.comparison.varying]
    if within:
        yield (
            f"{sum(map(bool, within))} of {words.times(len(within), 'figure')} that could be held"
            " against it lay in the predicted range"
        )
    else:
        yield "no figure could be held against its prediction"
