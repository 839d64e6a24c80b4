"""How much is needed, for a terminal: the verdict first, then what to provision, then what else there is."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from reports.sentences import words
from reports.sentences.sizing.size import (
    bought_text,
    cost_text,
    search_lines,
    size_sentence,
    value_text,
)
from reports.terminal.chart import chart
from reports.terminal.prediction import WIDTH
from simulator.advice.size.answer import Sizing
from simulator.advice.size.trials import Tried


def size_text(sizing: Sizing, notes: Sequence[str] = (), *, today: bool = True) -> str:
    """All of it; the first line is the verdict. ``notes`` come behind what to provision.

    ``today``: whether there is a system today, and not only a question.
    """
    parts = [textwrap.fill(size_sentence(sizing), WIDTH), ""]
    shown = sizing.certificate or sizing.nearest
    if shown is not None:
        parts += [_provision(sizing, shown.tried, today=today), ""]
    parts += [textwrap.fill(note, WIDTH, subsequent_indent="  ") for note in notes]
    parts += [""] if notes else []
    lines = (
        textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")
        for line in search_lines(sizing)
    )
    parts += ["what was searched", *lines, ""]
    if len(sizing.frontier) > 1:
        parts += [_chart(sizing), "", _frontier(sizing), ""]
    return "\n".join(parts)


def _provision(sizing: Sizing, tried: Tried, *, today: bool) -> str:
    """Each knob today and as needed, and what both cost."""
    table = Table(box=box.SIMPLE_HEAD, title="what to provision", title_justify="left")
    table.add_column("what")
    for heading in ["today"] * today + ["needed"]:
        table.add_column(heading, justify="right")
    for knob, value in zip(sizing.knobs, tried.candidate.values, strict=True):
        values = [knob.now] * today + [value]
        table.add_row(knob.key, *(value_text(knob, each) for each in values))
    costs = [sizing.today.cost] * today + [tried.cost]
    table.add_row("altogether", *(cost_text(sizing.prices, each) for each in costs))
    return drawn(table)


def _chart(sizing: Sizing) -> str:
    title = "people lost in a launch, by what it costs"
    points = [(each.cost, each.lost) for each in sizing.frontier]
    drawn_chart = chart(
        points, x_label=lambda cost: cost_text(sizing.prices, cost), y_label=words.count
    )
    return f"{title}\n{drawn_chart}"


def _frontier(sizing: Sizing) -> str:
    """What less and more would do."""
    table = Table(
        box=box.SIMPLE_HEAD, title="what each choice costs, on the same luck", title_justify="left"
    )
    table.add_column("cost", justify="right")
    table.add_column("what")
    for heading in ("people lost", "95 % wait at most", "launches that hold"):
        table.add_column(heading, justify="right")
    for each in sizing.frontier:
        table.add_row(
            cost_text(sizing.prices, each.cost),
            bought_text(each.candidate, sizing).rstrip(","),
            words.count(each.lost),
            words.duration(each.wait_p95_s),
            f"{each.holds:,} of {len(each.trials):,}",
        )
    return drawn(table)


def drawn(table: Table) -> str:
    """A table as text."""
    file = io.StringIO()
    Console(file=file, width=WIDTH, color_system=None, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().splitlines())
