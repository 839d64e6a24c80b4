"""The words of those who come because others came: friends, and the same people again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from simulator.scenario.words.laws import EndingLaw
from simulator.scenario.words.surges.base import Surging
from simulator.scenario.words.terms import Contradiction, DurationNs, Keys, Name, Share, Table, pair
from simulator.text.quantities import WrongQuantity
from simulator.text.wording import format_duration

MOST_BROUGHT = 0.99


class Bringing(Surging):
    """What those say who come because of others."""

    of: Annotated[Keys, Field(min_length=1)]
    """The surges whose people bring them: names of [[surge]] tables before this one."""


class Referral(Bringing):
    """Everybody who comes brings others, whether or not he got in, and these bring others again."""

    shape: Literal["referral"]
    name: Name = "referral"
    """What --set and variants call this surge."""
    brings: Annotated[float, Strict(), Field(gt=0, le=MOST_BROUGHT)]
    """How many each brings directly, on average. All together it is 1 / (1 - brings) - 1."""
    after: EndingLaw
    """How long after he came: a law, or a mean as in "3 h" (exponential)."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.volume is not None:
            problem = "has no effect here: the surges named by of decide how many come"
            yield Contradiction("volume", problem, "set it on those surges")


class Kept(Table):
    """How many of those who came come again on a later day."""

    after_ns: DurationNs
    """How long after they first came."""
    share: Share
    """Which share of them comes on that day."""


def later(kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """Days come one after the other."""
    for number, (before, after) in enumerate(pairwise(kept), start=2):
        if after.after_ns <= before.after_ns:
            raise WrongQuantity(
                f"point {number}, after {format_duration(after.after_ns)}, does not come after "
                f"{format_duration(before.after_ns)}",
                "put the points in time order",
            )
    if not any(point.share for point in kept):
        raise WrongQuantity("keeps nobody", "some share must be above 0")
    return kept


class Returning(Bringing):
    """Those who came come back, a share of them each day, at any hour.

    Each return is a separate visit: who it was is not tracked.
    """

    shape: Literal["returning"]
    name: Name = "returning"
    """What --set and variants call this surge."""
    retention: Annotated[
        tuple[
            Annotated[
                Kept,
                BeforeValidator(
                    pair("after", "share", '["7 days", 0.2]'),
                    json_schema_input_type=Kept | tuple[DurationNs, float],
                ),
            ],
            ...,
        ],
        Field(min_length=2),
        AfterValidator(later),
    ]
    """Which share comes on a day this long after: [["1 day", 0.5], ["7 days", 0.2]]; even between two
    points, and nobody before the first or after the last."""
