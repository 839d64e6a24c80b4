"""A figure, and what is read of it in a summary."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.outcomes.counts.summary import Summary


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read from a Summary. ``value`` is NaN where nothing can be read."""

    value: float
    samples: int
    enough: bool = True
    """Whether the samples carry the figure; if not, it is reported as "too few"."""
    needed: int = 1
    """How many samples would carry it."""
    above: float = math.nan
    """Where nobody saw how all of it ended: the figure lies between ``value`` and this."""
    blur: float = 0.0
    """How far it may be off however many samples there are: what its bucket hides."""

    @property
    def open(self) -> bool:
        """Whether ``value`` is a lower bound: the figure is at least that."""
        return self.above > self.value

    @property
    def unseen(self) -> float:
        """Of a share: how many may be a part of it or not."""
        return (self.most - self.value) * self.samples

    @property
    def most(self) -> float:
        """The largest that the figure can be."""
        return self.above if self.open else self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: its key, what people call it, its unit, and how it is read."""

    key: str
    """Of one journey or station among several: "NAME/key"."""
    label: str
    unit: str
    read: Callable[[Summary], Reading]
    rare: bool = False
    """Left out of a table for people where there is none of it."""

    @property
    def kind(self) -> str:
        """The key without the name of a journey or station."""
        return self.key.rpartition("/")[2]

    @property
    def of_part(self) -> bool:
        """Whether it speaks of one journey or station among several."""
        return "/" in self.key


Read = Callable[[Summary], Reading]


def between(known: int, unseen: int, total: int) -> Reading:
    """A share of which some may turn out to be a part or not."""
    if not total:
        return Reading(math.nan, 0, enough=False)
    return Reading(known / total, total, above=(known + unseen) / total)
