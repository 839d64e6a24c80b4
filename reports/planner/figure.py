"""Figures: one picture, what it shows in a sentence, and its numbers beside it."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass

from reports.planner.drawing.picture import Drawn, Picture
from reports.planner.language import Language, sentence

Cell = str | float | None
"""A text, a number of its column's unit, or nothing known."""
TEXT, MONEY = "text", "money"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    key: str
    """What a program calls it; a unit stands at its end."""
    label: str
    unit: str = ""
    """As :meth:`Language.figure` knows it, or "text", or "money"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers, for people and for programs."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    currency: str = ""

    @property
    def csv(self) -> str:
        """As plain numbers: nothing rounded for the eye, no text that a spreadsheet would run."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.key for column in self.columns])
        writer.writerows([[_plain(cell) for cell in row] for row in self.rows])
        return file.getvalue()

    def said(self, language: Language) -> list[list[str]]:
        """Each cell as people read it."""
        return [
            [
                self._said(cell, column, language)
                for cell, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]

    def _said(self, cell: Cell, column: Column, language: Language) -> str:
        if cell is None:
            return "–"
        if isinstance(cell, str):
            return cell
        if column.unit == MONEY:
            return language.money(cell, self.currency)
        return language.figure(cell, column.unit)


def _plain(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    if math.isinf(cell):
        return "inf"
    return f"{cell:.6g}" if abs(cell) < 1e6 else f"{cell:.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One picture with its numbers."""

    key: str
    """What its files are called."""
    title: str
    finding: str
    """What it shows, in a sentence."""
    note: str = ""
    """How it is to be read."""
    picture: Picture | None
    table: Table

    @classmethod
    def of(
        cls, key: str, language: Language, chart: Drawn, table: Table, finding: str, note: str = ""
    ) -> Figure:
        """A figure whose title and note are the catalogue's."""
        title, said = language.say(f"figures.{key}.title"), sentence(finding)
        return cls(
            key=key,
            title=title,
            finding=said,
            note=note,
            picture=Picture.of(chart, f"{title}. {said}"),
            table=table,
        )


def brief(name: str, most: int = 26) -> str:
    """A name of a file, cut to what a picture has room for."""
    return name if len(name) <= most else f"{name[: most - 1]}…"
