"""The words of a recording: when people came once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, Strict

from simulator.scenario.words.surges.base import Surging
from simulator.scenario.words.terms import Contradiction, Name, PeriodNs
from simulator.text.quantities import WrongQuantity

MOST_BUCKETS = 500_000


def counted(value: object) -> object:
    """Counts side by side in a text: what a recording is written down as."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(float(count) for count in value.split())
    except ValueError:
        raise WrongQuantity("is not a list of numbers", 'write [3, 0, 5] or "3 0 5"') from None


class Recorded(Surging):
    """People come as they came once: as many are expected in each stretch of time as came in it.

    Another launch has other arrivals, of the same expectation.
    """

    shape: Literal["recorded"]
    name: Name = "recorded"
    """What --set and variants call this surge."""
    file: str | None = None
    """A CSV file as surgeproof record writes it: an instant a line, in seconds since the opening or
    since 1970, or counts (from_second, to_second, count)."""
    every_ns: PeriodNs | None = None
    """How long the stretches are in which people are counted; without it, those of a file of counts,
    and of instants 1 s."""
    counts: (
        Annotated[
            tuple[Annotated[float, Strict(), Field(ge=0, le=1e9)], ...],
            BeforeValidator(counted, json_schema_input_type=str | tuple[float, ...]),
            Field(min_length=1, max_length=MOST_BUCKETS),
        ]
        | None
    ) = None
    """How many came in each stretch since the opening; what was read from the file stands here."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.counts is None and self.file is None:
            yield Contradiction("", "has neither file nor counts", 'add file = "arrivals.csv"')
        if self.counts is not None and self.every_ns is None:
            yield Contradiction("", "lacks every", 'add every = "1 min": how long each count lasts')
