"""The course of a rehearsal as it was predicted: what each quantity comes to at an instant, and between which bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from scenarios.replay.live.quantities import Quantity
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.intervals import ENOUGH_LAUNCHES, middle
from simulator.units import Floats


class Spread(NamedTuple):
    """The mean of the simulated rehearsals, and the middle 95 % of them (all, if they are few)."""

    low: float
    mean: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How quantities go by a prediction."""

    bin_ns: int
    spreads: dict[Quantity, Floats]
    """Three rows each, as in Spread: the value at the opening, and at the end of each bin."""

    @classmethod
    def of(cls, launches: Sequence[Summary], quantities: Sequence[Quantity]) -> Self:
        """Raises ValueError without a launch."""
        if not launches:
            raise ValueError("nothing was predicted")
        return cls(
            bin_ns=launches[0].bin_ns,
            spreads={quantity: spread_of(launches, quantity) for quantity in quantities},
        )

    def at(self, quantity: Quantity, now_ns: int) -> Spread:
        """At an instant, between the ends of two bins in proportion; after the last bin as at its end."""
        rows = self.spreads[quantity]
        last = rows.shape[1] - 1
        place = min(max(now_ns / self.bin_ns, 0.0), float(last))
        before = int(place)
        after, part = min(before + 1, last), place - before
        return Spread(*(rows[:, before] * (1.0 - part) + rows[:, after] * part).tolist())


def spread_of(launches: Sequence[Summary], quantity: Quantity) -> Floats:
    values = np.array([quantity.read(summary) for summary in launches], np.float64)
    low, high = values.min(axis=0), values.max(axis=0)
    if len(launches) >= ENOUGH_LAUNCHES:
        low, high = middle(values)
    return np.pad(np.stack([low, values.mean(axis=0), high]), ((0, 0), (1, 0)))
