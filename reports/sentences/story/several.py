"""Several launches said as one: by their mean, or from the smallest to the biggest."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from reports.sentences import words

ALIKE = 1.5
"""Launches whose biggest figure is no more times the smallest one are told by their mean."""
FEW = 20.0
"""A mean of fewer people is told as one: with so few, chance alone makes them differ."""


def spread(values: Sequence[float], text: Callable[[float], str]) -> str:
    """Their mean, or from the smallest to the biggest where a mean would tell of none of them.

    >>> spread([100.0, 120.0], words.count), spread([100.0, 9000.0], words.count)
    ('110', '100 to 9,000')
    """
    mean = statistics.fmean(values)
    low, high = text(min(values)), text(max(values))
    if alike(values) or low == high or (text is words.count and max(values) < FEW):
        return text(mean)
    return f"{low} to {high}"


def alike(values: Sequence[float]) -> bool:
    """Whether a mean tells what they are."""
    return max(values) <= ALIKE * min(values)


def among(part: int, every: int) -> str:
    """In how many launches something is so; nothing where it is in all of them."""
    return "" if part == every else f"in {part:,} of {words.times(every, 'launch')}"


def after(seconds: float) -> str:
    """An instant, as people say it."""
    return f"{words.duration(seconds)} after the opening" if seconds else "at the opening"


def since(seconds: float) -> str:
    """An instant from which on something is so."""
    return after(seconds) if seconds else "the opening"


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]
