"""The words of a recording: when people came once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, Strict

from simulator.scenario.words.surges.base import Surging
from simulator.scenario.words.surges.requests import SAFE, Method, Requests
from simulator.scenario.words.terms import Contradiction, Name, PeriodNs, Positive, word
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

    Another launch has other arrivals, of the same expectation. With journey = "recorded" it is the very
    requests that come, each at its own instant, in every launch.
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
    journey: Literal["recorded"] | None = None
    """"recorded": the file has requests (surgeproof record --write), and each of them is made at its own
    instant, by the journey whose recorded = [...] it fits."""
    speed: Positive | None = None
    """How many times as fast as they were recorded: 2.0 is in half the time. Without it, 1."""
    methods: Annotated[tuple[Method, ...], Field(min_length=1)] | None = None
    """Which of the requests are sent; without it GET, HEAD and OPTIONS. The others are predicted only: a
    log has no bodies, and a POST is sent without one."""
    requests: Requests | None = None
    """Written by the tool: what was read from a file of requests."""

    @property
    def sent_methods(self) -> tuple[str, ...]:
        return self.methods or SAFE

    def contradictions(self) -> Iterator[Contradiction]:
        if self.journey is None:
            yield from self._of_counts()
            return
        if self.requests is None and self.file is None:
            yield Contradiction("", "has no file", 'add file = "launch.requests.csv"')
        for field in ("every_ns", "counts", "volume"):
            if getattr(self, field) is not None:
                problem = 'has no effect: journey = "recorded" makes each request as it was'
                yield Contradiction(word(field), problem, "leave it out")

    def _of_counts(self) -> Iterator[Contradiction]:
        for field in ("speed", "methods", "requests"):
            if getattr(self, field) is not None:
                problem = "is of the requests of a recording, and only their number is taken here"
                yield Contradiction(field, problem, 'add journey = "recorded"')
        if self.counts is None and self.file is None:
            yield Contradiction("", "has neither file nor counts", 'add file = "arrivals.csv"')
        if self.counts is not None and self.every_ns is None:
            yield Contradiction("", "lacks every", 'add every = "1 min": how long each count lasts')
