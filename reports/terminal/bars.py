"""Bars around zero: changes with their intervals, one below the other, for the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIDE = 22
"""Characters to the left of zero, and as many to the right."""
LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""How far an axis may reach. Nothing shrinks by more than all of it; what grows by more has an arrow."""
ROUNDING = 1e-9
ZERO, LINE, VALUE, LEFT, RIGHT, LESS, MORE = "│─●├┤◄►"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A change, and between what it lies, as shares of what was before; infinite beyond any."""

    label: str
    value: float
    low: float
    high: float
    text: str = ""
    """What stands behind the bar."""


def limit_of(bars: Sequence[Bar]) -> float:
    """The shortest axis that shows every interval, or 100 %."""
    reach = max((abs(end) for bar in bars for end in (bar.low, bar.high)), default=0.0)
    return next((limit for limit in LIMITS if reach <= limit), LIMITS[-1])


def drawn(bar: Bar, limit: float) -> str:
    """The characters of one bar.

    >>> drawn(Bar(label="", value=0.5, low=0.25, high=0.75), 1.0)
    '                      │     ├────●────┤      '
    """
    cells = [" "] * (2 * SIDE + 1)
    low, value, high = (_cell(end, limit) for end in (bar.low, bar.value, bar.high))
    for cell in range(low, high + 1):
        cells[cell] = LINE
    cells[SIDE] = ZERO
    cells[low], cells[high] = LEFT, RIGHT
    cells[value] = VALUE
    if bar.low < -limit - ROUNDING:
        cells[0] = LESS
    if bar.high > limit + ROUNDING:
        cells[-1] = MORE
    return "".join(cells)


def _cell(share: float, limit: float) -> int:
    if math.isinf(share):
        return 2 * SIDE if share > 0 else 0
    return SIDE + round(max(-1.0, min(1.0, share / limit)) * SIDE)


def bars_text(bars: Sequence[Bar]) -> str:
    """All of them on one axis, which stands below; they must not be none."""
    limit = limit_of(bars)
    width = max(len(bar.label) for bar in bars)
    lines = [f"{bar.label:>{width}} {drawn(bar, limit)} {bar.text}".rstrip() for bar in bars]
    ends = f"-{100 * limit:g} %", f"+{100 * limit:g} %"
    gap = SIDE - len(ends[0])
    axis = f"{ends[0]}{'':{gap}}0{ends[1]:>{SIDE}}"
    return "\n".join([*lines, f"{'':{width}} {axis}"])
