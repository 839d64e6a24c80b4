"""What became of each group of people, in counts, where there are several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.bins import Counts
from simulator.histogram import Histogram
from simulator.layout import Layout
from simulator.outcomes import UNKNOWN, Fate, Rows


@dataclass(slots=True, eq=False)
class Group:
    """One of them."""

    fates: Counts = field(default_factory=lambda: np.zeros(len(Fate), np.int64))
    wait: Histogram = field(default_factory=Histogram)
    """Arrival to entry, of those who stood in the line and were let in."""
    response: Histogram = field(default_factory=Histogram)
    """Entry (arrival, without a line) to the success; of those let in who never succeeded infinite."""

    def merged(self, other: Group) -> Group:
        return Group(
            self.fates + other.fates,
            self.wait.merged(other.wait),
            self.response.merged(other.response),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "fates": self.fates.tolist(),
            "wait": self.wait.to_json(),
            "response": self.response.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Group:
        return cls(
            np.array(data["fates"], np.int64),
            Histogram.from_json(data["wait"]),
            Histogram.from_json(data["response"]),
        )


@dataclass(slots=True, eq=False)
class Groups:
    """All of them, in the order of :attr:`simulator.layout.Layout.people`."""

    each: list[Group]

    @classmethod
    def empty(cls, layout: Layout) -> Groups:
        return cls([Group() for _ in layout.people])

    def add(self, visits: Rows, layout: Layout) -> None:
        """Fold visits in."""
        if not self.each:
            return
        name = layout.people_of_group[visits["people"]]
        lined, entered = visits["joined"] != UNKNOWN, visits["let_in"] != UNKNOWN
        served = visits["fate"] == Fate.SERVED
        wait = visits["let_in"] - visits["arrived"]
        response = visits["ended"] - np.where(lined, visits["let_in"], visits["arrived"])
        for number, group in enumerate(self.each):
            his = name == number
            group.fates += np.bincount(visits["fate"][his], minlength=len(Fate))
            group.wait.add(wait[his & lined & entered])
            group.response.add(response[his & served])
            group.response.infinite += int((his & entered & ~served).sum())

    def merged(self, other: Groups) -> Groups:
        return Groups([a.merged(b) for a, b in zip(self.each, other.each, strict=True)])

    def to_json(self) -> list[dict[str, Any]]:
        return [group.to_json() for group in self.each]

    @classmethod
    def from_json(cls, data: list[dict[str, Any]]) -> Groups:
        return cls([Group.from_json(group) for group in data])
