"""Change: whether a difference is one, when many figures are looked at together.

Of twenty figures of two equal runs one differs by more than chance in its own 95 % interval. So the
probabilities of all figures that are judged together are adjusted: that any of them is called a
change where none of them is has a probability of 5 % at most, however they depend on one another.

Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence

from simulator.outcomes.figures.compared.difference import Difference
from simulator.outcomes.figures.compared.direction import Direction
from simulator.outcomes.figures.intervals import CONFIDENCE


class Change(enum.StrEnum):
    """What became of a figure, in one word."""

    BETTER = "better"
    WORSE = "worse"
    MORE = "more"
    LESS = "less"
    """Of what is neither good nor bad in itself."""
    NOISE = "noise"
    """No more than chance makes."""
    SAME = "same"
    """To the last digit, in every launch."""
    FEW = "too few"
    OPEN = "open"
    """Not all was seen to its end, and what was leaves it open."""
    UNKNOWN = "unknown"
    """Nobody knows it, of one of the two."""


REAL = {Change.BETTER, Change.WORSE, Change.MORE, Change.LESS}
"""More than chance makes."""
JUDGED = REAL | {Change.NOISE, Change.SAME}
"""That about which something can be said."""


def holm(p: Sequence[float]) -> list[float]:
    """Each probability, adjusted for all of them.

    >>> [round(each, 9) for each in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted, worst = [0.0] * len(p), 0.0
    for place, number in enumerate(sorted(range(len(p)), key=lambda number: p[number])):
        worst = max(worst, min(1.0, (len(p) - place) * p[number]))
        adjusted[number] = worst
    return adjusted


def changes_of(differences: Sequence[Difference], directions: Sequence[Direction]) -> list[Change]:
    """What became of each of the figures that are judged together.

    What is the same in all launches cannot be called a change by chance, and is not counted
    (Tarone 1990, "A modified Bonferroni method for discrete data"); nor is what nothing is said of.
    """
    said = [_unsaid(each) for each in differences]
    tried = [number for number, word in enumerate(said) if word is None]
    adjusted = holm([differences[number].p for number in tried])
    found = {
        number: _judged(differences[number], directions[number], p)
        for number, p in zip(tried, adjusted, strict=True)
    }
    return [found[number] if word is None else word for number, word in enumerate(said)]


def _unsaid(difference: Difference) -> Change | None:
    if difference.few:
        return Change.FEW
    if difference.undecided:
        return Change.OPEN
    if math.isnan(difference.value):
        return Change.UNKNOWN
    return Change.SAME if difference.same else None


def _judged(difference: Difference, direction: Direction, p: float) -> Change:
    if p > 1 - CONFIDENCE:
        return Change.NOISE
    grows = difference.value > 0
    if direction is Direction.NEITHER:
        return Change.MORE if grows else Change.LESS
    return Change.BETTER if grows == (direction > 0) else Change.WORSE
