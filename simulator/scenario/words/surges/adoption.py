"""The words of an adoption: published counts, and the years after the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, Strict

from simulator.scenario.words.surges.base import Crowd, Surging
from simulator.scenario.words.surges.diurnal import Zones
from simulator.scenario.words.surges.milestones import Points
from simulator.scenario.words.terms import Contradiction, Name, Share, Table
from simulator.text.wording import format_count

FEWEST_POINTS = 2


class Ceiling(Table):
    """How many come in the end. Counts from before the middle of an adoption do not say it."""

    low: Crowd
    """One launch in ten stays below."""
    likely: Crowd
    """Half of the launches go beyond."""
    high: Crowd
    """One launch in ten goes beyond."""

    def contradictions(self) -> Iterator[Contradiction]:
        named = (("low", self.low), ("likely", self.likely), ("high", self.high))
        for (lower, low), (higher, high) in pairwise(named):
            if low > high:
                problem = (
                    f"{lower}, {format_count(low)}, is more than {higher}, {format_count(high)}"
                )
                yield Contradiction(lower, problem, "order them: low, likely, high")


def certain(value: object) -> object:
    """A number by itself is a ceiling that everybody is sure of."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"low": value, "likely": value, "high": value}
    return value


class Adoption(Surging):
    """People come as published counts say, and after the last of them along a logistic curve.

    The curve goes through all counts: smoothly up to the last but one, and from there on as the one
    logistic curve that goes through the last two and ends at the ceiling. Each launch draws its ceiling, and
    so its curve.
    """

    shape: Literal["adoption"]
    name: Name = "adoption"
    """What --set and variants call this surge."""
    points: Points
    """Cumulative counts since the opening, of people who have come: at least two."""
    ceiling: Annotated[Ceiling, BeforeValidator(certain, json_schema_input_type=Ceiling | Crowd)]
    """How many come in the end: a number, or { low = 2e8, likely = 1e9, high = 2e9 }."""
    daily: Share | None = None
    """Those who have come by then come again, such a share of them on each day, at the hours below: each
    time is a visit, and the first one is among them; volume says how uncertain the share is. Without it
    everybody comes once."""
    zones: Zones | None = None
    """Where they live: [["UTC+05:30", 0.4], ["UTC-03:00", 0.6]]; with peak_hour and depth."""
    peak_hour: Annotated[float, Strict(), Field(ge=0, lt=24)] | None = None
    """The hour of their day at which most come, as a wave; without it, they come at any hour."""
    depth: Share | None = None
    """How deep that wave is: 0 is even, and with 1 nobody comes twelve hours from the peak."""

    @property
    def counts(self) -> str:
        """What the points count."""
        return "members" if self.daily else "arrivals"

    @property
    def ceilings(self) -> tuple[float, float, float]:
        """Low, likely, high."""
        return self.ceiling.low, self.ceiling.likely, self.ceiling.high

    def contradictions(self) -> Iterator[Contradiction]:
        if self.volume is not None and self.daily is None:
            problem = "has no effect without daily: the counts and the ceiling say how many come"
            yield Contradiction(
                "volume", problem, "give ceiling = { low = ..., likely = ..., high = ... }"
            )
        wave = (self.zones, self.peak_hour, self.depth)
        if any(word is None for word in wave) and any(word is not None for word in wave):
            problem = "zones, peak_hour and depth belong together"
            yield Contradiction("", problem, "give all three, or none")
        if self.daily == 0:
            yield Contradiction(
                "daily", "is 0, so that nobody ever comes", "leave it out, or raise it"
            )
        yield from self._of_points()

    def _of_points(self) -> Iterator[Contradiction]:
        later = [point for point in self.points if point.at_ns > 0]
        if len(later) < FEWEST_POINTS:
            yield Contradiction(
                "points", "are fewer than two", "a curve needs two counts, or use logistic"
            )
            return
        before, last = later[-2:]
        if not 0 < before.count < last.count:
            problem = "do not rise from the last but one to the last"
            yield Contradiction(
                "points", problem, "the curve goes on as these two say: let them rise"
            )
        if last.count >= self.ceilings[0]:
            problem = f"is not above the last count, {format_count(last.count)}"
            yield Contradiction("ceiling.low", problem, "it must be more than have come already")
