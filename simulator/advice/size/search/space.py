"""Space: the combinations of knobs that are searched, as places on their axes, and which is cheaper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.prices import Prices
from simulator.advice.size.vary.axis import Axis, axis_of

Places = tuple[int, ...]
"""The place of each knob's value on its axis."""
Cost = tuple[float, float]
"""What a combination costs; and where two cost the same, how much of what has no price it buys."""


@dataclass(frozen=True, kw_only=True)
class Space:
    """All combinations."""

    knobs: tuple[Knob, ...]
    prices: Prices

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The values of each knob."""
        return tuple(axis_of(knob) for knob in self.knobs)

    @property
    def bought(self) -> list[int]:
        """The knobs of which more is bought, the dearest step first: what it saves most to lower."""
        numbers = [number for number, knob in enumerate(self.knobs) if knob.bought]
        return sorted(numbers, key=lambda number: (-self.prices.per_hour[number], number))

    @property
    def set(self) -> list[int]:
        """The knobs that cost nothing."""
        return [number for number, knob in enumerate(self.knobs) if not knob.bought]

    def candidate(self, places: Places) -> Candidate:
        """The values at these places."""
        return Candidate(
            values=tuple(axis.values[place] for axis, place in zip(self.axes, places, strict=True))
        )

    def places(self, candidate: Candidate) -> Places:
        """The places of these values, or the nearest ones."""
        return tuple(
            axis.nearest(value) for axis, value in zip(self.axes, candidate.values, strict=True)
        )

    def cost(self, places: Places) -> Cost:
        """What decides which of two is cheaper."""
        values = self.candidate(places).values
        unpriced = sum(
            math.log2(1.0 + value)
            for number, value in enumerate(values)
            if self.knobs[number].bought and not self.prices.per_hour[number]
        )
        return self.prices.of(values), unpriced

    def change(self, places: Places) -> float:
        """How far it is from the file's own system: the same for doubling and for halving."""
        values = self.candidate(places).values
        return sum(
            abs(math.log2((1.0 + value) / (1.0 + knob.now)))
            for knob, value in zip(self.knobs, values, strict=True)
        )


def moved(places: Places, number: int, place: int) -> Places:
    """The same with one knob at another place."""
    return (*places[:number], place, *places[number + 1 :])


def spread(low: int, high: int, many: int) -> Sequence[int]:
    """So many places from one to another, both of them included, evenly.

    >>> spread(0, 10, 3), spread(0, 1, 5)
    ([0, 5, 10], [0, 1])
    """
    if high - low < many:
        return list(range(low, high + 1))
    step = (high - low) / (many - 1)
    return [low + round(number * step) for number in range(many)]
