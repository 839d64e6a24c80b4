"""Places: whether each was somebody's own, was kept, and came nearer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.outcomes.looks import Told
from simulator.outcomes.rows import UNKNOWN, Rows
from simulator.units import FOREVER, NS_PER_S
from simulator.verdict.line.promises import Order, Promises
from simulator.verdict.line.stints import Stints, told_in_stints


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Places that the line forgot while people stood at them."""

    places: int
    """How many there were."""
    lost: int
    first_s: float | None = None
    """When the first of them was seen to be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Places that were given to more than one person."""

    places: int
    people: int
    """Who had a place that was somebody else's too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backwards:
    """Positions that grew while people stood at one place."""

    looks: int
    """That told a position."""
    people: int
    steps: int
    worst: int = 0
    """By how many places, at once."""
    visitor: int = -1
    joined_s: float | None = None
    """When he had his place, in seconds after the opening; None: it was nobody."""


def lost(stints: Stints) -> Lost:
    gone = stints.forgotten[stints.forgotten < FOREVER]
    first_s = float(gone.min()) / NS_PER_S if len(gone) else None
    return Lost(places=len(stints), lost=len(gone), first_s=first_s)


def shared(looks: Rows) -> Shared | None:
    """None where the line gives no tickets."""
    known = looks[looks["ticket"] != UNKNOWN]
    if not len(known):
        return None
    held = np.unique(np.stack([known["ticket"], known["visitor"]]), axis=1)
    tickets, holders = np.unique(held[0], return_counts=True)
    several = np.isin(held[0], tickets[holders > 1])
    return Shared(places=len(tickets), people=len(np.unique(held[1][several])))


def backwards(looks: Rows, promises: Promises) -> Backwards | None:
    """None where the line tells no positions, or may move people back: by another class, by lot, or for who is alike."""
    if promises.order is not Order.FIRST_COME or promises.alike_ns:
        return None
    rows, starts = told_in_stints(looks)
    stint = np.zeros(len(rows), np.int64)
    stint[starts] = 1
    stint = np.cumsum(stint)
    told = (rows["position"] != UNKNOWN) & np.isin(rows["said"], (Told.PLACED, Told.WAITS))
    if not told.any():
        return None
    joined = rows["seen"][starts]
    rows, stint = rows[told], stint[told]
    grew = np.where(np.diff(stint) == 0, np.diff(rows["position"]), 0)
    back = np.flatnonzero(grew > 0)
    worst = int(grew.argmax()) if len(back) else -1
    return Backwards(
        looks=len(rows),
        people=len(np.unique(rows["visitor"][1:][back])),
        steps=len(back),
        worst=int(grew[worst]) if len(back) else 0,
        visitor=int(rows["visitor"][1:][worst]) if len(back) else -1,
        joined_s=int(joined[stint[1:][worst] - 1]) / NS_PER_S if len(back) else None,
    )
