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
    """He got his place between the two: he may have had it since he asked first and heard nothing, and a line
    that was not told that he gave it up may have kept it."""
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
    """The looks that told something, and where each stint begins among them.

    Of those with which one begins, ``sent`` is the first instant at which the place may have been given.
    """
    rows = _since_unheard(looks)[looks["said"] != Told.NOTHING]
    inside = rows["said"] == Told.LETS_IN
    rows = rows[
        ~(inside & ~_first_of_visitor(rows) & np.append(False, inside)[:-1])
    ]  # told once more
    rows = rows[~(_closed_before(rows) & np.isin(rows["said"], (Told.FORGOTTEN, Told.LEFT)))]
    closed = _closed_before(rows)
    starts = np.flatnonzero(closed | (rows["said"] == Told.PLACED))
    many = np.arange(len(starts))
    kept_from = np.maximum.accumulate(np.where(closed[starts], many, 0))
    rows["sent"][starts] = rows["sent"][starts][kept_from]
    return rows, starts


def _since_unheard(looks: Rows) -> Rows:
    """The same, in which who asked for a place and heard nothing has asked since then."""
    place = np.arange(len(looks))
    told = looks["said"] != Told.NOTHING
    before = np.maximum.accumulate(np.where(told, place, -1))
    before = np.append(-1, before)[:-1]
    own = np.maximum.accumulate(np.where(_first_of_visitor(looks), place, 0))
    asks = np.isin(looks["said"], (Told.PLACED, Told.LETS_IN))
    found = looks.copy()
    found["sent"] = np.where(asks, looks["sent"][np.maximum(before + 1, own)], looks["sent"])
    return found


def _first_of_visitor(rows: Rows) -> Mask:
    first = np.ones(len(rows), np.bool_)
    first[1:] = np.diff(rows["visitor"]) != 0
    return first


def _closed_before(rows: Rows) -> Mask:
    """Whether nobody stood at a place before each row."""
    closed = _first_of_visitor(rows)
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
