"""Contents: which figures there are, under which headings; what is not known is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.planner.answer import Answer
from reports.planner.charts import breaking, choices, coming, fates, sizes, waiting
from reports.planner.charts.numbers import numbers
from reports.planner.charts.play import grid
from reports.planner.figure import Figure, Table
from reports.planner.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some figures under one heading."""

    key: str
    title: str
    figures: tuple[Figure, ...]


def contents(answer: Answer, language: Language) -> tuple[Figure, tuple[Section, ...], Table]:
    """The first picture, the sections, and the long table."""
    sizing = answer.sizing
    line = waiting.line(answer, language)
    first = sizes.chance(sizing, language) if sizing is not None and sizing.tried else line
    of_sizes: list[Figure | None] = []
    if sizing is not None:
        of_sizes = [
            sizes.frontier(sizing, language),
            choices.regret(sizing, language),
            choices.cases(sizing, language),
            choices.tornado(sizing, language),
        ]
    found = (
        ("play", [grid(answer, language)]),
        ("coming", [coming.coming(answer, language), *coming.published(answer, language)]),
        ("waiting", [line if first is not line else None, waiting.waits(answer, language)]),
        ("inside", [fates.fates(answer, language), fates.stations(answer, language)]),
        ("sizes", of_sizes),
        (
            "breaking",
            [
                breaking.breaks(sizing, language) if sizing is not None else None,
                breaking.leads(answer, language),
            ],
        ),
    )
    sections = tuple(
        Section(key=key, title=language.say(f"sections.{key}"), figures=_known(figures))
        for key, figures in found
        if any(figures)
    )
    return first, sections, numbers(answer, language)


def _known(figures: Iterable[Figure | None]) -> tuple[Figure, ...]:
    return tuple(each for each in figures if each is not None)
