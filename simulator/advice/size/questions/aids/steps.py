"""Steps: the next value of a knob each way, and the border between what does and what does not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from simulator.advice.change.smallest import FINENESS
from simulator.advice.size.knobs import Knob

HALVINGS = 16
"""From a factor of a million down to a step."""

GROWS = 4.0
"""From one step to the next, of a search for values of any order."""

Does = Callable[[float], bool]
"""Whether a value does what is asked."""


def step(knob: Knob, value: float) -> float:
    """One step at a value: a twentieth of it; of what is counted, at least one."""
    size = (FINENESS - 1.0) * value
    return float(max(1, round(size))) if knob.tweak.whole else size


def beside(knob: Knob, value: float, *, up: bool) -> float | None:
    """The next value up or down; None: the range ends there."""
    if knob.choices:
        others = [each for each in knob.choices if (each > value if up else each < value)]
        return min(others, key=lambda each: abs(each - value), default=None)
    further = value + step(knob, value) if up else value - step(knob, value)
    bounded = within(knob, further)
    return None if bounded == value else bounded


def within(knob: Knob, value: float) -> float:
    """The nearest value that is possible and in range; of what is counted or listed, the one above."""
    if knob.choices:
        return next((each for each in knob.choices if each >= value - 1e-9), knob.choices[-1])
    if knob.tweak.whole:
        value = float(math.ceil(value - 1e-9))
    return min(max(value, knob.low), knob.high)


def outward(knob: Knob, value: float, *, up: bool) -> Iterator[float]:
    """Values ever further away, the first of them a step, to the range's end."""
    if knob.choices:
        yield from (
            (each for each in knob.choices if each > value)
            if up
            else (each for each in reversed(knob.choices) if each < value)
        )
        return
    size = step(knob, value) or step(knob, knob.high)
    while True:
        further = within(knob, value + size if up else value - size)
        if further == value:
            return
        yield further
        value, size = further, GROWS * size


def border(knob: Knob, does_not: float, does: float, try_: Does) -> float:
    """The last value that does, between one that does not and one that does, to a step."""
    for _ in range(HALVINGS):
        middle = _middle(knob, does_not, does)
        if abs(does - does_not) <= step(knob, min(does, does_not)) or middle in (does, does_not):
            break
        if try_(middle):
            does = middle
        else:
            does_not = middle
    return does


def _middle(knob: Knob, one: float, other: float) -> float:
    """In the middle of the ratio: a knob may be turned over several powers of ten."""
    ratio = (
        math.sqrt(max(one, 0.5) * max(other, 0.5)) if knob.tweak.whole else math.sqrt(one * other)
    )
    middle = ratio if ratio > 0 else (one + other) / 2.0
    if knob.choices:
        return min(knob.choices, key=lambda each: abs(each - middle))
    return float(round(middle)) if knob.tweak.whole else middle
