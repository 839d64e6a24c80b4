"""The launches of the library as a list for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from simulator.numerals import format_count
from simulator.peaks import short
from simulator.quantities import format_duration, format_rate
from simulator.synopsis import Synopsis

WIDTH = 100


def launch_list(launches: Sequence[Synopsis]) -> str:
    """Each launch's figures in a row, and beneath it what it teaches."""
    width = max((len(each.name) for each in launches), default=0)
    head = f"{'launch':<{width}}{'people':>13}{'peak, 1 s':>12}{'peak, chart':>22}{'looked at':>16}  let in"
    lines = [head.rstrip(), "─" * WIDTH]
    for each in launches:
        lines += row(each, width)
    return "\n".join(lines)


def row(each: Synopsis, width: int) -> Iterator[str]:
    """The lines of one launch."""
    figures = (
        f"{each.name:<{width}}{format_count(each.people):>13}{format_rate(each.second.per_s):>12}"
        f"{short(each.of_chart):>22}{format_duration(each.horizon_ns):>16}  "
    )
    first, *others = wrap(each.let_in, WIDTH - len(figures)) or [""]
    yield f"{figures}{first}".rstrip()
    for line in others:
        yield f"{'':<{len(figures)}}{line}"
    for line in wrap(each.teaches, WIDTH - 4):
        yield f"    {line}"
