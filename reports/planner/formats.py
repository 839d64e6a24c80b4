"""Formats: the same answer as a page, as Markdown, as JSON, and each picture and table as a file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from reports.planner.answer import Answer
from reports.planner.figure import Cell, Figure, Table
from reports.planner.language import Language
from reports.planner.page import Contents, page_text
from reports.planner.said.first import outcome_of, tiles
from reports.planner.said.method import objectives, reproduction

FORMAT = 1
MOST_ROWS = 24
"""A longer table is a file of its own."""
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")

File = tuple[str, str | bytes]
"""A file's name, and what is in it."""


def html(answer: Answer, language: Language, found: Contents) -> Iterator[File]:
    """The page."""
    yield "report.html", page_text(answer, language, found)


def csv(_answer: Answer, _language: Language, found: Contents) -> Iterator[File]:
    """A file for each table."""
    for figure in found.figures:
        yield f"{figure.key}.csv", figure.table.csv
    yield "figures.csv", found.numbers.csv


def svg(_answer: Answer, _language: Language, found: Contents) -> Iterator[File]:
    """A file for each picture."""
    for figure in found.figures:
        if figure.picture:
            yield f"{figure.key}.svg", figure.picture.svg


def png(_answer: Answer, _language: Language, found: Contents) -> Iterator[File]:
    """The same in points."""
    for figure in found.figures:
        if figure.picture:
            yield f"{figure.key}.png", figure.picture.png


def json_(answer: Answer, language: Language, found: Contents) -> Iterator[File]:
    """All that is told, with its numbers, for a program."""
    record = {
        "format": FORMAT,
        "document": "report",
        "language": language.code,
        "launch": answer.told.name,
        "outcome": outcome_of(answer).value,
        "verdict": found.headline,
        "answers": [
            {"question": each.question, "answer": each.answer, "lines": list(each.lines)}
            for each in tiles(language, answer)
        ],
        "charts": {figure.key: _record(figure) for figure in found.figures},
        "figures": _rows(found.numbers),
        "assumptions": [
            {
                "key": each.key, "value": each.value, "standing": each.standing.value,
                "source": each.source, "url": each.url,
            }
            for each in answer.told.assumptions
        ],
        "made": {
            "command": answer.made.command,
            "at": answer.made.at.isoformat(),
            "seed": answer.made.seed,
            "engine": answer.made.engine,
            "versions": answer.made.versions,
            "sha256": answer.made.sha256,
        },
    }  # fmt: skip
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    yield "report.json", f"{text}\n"


def _record(figure: Figure) -> dict[str, Any]:
    return {
        "title": figure.title,
        "finding": figure.finding,
        "note": figure.note,
        "rows": _rows(figure.table),
    }


def _rows(table: Table) -> list[dict[str, Cell]]:
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, map(_strict, row), strict=True)) for row in table.rows]


def _strict(cell: Cell) -> Cell:
    """What strict JSON can hold: null for what is unknown, "inf" for what never ends."""
    if not isinstance(cell, float) or math.isfinite(cell):
        return cell
    return None if math.isnan(cell) else "inf"


# Markdown -----------------------------------------------------------------------------------------


def markdown(answer: Answer, language: Language, found: Contents) -> Iterator[File]:
    """For a wiki, a merge request, or a mail."""
    yield "report.md", "\n".join([*_lines(answer, language, found), ""])


def _lines(answer: Answer, language: Language, found: Contents) -> Iterator[str]:
    say = language.say
    yield f"# {escaped(answer.told.name)}\n"
    yield f"**{escaped(found.headline)}**\n"
    for tile in tiles(language, answer):
        yield f"- {escaped(tile.question)}: **{escaped(tile.answer)}**"
        yield from (f"  - {escaped(line)}" for line in tile.lines)
    yield ""
    yield from _figure(found.first, language, 2)
    for section in found.sections:
        yield f"## {escaped(section.title)}\n"
        for figure in section.figures:
            yield from _figure(figure, language, 3)
    yield f"## {say('sections.objectives')}\n"
    head = [say(f"columns.{key}") for key in ("objective", "found", "limit", "outcome", "why")]
    yield from _grid(head, [[*row[:4], row[5]] for row in objectives(answer, language)])
    if answer.told.assumptions:
        yield f"## {say('sections.assumptions')}\n"
        head = [say(f"columns.{key}") for key in ("input", "value", "basis", "source")]
        rows = [
            [each.key, each.value, say(f"standings.{each.standing}"), each.source]
            for each in answer.told.assumptions
        ]
        yield from _grid(head, rows)
    yield f"## {say('sections.reproduce')}\n"
    yield from _grid(["", ""], [list(row) for row in reproduction(answer, language)])
    yield f"## {say('sections.numbers')}\n"
    yield from _table(found.numbers, language)


def _figure(figure: Figure, language: Language, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escaped(figure.title)}\n"
    yield f"{escaped(figure.finding)}\n"
    if figure.note:
        yield f"{escaped(figure.note)}\n"
    if len(figure.table.rows) <= MOST_ROWS:
        yield from _table(figure.table, language)


def _table(table: Table, language: Language) -> Iterator[str]:
    yield from _grid([column.label for column in table.columns], table.said(language))


def _grid(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(escaped, head))} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(map(escaped, row))} |" for row in rows)
    yield ""


def escaped(text: str) -> str:
    r"""Text that stays text in Markdown.

    >>> escaped("a|b <script>")
    'a\\|b \\<script\\>'
    """
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


FORMATS: dict[str, Callable[[Answer, Language, Contents], Iterator[File]]] = {
    "html": html, "md": markdown, "json": json_, "csv": csv, "svg": svg, "png": png,
}  # fmt: skip
