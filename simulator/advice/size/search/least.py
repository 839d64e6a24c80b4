"""The least place on one axis that passes: by doubling away from a start, then halving in between.

On one path more is not always better: somebody with patience who is served a moment earlier may be
served when he costs more. So the neighbours below what was found are tried as well, and where too much
does harm by itself the axis is looked at in many places first.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.advice.size.search.space import spread

NEIGHBOURS = 2
"""So many places below the one that fails are tried, beside the least that was found."""
FIRST_STEPS = 64
"""The first step up an axis is so small a part of it."""
LOOKS = 17
"""In so many places, where too much does harm as well."""

Passes = Callable[[int], bool]


def least(passes: Passes, *, low: int, high: int, start: int, fine: int = 1) -> int | None:
    """The least place from ``low`` to ``high`` that passes, where more mostly helps; None: none was found.

    ``start`` is where one begins to look; the border is found to ``fine`` places.
    """
    start = min(max(start, low), high)
    step = max(1, (high - low) // FIRST_STEPS)
    found = _down(passes, start, low, 1) if passes(start) else _up(passes, start, high, step)
    if found is None:
        return None
    fails, place = found
    place = between(passes, fails, place, fine)
    for below in range(place - 1 - fine, max(low, place - fine - NEIGHBOURS) - 1, -1):
        if passes(below):
            return least(passes, low=low, high=below, start=below, fine=fine)
    return place


def least_of_narrow(passes: Passes, *, low: int, high: int) -> int | None:
    """The least place that passes, where too much does harm as well."""
    fails = low - 1
    for place in spread(low, high, LOOKS):
        if passes(place):
            return between(passes, fails, place)
        fails = place
    return None


def between(passes: Passes, fails: int, place: int, fine: int = 1) -> int:
    """The border between a place that fails and one that passes, to so many places."""
    while place - fails > fine:
        middle = (fails + place) // 2
        if passes(middle):
            place = middle
        else:
            fails = middle
    return place


def _down(passes: Passes, start: int, low: int, step: int) -> tuple[int, int]:
    """A place that fails (one below the lowest, where none does) and one above it that passes."""
    place = start
    while place > low:
        below = max(low, place - step)
        if not passes(below):
            return below, place
        place, step = below, 2 * step
    return low - 1, place


def _up(passes: Passes, start: int, high: int, step: int) -> tuple[int, int] | None:
    fails = start
    while fails < high:
        above = min(high, fails + step)
        if passes(above):
            return fails, above
        fails, step = above, 2 * step
    return None
