"""Surges as demand: each shape's cumulative arrivals, cut into blocks of time.

A block's mass is the exact difference of the cumulative curve at its edges; its tilt makes the
curve's value at the middle exact as well. Blocks are a millisecond wide at the opening (and where a
surge begins), then a fortieth of the time since, and a minute at most (more where a launch is
looked at for months).

This module has what all shapes share; :mod:`simulator.plan.surges.demand` knows the curve of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from simulator.timetable.demand import Component
from simulator.timetable.volume import Curves, Volume
from simulator.units import NS_PER_S, Floats, Ints

NARROWEST_NS = 1_000_000
WIDEST_NS = 60 * NS_PER_S
GROWTH = 1 / 40
MOST_BLOCKS = 100_000
"""Of a minute; a launch of years has wider ones, so that it takes no longer than one of months."""

Cumulative = Callable[[Floats], Floats]
"""Expected arrivals by an instant, in seconds since the opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When a launch opens, and how long it is looked at."""

    opening: datetime
    horizon_ns: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stream:
    """A part of a surge: who comes, and how."""

    group: str
    """The name of the group of people."""
    cumulative: Cumulative
    edges_ns: Ints
    curves: Curves | None = None
    """What a launch may follow instead; None: the volume of the surge says it all."""


def edges_until(
    horizon_ns: int,
    also_ns: Iterable[int] = (),
    fresh_ns: Iterable[int] = (),
    narrowest_ns: int = NARROWEST_NS,
) -> Ints:
    """Edges of blocks from the opening to the horizon, with some instants among them.

    Blocks are narrow again after each fresh instant.
    """
    fresh = sorted({0, *(at for at in fresh_ns if 0 < at < horizon_ns)})
    inside = [at for at in also_ns if 0 < at < horizon_ns]
    widest_ns = max(WIDEST_NS, horizon_ns // MOST_BLOCKS)
    grown = [
        start + _growing(end - start, widest_ns, narrowest_ns)
        for start, end in pairwise([*fresh, horizon_ns])
    ]
    return np.unique(np.concatenate([np.array(inside, dtype=np.int64), *grown]))


def _growing(length_ns: int, widest_ns: int, narrowest_ns: int) -> Ints:
    at_ns, edges = 0, [0]
    while at_ns < length_ns:
        at_ns += min(widest_ns, max(narrowest_ns, int(at_ns * GROWTH)))
        edges.append(min(at_ns, length_ns))
    return np.array(edges, dtype=np.int64)


def component(
    people: int, cumulative: Cumulative, edges_ns: Ints, volume: Volume | Curves | None = None
) -> Component:
    """The blocks between the edges of a cumulative curve.

    With the share ``s`` of a block's arrivals in its first half, the tilt is ``2 (1 - 2 s)``:
    the rate of the block is linear, and half of it then holds ``(1 - tilt / 2) / 2``.
    """
    edges_s = edges_ns / NS_PER_S
    by_edge = cumulative(edges_s)
    mass = np.maximum(np.diff(by_edge), 0.0)
    first_half = cumulative((edges_s[:-1] + edges_s[1:]) / 2) - by_edge[:-1]
    return Component.of(people, edges_ns, mass, tilts(mass, first_half), volume)


def tilts(mass: Floats, first_half: Floats) -> Floats:
    """The tilt of each block, of which so many come in its first half."""
    share = np.divide(first_half, mass, out=np.full_like(mass, 0.5), where=mass > 0)
    return np.asarray(np.clip(2.0 * (1.0 - 2.0 * share), -1.0, 1.0))


def times(factor: float, cumulative: Cumulative) -> Cumulative:
    """So many times as many people."""
    return cumulative if factor == 1.0 else lambda s: factor * cumulative(s)


def merged(edges: Sequence[Ints], most: int) -> Ints:
    """Edges of several surges together, evenly thinned to so many blocks; the ends are kept."""
    together = np.unique(np.concatenate(edges))
    step = max(1, -(-(len(together) - 1) // most))
    return np.unique(np.append(together[::step], together[-1]))
