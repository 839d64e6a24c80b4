"""What the words of all surges have in common: whose they are, and how sure their volume is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

from pydantic import Field, Strict

from simulator.scenario.words.terms import Contradiction, PositiveNs, Table
from simulator.timetable.volume import Volume as VolumeLaw

Crowd = Annotated[float, Strict(), Field(gt=0, le=1e10)]
"""How many people."""
Factor = Annotated[float, Strict(), Field(ge=0.001, le=1000)]


class Volume(Table):
    """How uncertain the volume of a surge is, in factors of what the surge says.

    Each launch draws one factor, between the two and beyond: the law is lognormal on each side of
    the likely one. All surges of a launch share the draw.
    """

    low: Factor
    """One launch in ten has fewer."""
    likely: Factor = 1.0
    """Half of the launches have more; what is rehearsed has this."""
    high: Factor
    """One launch in ten has more."""

    def contradictions(self) -> Iterator[Contradiction]:
        named = (("low", self.low), ("likely", self.likely), ("high", self.high))
        for (lower, low), (higher, high) in pairwise(named):
            if low > high:
                problem = f"{lower}, {low:g}, is more than {higher}, {high:g}"
                yield Contradiction(lower, problem, "order them: low, likely, high")

    @property
    def law(self) -> VolumeLaw | None:
        """The law of the factor, relative to the likely one; None where the three are one."""
        if self.low == self.high:
            return None
        return VolumeLaw(low=self.low / self.likely, high=self.high / self.likely)


class Surging(Table):
    """What every surge says."""

    people: str
    """The group that comes: a name of [[people]]."""
    volume: Volume | None = None
    """How uncertain the number of people is: { low = 0.5, likely = 1, high = 3 }."""


def until_after_from(
    from_ns: int, until_ns: PositiveNs | None, word: str = "until"
) -> Iterator[Contradiction]:
    """What ends must end after it began."""
    if until_ns is not None and until_ns <= from_ns:
        yield Contradiction(word, "is not after from", "make it end after from")
