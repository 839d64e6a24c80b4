"""Demand of another size: for certain, as large as a draw of its volume names it, or so many times as large.

What the question "and if five times as many come?" asks. Nothing else changes: the same blocks, the
same luck in each of them, so that a larger demand brings those of a smaller one and others besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simulator.plan.surges.brought import mean
from simulator.timetable.demand import Brought, Component, Demand
from simulator.units import Floats, frozen_floats

LIKELY = 0.5
"""The draw that names the likely volume: as often less as more."""


def of_size(demand: Demand, factor: float = 1.0, luck: float = LIKELY) -> Demand:
    """The demand of the volume that the draw ``luck`` names, times ``factor``, for certain.

    Who is brought comes in as many more as those who bring him; an uncertain volume of those brought
    is how many each brings, and no factor of the whole.
    """
    found: list[Component] = []
    parts = demand.components
    while len(found) < len(parts):
        part = parts[len(found)]
        own = 1.0 if part.volume is None else part.volume.factor(luck)
        if part.brought is None:
            mass = frozen_floats(own * factor * part.mass)
            found.append(replace(part, mass=mass, volume=None))
        else:
            assert isinstance(own, float), (
                "only adopters differ from block to block, and nobody brings them"
            )
            found += _family(parts[len(found) :], part.brought, found, own)
    return replace(demand, components=tuple(found))


def times_as_many(demand: Demand, factor: float) -> Demand:
    """So many times the people, at the same times, and their number as uncertain as it was."""
    parts = (replace(each, mass=frozen_floats(factor * each.mass)) for each in demand.components)
    return replace(demand, components=tuple(parts))


def _family(
    parts: Sequence[Component], brought: Brought, known: Sequence[Component], factor: float
) -> list[Component]:
    """Those brought together, whose mass follows from that of those who bring them."""
    now = replace(brought, number=factor * brought.number)
    mass = mean(_bringing(known, now, parts[0]), now.number * now.spread, again=now.again)
    return [
        replace(part, mass=frozen_floats(share * mass), volume=None, brought=now)
        for part, share in zip(parts, now.shares, strict=False)
    ]


def _bringing(known: Sequence[Component], brought: Brought, part: Component) -> Floats:
    """How many of those who bring are expected in each block of the family."""
    by_edge = sum(
        (known[index].by_instant(known[index].mass, part.edges_ns) for index in brought.by),
        start=np.zeros(len(part.edges_ns)),
    )
    return np.asarray(np.diff(by_edge))


def is_uncertain(demand: Demand) -> bool:
    """Whether the volume of any surge is."""
    return any(part.volume is not None for part in demand.components)
