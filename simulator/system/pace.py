"""The pace of a station: by what factor its services are longer, or shorter, at each time of a launch.

A processor that slows down, others who use the machine, a database that fills up: what a job needs
has stayed the same, and what it takes has not. A pace says so apart from the law of the service,
so that both can be known, and replaced, by themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from simulator.units import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Factors of time, each of which holds from its start to the next one; the last one for ever."""

    starts_ns: tuple[int, ...]
    """Rising, in nanoseconds since the opening; the first is 0 or earlier."""
    factors: tuple[float, ...]
    """One a start, above 0; beyond 1 services take longer."""

    def __post_init__(self) -> None:
        if not self.starts_ns or self.starts_ns[0] > 0:
            raise ValueError("a pace holds from the opening on, or from earlier")
        if list(self.starts_ns) != sorted(set(self.starts_ns)):
            raise ValueError("the starts of a pace rise")
        if len(self.factors) != len(self.starts_ns):
            raise ValueError("a pace has one factor a start")
        if not all(0.0 < factor < float("inf") for factor in self.factors):
            raise ValueError("the factors of a pace are above 0, and finite")

    @classmethod
    def of(cls, starts_ns: Iterable[int], factors: Iterable[float]) -> Pace:
        """From any sequences, such as arrays.

        Raises ValueError where they are not as the fields say.
        """
        starts, values = map(int, starts_ns), map(float, factors)
        return cls(starts_ns=tuple(starts), factors=tuple(values))

    def at(self, instant_ns: int) -> float:
        """The factor of what begins then.

        >>> pace = Pace.of([0, 100], [1.0, 2.0])
        >>> pace.at(0), pace.at(99), pace.at(100)
        (1.0, 1.0, 2.0)
        """
        return self.factors[max(1, bisect_right(self.starts_ns, instant_ns)) - 1]

    def over(self, instants_ns: Ints) -> Floats:
        """The same of many, shape (n,)."""
        places = np.searchsorted(self.starts_ns, instants_ns, side="right") - 1
        return np.asarray(np.array(self.factors)[np.maximum(places, 0)])

    def times(self, other: Pace) -> Pace:
        """Both at once: at each instant the product.

        >>> Pace.of([0, 100], [1.0, 2.0]).times(Pace.of([-5, 50], [3.0, 0.5]))
        Pace(starts_ns=(0, 50, 100), factors=(3.0, 0.5, 1.0))
        """
        later = {start for start in (*self.starts_ns, *other.starts_ns) if start > 0}
        starts = (0, *sorted(later))
        return Pace.of(starts, (self.at(start) * other.at(start) for start in starts))
