"""Axes: the values that a knob takes in a search, in rising order.

Whole numbers are taken one by one up to a hundred, and in steps of a hundredth above; rates and
durations in steps of two hundredths, written with three digits. So what is found is within one
server, or 3 %, of what would be found among all values.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from simulator.advice.size.knobs import Knob

COARSER, FINER = 1.01, 1.02
"""From one value to the next: of whole numbers above a hundred, and of all that is not whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The values of one knob."""

    values: tuple[float, ...]

    @property
    def last(self) -> int:
        """The place of the highest value."""
        return len(self.values) - 1

    def at_least(self, value: float) -> int:
        """The place of the smallest value that is no smaller than this; the last, where none is."""
        return min(bisect.bisect_left(self.values, value), self.last)

    def nearest(self, value: float) -> int:
        """The place of the value nearest to this; the lower one of two."""
        place = self.at_least(value)
        below = max(0, place - 1)
        nearer = abs(self.values[below] - value) <= abs(self.values[place] - value)
        return below if nearer else place


def axis_of(knob: Knob) -> Axis:
    """The values of a knob; the file's own is among them where it lies in the range.

    >>> from simulator.advice.change.turn import Turn
    >>> from simulator.advice.change.tweak import Tweak
    >>> servers = Tweak(turn=Turn.SERVERS, now=2)
    >>> axis_of(Knob(key="station.signup.servers", tweak=servers, low=1, high=4)).values
    (1.0, 2.0, 3.0, 4.0)
    """
    if knob.choices:
        return Axis(values=knob.choices)
    values = {float(knob.low), float(knob.high)}
    if knob.low <= knob.now <= knob.high:
        values.add(float(knob.now))
    value = float(knob.low)
    while value < knob.high:
        values.add(value)
        value = (
            max(value + 1.0, _three_digits(value * COARSER, whole=True))
            if knob.tweak.whole
            else (_three_digits(value * FINER, whole=False))
        )
    return Axis(values=tuple(sorted(values)))


def _three_digits(value: float, *, whole: bool) -> float:
    rounded = float(f"{value:.3g}")
    return float(round(rounded)) if whole else rounded
