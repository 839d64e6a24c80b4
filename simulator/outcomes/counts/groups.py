"""What became of each group of people, in counts, where there are several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.rows import UNKNOWN, Fate, Rows
from simulator.timetable import draws


@dataclass(slots=True, eq=False)
class Group:
    """One of them."""

    fates: Counts = field(default_factory=lambda: np.zeros(len(Fate), np.int64))
    wait: Histogram = field(default_factory=Histogram)
    """Arrival to entry, censored and left as in :attr:`simulator.outcomes.counts.summary.Summary.wait`."""
    response: Histogram = field(default_factory=Histogram)
    """Entry (arrival, without a line) to the success: who was let in and gave up is infinite, who
    was still under way at the end is censored."""
    overdue: int = 0
    """As :attr:`simulator.outcomes.counts.summary.Summary.overdue`."""

    def merged(self, other: Group) -> Group:
        return Group(
            self.fates + other.fates,
            self.wait.merged(other.wait),
            self.response.merged(other.response),
            self.overdue + other.overdue,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "fates": self.fates.tolist(),
            "wait": self.wait.to_json(),
            "response": self.response.to_json(),
            "overdue": self.overdue,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Group:
        """Read it back; an older version did not count who was overdue."""
        return cls(
            np.array(data["fates"], np.int64),
            Histogram.from_json(data["wait"]),
            Histogram.from_json(data["response"]),
            int(data.get("overdue", 0)),
        )


@dataclass(slots=True, eq=False)
class Groups:
    """All of them, in the order of :attr:`simulator.outcomes.counts.places.Layout.people`."""

    each: list[Group]

    @classmethod
    def empty(cls, layout: Layout) -> Groups:
        return cls([Group() for _ in layout.people])

    def add(self, visits: Rows, layout: Layout, *, closes_ns: int, seen_ns: int) -> None:
        """Fold visits in: the line was seen until it closed, and everything until ``seen_ns``."""
        if not self.each:
            return
        name = layout.people_of_group[visits["people"]]
        lined, entered = visits["joined"] != UNKNOWN, visits["let_in"] != UNKNOWN
        fate, arrived, ended = visits["fate"], visits["arrived"], visits["ended"]
        in_vain = lined & ((fate == Fate.RENEGED) | (fate == Fate.NO_SHOW))
        waiting = (fate == Fate.WAITING) & ~entered
        under_way = entered & (fate == Fate.UNFINISHED)
        served = fate == Fate.SERVED
        began = np.where(lined, visits["let_in"], arrived)
        for number, group in enumerate(self.each):
            his = name == number
            group.fates += np.bincount(fate[his], minlength=len(Fate))
            group.wait.add((visits["let_in"] - arrived)[his & lined & entered])
            group.wait.add_left((ended - arrived)[his & in_vain])
            group.wait.add_censored((closes_ns - arrived)[his & waiting])
            group.response.add((ended - began)[his & served])
            group.response.add_censored((seen_ns - began)[his & under_way])
            group.response.infinite += int((his & entered & ~served & ~under_way).sum())

    def add_overdue(self, visitors: Counts, layout: Layout) -> None:
        """Those whose attempt had no answer at the end, though no client would have waited longer."""
        component = visitors >> draws.COMPONENT_SHIFT
        known = component[component < len(layout.name_of_component)]
        many = np.bincount(layout.name_of_component[known], minlength=len(self.each))
        for group, found in zip(self.each, many, strict=True):
            group.overdue += int(found)

    def merged(self, other: Groups) -> Groups:
        return Groups([a.merged(b) for a, b in zip(self.each, other.each, strict=True)])

    def to_json(self) -> list[dict[str, Any]]:
        return [group.to_json() for group in self.each]

    @classmethod
    def from_json(cls, data: list[dict[str, Any]]) -> Groups:
        return cls([Group.from_json(group) for group in data])
