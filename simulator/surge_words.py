"""The words of a surge: when people come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from simulator.quantities import WrongQuantity, format_duration
from simulator.terms import (
    Contradiction,
    Count,
    DurationNs,
    Name,
    PositiveNs,
    RatePerS,
    Table,
    pair,
)


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
                "put the points in the order of time",
            )
        if after.count < before.count:
            raise WrongQuantity(
                f"the count falls from {before.count:,.0f} to {after.count:,.0f} at point {number}",
                "counts are cumulative since the opening: they cannot fall",
            )
    if points and points[0].at_ns == 0 and points[0].count > 0:
        raise WrongQuantity(
            f"{points[0].count:,.0f} have come at the opening itself",
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


class Milestones(Table):
    """People come as published counts say, by a smooth curve through them that never falls."""

    shape: Literal["milestones"]
    name: Name = "milestones"
    """What --set and variants call this surge."""
    people: str
    """The group that comes: a name of [[people]]."""
    counts: Literal["arrivals", "signups", "line"]
    """What was counted. For signups (served) and line (numbers shown in the waiting line) the
    arrivals are fitted so that the predicted outcome meets the points."""
    points: Points
    """Cumulative counts since the opening: ["3 h", 85_000], or a table that names its source."""


class Reaction(Table):
    """How soon a waiting crowd reacts to the opening: a lognormal law."""

    median_ns: PositiveNs
    """Half of them have acted by then."""
    cv: Annotated[float, Strict(), Field(gt=0, le=100)]
    """Standard deviation over mean."""


class Countdown(Table):
    """A crowd at the door reacts to the opening, and others follow, fewer and fewer."""

    shape: Literal["countdown"]
    name: Name = "countdown"
    """What --set and variants call this surge."""
    people: str
    """The group that comes: a name of [[people]]."""
    crowd: Count
    """How many wait for the opening."""
    reaction: Reaction
    """How soon they act."""
    rate_per_s: RatePerS | None = None
    """How fast others come right after the opening."""
    decay_ns: PositiveNs | None = None
    """After this long, others come at 1/e (37 %) of that rate."""

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.rate_per_s is None) != (self.decay_ns is None):
            remedy = "give both, or neither for a crowd alone"
            yield Contradiction("", "rate and decay belong together", remedy)


Surge = Annotated[Milestones | Countdown, Field(discriminator="shape")]
