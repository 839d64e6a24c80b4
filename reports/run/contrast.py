"""Contrast: two runs, or two predictions, held against one another.

A prediction is held against a prediction, and what was observed against what was observed: how a run
compares with its own prediction is :mod:`reports.run.comparison.comparison`. All figures that are judged, of all
sides and parts, are judged together (:mod:`simulator.outcomes.figures.compared.change`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.run.part import Part, Row, parts_of
from reports.run.side import Side
from reports.sentences.differences import conclusion
from simulator.outcomes.figures.compared.change import JUDGED, Change, changes_of
from simulator.outcomes.figures.compared.direction import direction_of
from simulator.scenario.document.changed import Changed

WORSE, UNJUDGED = 1, 3
"""Exit codes, as of a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One side held against another."""

    old: Side
    new: Side
    parts: tuple[Part, ...]
    scenario: tuple[Changed, ...] | None = None
    """What changed in the launch file; None: nobody knows."""
    environment: tuple[Changed, ...] = ()
    """What changed around it."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Of all parts."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def stopped(self) -> bool:
        """Whether the kill switch ended the new one alone."""
        return self.new.stopped and not self.old.stopped

    @property
    def is_worse(self) -> bool:
        return self.stopped or any(row.change is Change.WORSE for row in self.rows)

    @property
    def unjudged(self) -> str:
        """Why something that was to be compared could not be; empty where all was."""
        reasons = dict.fromkeys(part.why_not for part in self.parts if part.why_not)
        if reasons:
            return "; ".join(reasons)
        if any(row.change in JUDGED for row in self.rows):
            return ""
        return "they have no figure in common of which something can be said"

    @property
    def exit_code(self) -> int:
        """1: something got worse; 3: something could not be judged; 0: neither."""
        if self.is_worse:
            return WORSE
        return UNJUDGED if self.unjudged else 0

    @property
    def sentence(self) -> str:
        """What became of the new one, without a full stop."""
        told = {
            part.name: [row.told for row in part.rows if row.told and not row.is_nothing]
            for part in self.parts
        }
        return conclusion(
            self.old.name,
            self.new.name,
            told,
            stopped=self.stopped,
            unjudged=self.unjudged,
        )


def contrasts(
    pairs: Sequence[tuple[Side, Side]], *, tolerance: float = 0.0
) -> tuple[Contrast, ...]:
    """Each new side against its old one; what changed around them is not known here.

    ``tolerance``: a change of no more than this share of the old figure is none.
    """
    made = [tuple(parts_of(old, new, tolerance=tolerance)) for old, new in pairs]
    judged = [row for parts in made for part in parts for row in part.judged]
    found = iter(
        changes_of([row.difference for row in judged], [direction_of(row.kind) for row in judged])
    )

    def worded(part: Part) -> Part:
        """In the same order as above, each judged row takes the next word."""
        rows = (replace(row, change=next(found)) if row.judged else row for row in part.rows)
        return replace(part, rows=tuple(rows))

    return tuple(
        Contrast(old=old, new=new, parts=tuple(worded(part) for part in parts))
        for (old, new), parts in zip(pairs, made, strict=True)
    )


def exit_code_of(found: Sequence[Contrast]) -> int:
    """Of all of them: what got worse decides, then what could not be judged."""
    codes = {each.exit_code for each in found}
    return next((code for code in (WORSE, UNJUDGED) if code in codes), 0)
