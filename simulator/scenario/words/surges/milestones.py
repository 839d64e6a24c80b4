"""The words of milestones: published counts, and the curve between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from simulator.scenario.words.surges.base import Surging
from simulator.scenario.words.terms import Contradiction, DurationNs, Name, RatePerS, Table, pair
from simulator.text.quantities import WrongQuantity
from simulator.text.wording import format_count, format_duration, format_rate
from simulator.units import NS_PER_S


class Point(Table):
    """A published count and its instant."""

    at_ns: DurationNs
    """How long after the opening."""
    count: Annotated[float, Strict(), Field(ge=0, le=1e10)]
    """How many by then, all together."""


def rising(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Milestones come one after the other, and their counts do not fall."""
    for number, (before, after) in enumerate(pairwise(points), start=2):
        if after.at_ns <= before.at_ns:
            raise WrongQuantity(
                f"point {number}, at {format_duration(after.at_ns)}, does not come after "
                f"{format_duration(before.at_ns)}",
                "put the points in time order",
            )
        if after.count < before.count:
            raise WrongQuantity(
                f"the count falls from {format_count(before.count)} to {format_count(after.count)} at point {number}",
                "counts are cumulative since the opening: they cannot fall",
            )
    if points and points[0].at_ns == 0 and points[0].count > 0:
        raise WrongQuantity(
            f"{format_count(points[0].count)} have come at the opening itself",
            'the first point must come later, or use shape = "countdown" for a crowd at the door',
        )
    return points


Points = Annotated[
    tuple[
        Annotated[
            Point,
            BeforeValidator(
                pair("at", "count", '["3 h", 85_000]'),
                json_schema_input_type=Point | tuple[DurationNs, float],
            ),
        ],
        ...,
    ],
    Field(min_length=1),
    AfterValidator(rising),
]

Between = Literal["smooth", "even", "power", "early", "late"]


class Milestones(Surging):
    """People come as published counts say, by a curve through them that never falls."""

    shape: Literal["milestones"]
    name: Name = "milestones"
    """What --set and variants call this surge."""
    counts: Literal["arrivals", "signups", "line"]
    """What was counted. For signups (served) and line (numbers shown in the waiting line) the
    arrivals are fitted so that the predicted outcome meets the points."""
    step: Name | None = None
    """With counts = "signups": the step whose success was counted. Without it, the first step of
    each journey that is not idempotent."""
    points: Points
    """Cumulative counts since the opening: ["3 h", 85_000], or a table that names its source."""
    between: Between = "smooth"
    """How people come between two points, which these leave open: smooth, even (at one rate), power
    (smooth in the logarithms of time and count), early (all within the first minute after a point)
    or late (all within the last minute before one)."""
    peak_per_s: RatePerS | None = None
    """The most that come at a time: where the smooth curve is steeper, it is made more even."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.step is not None and self.counts != "signups":
            yield Contradiction("step", "has no effect here", 'write counts = "signups"')
        if self.peak_per_s is None:
            return
        if self.between != "smooth":
            problem = f'has no effect with between = "{self.between}"'
            yield Contradiction("peak", problem, 'write between = "smooth"')
        if self.counts == "arrivals":
            yield from self._too_low(self.peak_per_s)

    def _too_low(self, peak_per_s: float) -> Iterator[Contradiction]:
        """No curve is less steep than the mean between two points."""
        at_ns = [0, *(point.at_ns for point in self.points if point.at_ns)]
        counts = [0.0, *(point.count for point in self.points if point.at_ns)]
        for i in range(1, len(at_ns)):
            mean_per_s = (counts[i] - counts[i - 1]) * NS_PER_S / (at_ns[i] - at_ns[i - 1])
            if mean_per_s > peak_per_s:
                yield Contradiction(
                    "peak",
                    f"is {format_rate(peak_per_s)}, and between {format_duration(at_ns[i - 1])} and"
                    f" {format_duration(at_ns[i])} {format_rate(mean_per_s)} come on average",
                    "it must be at least that",
                )
                return
