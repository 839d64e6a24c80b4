"""Sizing: how far one thing has to be turned, by doubling and then halving in between.

What does harm if there is too much of it (:data:`simulator.advice.change.turn.NARROW`) may hold only between two
sizes that are close to one another: there the steps are smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak

DOUBLINGS = 6
"""A change by more than 64 times is no change, but another system."""
STEPS_OF_FIRST = 4
"""Of what is narrow: so many steps to each of the first two doublings."""
PARTS_TO_BEARABLE = (0.25, 0.5, 0.75, 0.9, 1.0)
"""Of the way, as a ratio, from a rate to the one that the stations can serve."""
FINENESS = 1.05
"""What is no count is found to 5 %."""
FIRST_PAUSE_NS = 1_000_000_000.0
"""The first backoff that is tried where there is none."""

Passes = Callable[[float], bool]


def smallest_value(tweak: Tweak, passes: Passes, least: float = math.inf) -> float | None:
    """The smallest value that passes, if its change is smaller than the least one known."""
    if tweak.at_once:
        return tweak.now if passes(tweak.now) else None
    fails = tweak.now or FIRST_PAUSE_NS / 2
    for value in sizes(tweak, least):
        if passes(value):
            return between(tweak, fails, value, passes)
        fails = value
    return None


def sizes(tweak: Tweak, least: float) -> Iterable[float]:
    """Ever bigger sizes; where a smaller change is known, only those below it: the biggest, or all."""
    if math.isfinite(least) and not tweak.narrow:
        value = inside(tweak, tweak.now * math.exp(least if tweak.up else -least))
        goes_there = value > tweak.now if tweak.up else 0 < value < tweak.now
        return [value] if goes_there else []
    first = tweak.now or FIRST_PAUSE_NS / 2
    steps = {*narrow_steps(tweak), *doublings(tweak)} if tweak.narrow else doublings(tweak)
    values = dict.fromkeys(tweak.rounded(first * factor) for factor in sorted(steps, key=change))
    goes = [value for value in values if value > 0 and (value != first or tweak.turn is Turn.LINE)]
    return goes if math.isinf(least) else [v for v in goes if tweak.change_to(v) < least]


def change(factor: float) -> float:
    """How big a change a factor is."""
    return abs(math.log(factor))


def doublings(tweak: Tweak) -> list[float]:
    """The factors of a search among sizes of any order."""
    # A line is a change even if it lets in as many as can be served.
    start = 0 if tweak.turn is Turn.LINE else 1
    return [_factor(tweak, number) for number in range(start, DOUBLINGS + 1)]


def narrow_steps(tweak: Tweak) -> list[float]:
    """Factors close to one another, and those towards what the stations can serve."""
    near = [_factor(tweak, step / STEPS_OF_FIRST) for step in range(1, 2 * STEPS_OF_FIRST)]
    if tweak.bearable is None or not tweak.now or tweak.bearable == tweak.now:
        return near
    whole = tweak.bearable / tweak.now
    there = [whole**part for part in PARTS_TO_BEARABLE]
    return [*near, *(factor for factor in there if (factor > 1) == tweak.up)]


def _factor(tweak: Tweak, doublings: float) -> float:
    return float(2.0**doublings if tweak.up else 0.5**doublings)


def between(tweak: Tweak, fails: float, value: float, passes: Passes) -> float:
    """The border between a size that fails and one that passes."""
    while not near(tweak, fails, value):
        middle = float((fails + value) // 2) if tweak.whole else math.sqrt(fails * value)
        if passes(middle):
            value = middle
        else:
            fails = middle
    return value


def inside(tweak: Tweak, size: float) -> float:
    """The biggest change that is possible and smaller than this."""
    if not tweak.whole:
        return size / FINENESS if tweak.up else size * FINENESS
    return float(math.ceil(size) - 1) if tweak.up else float(math.floor(size) + 1)


def further(tweak: Tweak, value: float) -> float:
    """The next bigger change."""
    return tweak.rounded(value * FINENESS if tweak.up else value / FINENESS)


def near(tweak: Tweak, fails: float, value: float) -> bool:
    """Whether nothing worth trying lies between."""
    if tweak.whole and abs(value - fails) <= 1:
        return True
    return fails > 0 and max(fails, value) / min(fails, value) <= FINENESS
