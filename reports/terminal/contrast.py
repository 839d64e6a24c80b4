"""What changed between two runs or predictions: the launch file, a chart, a table, for the terminal."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from reports.run.contrast import Contrast
from reports.run.part import Part, Row
from reports.run.shown import INSTANCES
from reports.sentences import words
from reports.sentences.differences import (
    LONGEST,
    changed_text,
    difference_text,
    new_text,
    old_text,
)
from reports.sentences.verdict import Said
from reports.terminal.bars import Bar, bars_text
from simulator.outcomes.figures.compared.change import REAL, Change
from simulator.scenario.document.changed import Changed
from simulator.text.wording import format_factor

WIDTH = 100
LONGEST_LABEL = 34
LARGE = 9.0
JUDGED_TOGETHER = (
    "Each interval is of its figure alone; the words are of all figures together (Holm): where nothing"
    " changed, at most 1 comparison in 20 calls any figure a change."
)


def contrast_text(contrast: Contrast, *, every: bool = False) -> str:
    """All but the sentence that concludes it."""
    parts = [f"{contrast.new.name} against {contrast.old.name}", "", *_around(contrast)]
    for part in contrast.parts:
        parts += ["", *_part(part, every=every)]
    return "\n".join([*parts, ""])


def _around(contrast: Contrast) -> Iterator[str]:
    if contrast.scenario is None:
        yield "changed in the launch file: not known, it was not kept"
    else:
        yield from _changes("changed in the launch file", contrast.scenario)
    if contrast.environment:
        yield from _changes("changed around it", contrast.environment, longest=WIDTH)


def _changes(heading: str, changed: Sequence[Changed], longest: int = LONGEST) -> Iterator[str]:
    figures = [each for each in changed if not each.is_basis]
    yield f"{heading}: {f'{len(figures):,}' if figures else 'nothing'}"
    width = min(LONGEST_LABEL, max((len(each.key) for each in figures), default=0))
    for each in figures:
        said = f"{each.key:<{width}}  {changed_text(each.old, each.new, longest)}"
        yield textwrap.fill(
            said, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )
    if basis := len(changed) - len(figures):
        say = "says" if basis == 1 else "say"
        yield f"  and {words.times(basis, 'key')} that {say} where figures come from"


def _part(part: Part, *, every: bool) -> Iterator[str]:
    yield f"{part.name}{_verdicts(part.old, part.new)}"
    if part.why_not:
        yield from textwrap.wrap(f"not compared: {part.why_not}", WIDTH)
        return
    if part.beside:
        yield from textwrap.wrap(part.beside, WIDTH)
    rows = [row for row in part.rows if every or _is_shown(row)]
    bars = [_bar(row) for row in rows if row.change in REAL or row.change is Change.NOISE]
    if bars:
        yield ""
        yield "change, with its 95 % interval"
        yield bars_text(bars)
    if rows:
        yield _table(rows)
    for note in _notes(part, rows):
        yield textwrap.fill(note, WIDTH)


def _verdicts(old: Said | None, new: Said | None) -> str:
    if old is None or new is None:
        return ""
    if old.outcome is new.outcome:
        return f": {new.outcome}, as before"
    return f": {old.outcome} -> {new.outcome}"


def _is_shown(row: Row) -> bool:
    return row.judged and row.change is not Change.SAME


def _bar(row: Row) -> Bar:
    """Relative to what was before; where that was nothing, or never ended, only which way it went."""
    found, before = row.difference, row.difference.old
    label = row.label if len(row.label) <= LONGEST_LABEL else f"{row.label[: LONGEST_LABEL - 1]}…"
    if not before or math.isinf(before) or math.isinf(found.value):
        way = math.copysign(math.inf, found.value) if found.value else 0.0
        said = difference_text(found, row.unit)
        return Bar(label=label, value=way, low=way, high=way, text=f"{said} {row.change}")
    share = found.value / before
    return Bar(
        label=label,
        value=share,
        low=max(-1.0, found.low / before),  # nothing is left of it then
        high=found.high / before,
        text=f"{_relative(share)} {row.change}",
    )


def _relative(share: float) -> str:
    """By how much more or less; of what grew tenfold, how many times as much it is."""
    return f"{format_factor(1 + share)} times" if share >= LARGE else words.change(share)


def _table(rows: Sequence[Row]) -> str:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("figure")
    for heading in ("old", "new", "difference, 95 % interval"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for row in rows:
        found = row.difference
        table.add_row(
            row.label,
            old_text(found, row.unit),
            new_text(found, row.unit),
            difference_text(found, row.unit),
            "" if row.change is None else str(row.change),
        )
    file = io.StringIO()
    console = Console(
        file=file, width=WIDTH, color_system=None, highlight=False, markup=False, emoji=False
    )
    console.print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().splitlines())


def _notes(part: Part, rows: Sequence[Row]) -> Iterator[str]:
    same = [row.label for row in part.judged if row.change is Change.SAME and not _is_dull(row)]
    judged = any(row.change is Change.NOISE or row.change in REAL for row in part.judged)
    if same and not judged:
        yield f"All that is known is the same in both, launch by launch: {words.times(len(same), 'figure')}."
    elif same:
        yield f"The same in both: {', '.join(same)}."
    if not part.beside:
        yield _noise(part)
    if judged:
        yield JUDGED_TOGETHER
    if any(row.difference.by_median for row in rows):
        yield "Medians of the launches, where some never end; else means."
    if any(row.difference.old_open or row.difference.new_open for row in rows):
        yield "> (more than): some had not ended by the end; compared as far as seen."
    for labels, side in ((part.only_old, "old"), (part.only_new, "new")):
        if labels:
            yield f"Only the {side} one has: {_listed(labels)}."
    if left_out := sum(not row.judged for row in part.rows if row not in rows):
        yield f"{words.times(left_out, 'more row')} with --all: details, which are not judged."


def _is_dull(row: Row) -> bool:
    """Whether it is nothing on both sides, or one instance that is always up."""
    return row.difference.old == (1.0 if row.kind in INSTANCES else 0.0)


def _noise(part: Part) -> str:
    """What chance is made of, and what not."""
    many = words.times(part.launches, "launch")
    if part.is_observed and sum(part.replays) > 2:
        old, new = part.replays
        return (
            f"Noise is how far equal replays lie apart: {old:,} of old and {new:,} of new, by their seeds."
            " Fewer tell only larger changes."
        )
    if part.is_observed:
        return (
            "Noise is how far one rehearsal of either moves by the luck of its service times, as"
            f" {many} of each were predicted. What a machine does from one day to the next is not in"
            " it: compare two equal runs to see that."
        )
    if part.same_luck:
        return (
            f"{many} of each, with the same luck: noise is that of their differences, pair by pair."
        )
    return f"{many} of each, with other seeds: noise is that of both."


def _listed(labels: Sequence[str], most: int = 6) -> str:
    more = len(labels) - most
    return ", ".join(labels[:most]) + (f" and {more} more" if more > 0 else "")
