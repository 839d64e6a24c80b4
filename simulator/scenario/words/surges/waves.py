"""The words of invitations: who is invited in which waves, and comes, or comes uninvited."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from simulator.scenario.words.laws import EndingLaw
from simulator.scenario.words.surges.base import Crowd, Surging
from simulator.scenario.words.terms import (
    Contradiction,
    DurationNs,
    Name,
    PositiveNs,
    Share,
    Table,
    pair,
)
from simulator.text.quantities import WrongQuantity
from simulator.text.wording import format_duration

MOST_BATCHES = 1_000


class Batch(Table):
    """Some people are invited at an instant."""

    at_ns: DurationNs
    """How long after the opening."""
    invited: Crowd
    """How many."""


def in_order(batches: tuple[Batch, ...]) -> tuple[Batch, ...]:
    """Batches come one after the other."""
    for number, (before, after) in enumerate(pairwise(batches), start=2):
        if after.at_ns <= before.at_ns:
            raise WrongQuantity(
                f"batch {number}, at {format_duration(after.at_ns)}, does not come after "
                f"{format_duration(before.at_ns)}",
                "put the batches in time order",
            )
    return batches


Batches = Annotated[
    tuple[
        Annotated[
            Batch,
            BeforeValidator(
                pair("at", "invited", '["2 days", 5_000]'),
                json_schema_input_type=Batch | tuple[DurationNs, float],
            ),
        ],
        ...,
    ],
    Field(min_length=1, max_length=MOST_BATCHES),
    AfterValidator(in_order),
]


class Again(Table):
    """Those who have not come are invited once more."""

    after_ns: PositiveNs
    """How long after the first invitation, which then expires."""
    accepts: Share
    """Which share of them comes, given enough time."""


class Uninvited(Table):
    """People who were not invited, and come anyway."""

    per_invited: Annotated[float, Strict(), Field(gt=0, le=1_000)]
    """How many, for each who was invited."""
    people: str | None = None
    """Their group: a name of [[people]]; without it, that of those who were invited."""


class Waves(Surging):
    """People are invited in batches, and some of them come after a while.

    How many of a batch come is taken as a Poisson number. Each of those invited decides by himself,
    so that the true number varies less, by the share that does not come.
    """

    shape: Literal["waves"]
    name: Name = "waves"
    """What --set and variants call this surge."""
    batches: Batches | None = None
    """Who is invited when: ["2 days", 5_000]."""
    invited: Crowd | None = None
    """How many are invited in each batch; with every and times, instead of batches."""
    every_ns: PositiveNs | None = None
    """How long from one batch to the next."""
    times: Annotated[int, Strict(), Field(ge=1, le=MOST_BATCHES)] | None = None
    """How many batches there are."""
    from_ns: DurationNs = 0
    """When the first of them goes out, after the opening."""
    accepts: Share
    """Which share of those invited comes, given enough time."""
    after: EndingLaw
    """How long after the invitation they come: a law, or a mean as in "6 h" (exponential)."""
    expires_ns: PositiveNs | None = None
    """Those who would come later than this after an invitation do not come; without it, all do."""
    again: Again | None = None
    """Those who did not come are invited once more: { after = "7 days", accepts = 0.2 }."""
    uninvited: Uninvited | None = None
    """People who come without an invitation, at the same times as those invited, however late."""

    def contradictions(self) -> Iterator[Contradiction]:
        rhythm = {"invited": self.invited, "every": self.every_ns, "times": self.times}
        lacking = [word for word, value in rhythm.items() if value is None]
        if self.batches is not None:
            given = [word for word in rhythm if word not in lacking]
            given += ["from"] if self.mentions("from_ns") else []
            for word in given:
                yield Contradiction(word, "has no effect beside batches", "keep one of the two")
        elif len(lacking) == len(rhythm):
            remedy = (
                'add batches = [["0 s", 1_000], ["2 days", 5_000]], or invited, every and times'
            )
            yield Contradiction("", "invites nobody", remedy)
        else:
            for word in lacking:
                yield Contradiction("", f"lacks {word}", "invited, every and times go together")

    @property
    def invitations(self) -> tuple[tuple[int, float], ...]:
        """Each batch's instant and how many are invited."""
        if self.batches is not None:
            return tuple((batch.at_ns, batch.invited) for batch in self.batches)
        assert self.invited is not None
        assert self.every_ns is not None
        assert self.times is not None
        return tuple(
            (self.from_ns + number * self.every_ns, self.invited) for number in range(self.times)
        )
