"""The launches of the library as a list for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from simulator.plan.peaks import short
from simulator.plan.synopsis import Synopsis
from simulator.text.wording import format_count, format_duration, format_rate

WIDTH = 100
INDENT = 4 * " "


def launch_list(launches: Sequence[Synopsis]) -> str:
    """Each launch's figures in a row, and beneath it what it teaches."""
    width = max((len(each.name) for each in launches), default=0)
    head = f"{'launch':<{width}}{'people':>13}{'peak, 1 s':>12}{'peak, chart':>24}{'duration':>14}"
    lines = [head, "─" * WIDTH]
    for each in launches:
        lines += row(each, width)
    return "\n".join(lines)


def row(each: Synopsis, width: int) -> Iterator[str]:
    """The lines of one launch."""
    figures = (
        f"{each.name:<{width}}{format_count(each.people):>13}{format_rate(each.second.per_s):>12}"
        f"{short(each.of_chart):>24}{format_duration(each.horizon_ns):>14}"
    )
    yield figures
    yield from wrap(
        f"let in: {each.let_in}", WIDTH, initial_indent=INDENT, subsequent_indent=INDENT
    )
    for line in wrap(each.teaches, WIDTH - 4):
        yield f"    {line}"
