"""What the words of all surges have in common: whose they are, and how sure their volume is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, Strict

from simulator.scenario.words.terms import Between, Contradiction, Factor, PositiveNs, Table

Crowd = Annotated[float, Strict(), Field(gt=0, le=1e10)]
"""How many people."""


class Volume(Between):
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
