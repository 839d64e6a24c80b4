"""Axes: where a value lies in a drawing, and at which round values it is marked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
TIMES_S = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    172_800, 604_800, 1_209_600, 2_592_000, 7_776_000,
)  # fmt: skip
"""Steps of time that a clock or a calendar knows."""
HEADROOM = 1.06

Said = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From a lowest to a highest value, with the marks in between."""

    low: float
    high: float
    marks: tuple[tuple[float, str], ...]
    title: str = ""

    @classmethod
    def of(
        cls,
        low: float,
        high: float,
        said: Said,
        *,
        title: str = "",
        many: int = 5,
        whole: bool = False,
    ) -> Axis:
        """Round values between two ends; of whole things, whole values."""
        marks = ticks(low, high, many, whole=whole)
        return cls(low=low, high=high, marks=tuple((at, said(at)) for at in marks), title=title)

    @classmethod
    def up_to(cls, high: float, said: Said, *, title: str = "", whole: bool = False) -> Axis:
        """From nothing to a little above the highest value."""
        top = HEADROOM * high if high > 0 else 1.0
        return cls.of(0.0, top, said, title=title, whole=whole)

    @classmethod
    def of_time(cls, end_s: float, said: Said, *, title: str, many: int = 6) -> Axis:
        """Seconds from the opening on."""
        step = next((each for each in TIMES_S if end_s / each <= many), end_s / many)
        marks = [step * number for number in range(int(end_s / step) + 1)]
        return cls(low=0.0, high=end_s, marks=tuple((at, said(at)) for at in marks), title=title)

    def at(self, value: float, from_px: float, to_px: float) -> float:
        """Where a value lies, between two ends of the drawing."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return from_px + min(1.0, max(0.0, share)) * (to_px - from_px)


def ticks(low: float, high: float, many: int, *, whole: bool = False) -> list[float]:
    """Round values within two ends, about so many.

    >>> ticks(0, 10, 5), ticks(0, 3, 5, whole=True), ticks(0.2, 1.0, 4)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.0, 1.0, 2.0, 3.0], [0.2, 0.4, 0.6, 0.8, 1.0])
    """
    if not high > low:
        return [low]
    step = _round_step((high - low) / many)
    if whole:
        step = max(1.0, math.ceil(step))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _round_step(least: float) -> float:
    unit = 10.0 ** math.floor(math.log10(least))
    return next(step * unit for step in ROUND if step * unit >= least * (1 - 1e-9))


def widest(marks: Sequence[tuple[float, str]]) -> int:
    """How many letters the longest mark has."""
    return max((len(text) for _, text in marks), default=0)
