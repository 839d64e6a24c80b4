"""What can be watched: counts and levels that a prediction and a replay both have at every instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import COUNTED_RESULTS, Summary
from simulator.units import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something that has a value at every instant."""

    name: str
    says: str
    """What it counts, in a sentence."""
    labels: tuple[tuple[str, str], ...] = ()
    """What tells it from others of its name."""
    level: bool = False
    """Whether it says how many there are, and not how many there have been."""
    read: Callable[[Summary], Ints]
    """Its value at the end of each bin."""


def added_up(field: str, summary: Summary) -> Ints:
    """A count of visits, from the opening on."""
    return np.cumsum(getattr(summary.bins, field))


def tried(field: str, place: int, summary: Summary) -> Ints:
    """A count of attempts at one place, from the opening on."""
    return np.cumsum(getattr(summary.steps, field)[place])


ARRIVED = Quantity(name="arrived", says="People who came.", read=partial(added_up, "arrivals"))
IN_LINE = Quantity(
    name="in_line",
    says="People who stand in the line.",
    level=True,
    read=lambda summary: summary.bins.line,
)
PRESENT = Quantity(
    name="present",
    says="People who have come and not gone, those in the line included.",
    level=True,
    read=lambda summary: summary.bins.present,
)
SERVED = Quantity(
    name="served", says="People who got what they came for.", read=partial(added_up, "served")
)
GOOD = Quantity(
    name="good",
    says="People who got what they came for within the objective of their journey.",
    read=partial(added_up, "good"),
)
LEFT = Quantity(
    name="left_line",
    says="People who left the line because their patience ran out.",
    read=partial(added_up, "reneged"),
)
PEOPLE = (ARRIVED, IN_LINE, PRESENT, SERVED, GOOD, LEFT)
ATTEMPTS = "attempts"


def quantities_of(layout: Layout) -> tuple[Quantity, ...]:
    """All of a launch: of its people, and of their attempts."""
    return (*PEOPLE, *attempts_of(layout))


def attempts_of(layout: Layout) -> Iterator[Quantity]:
    """Each result at each place."""
    for place in range(len(layout.places)):
        for field in COUNTED_RESULTS.values():
            yield Quantity(
                name=ATTEMPTS,
                says="Attempts that have ended, by the instant at which they were sent.",
                labels=(("at", layout.name_of_place(place)), ("result", field)),
                read=partial(tried, field, place),
            )
