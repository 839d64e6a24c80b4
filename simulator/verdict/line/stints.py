"""Stints: one person's time at one place in the line, from the answer that gave it to the last.

Who reloads, leaves or is forgotten and asks again has another place, and so another stint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.looks import Told
from simulator.outcomes.rows import Rows
from simulator.units import FOREVER, Ints
from simulator.verdict.line.promises import Promises

NEVER = -FOREVER
"""Before anything that happened."""
ENDS = (Told.LETS_IN, Told.FORGOTTEN, Told.LEFT)
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stints:
    """Columns, a row a stint; instants in nanoseconds since the opening."""

    visitor: Ints
    group: Ints
    """Who are first come, first served among one another."""
    joined_sent: Ints
    joined_seen: Ints
    """He got his place between the two."""
    waited: Ints
    """When he asked last of what was answered "wait"; NEVER: he was let in at once."""
    entered: Ints
    """When he saw that he is let in; FOREVER: he never did."""
    forgotten: Ints
    """When he saw that the line does not know his place any more; FOREVER: it always did."""
    left: Ints
    """When he gave it up by himself; FOREVER: he did not."""

    def __len__(self) -> int:
        return len(self.visitor)

    @property
    def called_after(self) -> Ints:
        """Of those who entered: the instant after which they were let in, at the earliest."""
        earliest: Ints = np.maximum(self.waited, self.joined_sent)
        return earliest

    def chosen(self, which: Mask) -> Stints:
        return Stints(**{name: getattr(self, name)[which] for name in self.__slots__})


def told_in_stints(looks: Rows) -> tuple[Rows, Ints]:
    """The looks that told something, and where each stint begins among them."""
    rows = looks[looks["said"] != Told.NOTHING]
    rows = rows[~(_closed_before(rows) & np.isin(rows["said"], (Told.FORGOTTEN, Told.LEFT)))]
    begins = _closed_before(rows) | (rows["said"] == Told.PLACED)
    return rows, np.flatnonzero(begins)


def _closed_before(rows: Rows) -> Mask:
    """Whether nobody stood at a place before each row."""
    closed = np.ones(len(rows), np.bool_)
    closed[1:] = np.diff(rows["visitor"]) != 0
    closed[1:] |= np.isin(rows["said"][:-1], ENDS)
    return closed


def stints_of(looks: Rows, people: Mapping[int, int], promises: Promises) -> Stints:
    """All of them; ``people`` says which entry of the system's people each visitor is of."""
    rows, starts = told_in_stints(looks)
    if not len(rows):
        none = np.empty(0, np.int64)
        return Stints(**dict.fromkeys(Stints.__slots__, none))
    waits = np.isin(rows["said"], (Told.PLACED, Told.WAITS))
    visitor = rows["visitor"][starts]
    groups = [promises.class_of(people.get(each, 0)) for each in visitor.tolist()]

    def first(said: Told) -> Ints:
        found: Ints = np.minimum.reduceat(
            np.where(rows["said"] == said, rows["seen"], FOREVER), starts
        )
        return found

    return Stints(
        visitor=visitor,
        group=np.array(groups, np.int64),
        joined_sent=rows["sent"][starts],
        joined_seen=rows["seen"][starts],
        waited=np.maximum.reduceat(np.where(waits, rows["sent"], NEVER), starts),
        entered=first(Told.LETS_IN),
        forgotten=first(Told.FORGOTTEN),
        left=first(Told.LEFT),
    )
