"""The arrivals that other arrivals bring: how many are expected, and how they are spread.

With ``L`` the arrivals that bring by themselves and ``M`` those brought (both as rates), each
bringing ``n`` after a delay of density ``f``, the mean solves the renewal equation ::

    M(t) = n integral of f(t - u) (L(u) + M(u)) du

(without the ``M`` on the right where who was brought brings nobody). It is solved on blocks of
time, exactly for these: it is the mean of the very counts that :mod:`simulator.timetable.counts` draws.
Where somebody stands in his block is averaged over it.

Source: Hawkes 1971, "Spectra of some self-exciting and mutually exciting point processes", eq. 9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch

import numpy as np

from simulator.plan.surges.curve import merged, tilts
from simulator.scenario.words.surges.brought import Bringing, Referral, Returning
from simulator.text.quantities import UNITS_NS
from simulator.timetable.demand import Brought, Component
from simulator.timetable.distribution import share_within
from simulator.units import Floats, Ints, frozen_floats

MOST_BLOCKS = 500
"""Of those brought: each block looks at each one before it."""
NODES = [half + side * 0.5 / np.sqrt(3.0) for half in (-0.5, 0.5) for side in (-1.0, 1.0)]
"""Of Gauss and Legendre's rule of two points in each half of a block, which runs from -1 to 1: in
the middle and at the edges the share that has come begins to rise, and has a corner."""

Spread = Callable[[Floats], Floats]
"""The share of those whom somebody brings that have come so many nanoseconds after him."""


def brought(
    surge: Bringing,
    members: Sequence[tuple[int, float]],
    by: Sequence[int],
    known: Sequence[Component],
) -> list[Component]:
    """The components of those brought: each member is an entry of the system and its share.

    ``by`` are the indices of the components, among those known, whose arrivals bring.
    """
    number, spread = kernel(surge)
    number *= 1.0 if surge.volume is None else surge.volume.likely
    again = isinstance(surge, Referral)
    bringing = [known[index] for index in by]
    edges_ns = merged([component.edges_ns for component in bringing], MOST_BLOCKS)
    parents = np.diff(sum((c.by_instant(c.mass, edges_ns) for c in bringing), 0.0 * edges_ns))
    shares = shares_by(edges_ns, spread)
    between = np.diff(shares[:, ::2], axis=1)
    mass = mean(parents, number * between, again=again)
    everybody = parents + mass if again else parents
    first_half = number * (everybody @ (shares[:, 1::2] - shares[:, :-2:2]))
    family = Brought(
        by=tuple(by),
        number=number,
        again=again,
        shares=tuple(share for _, share in members),
        spread=frozen_floats(between),
    )
    law = None if surge.volume is None else surge.volume.law
    tilt = tilts(mass, first_half)
    return [
        Component.of(entry, edges_ns, share * mass, tilt, law, family) for entry, share in members
    ]


def mean(parents: Floats, brings: Floats, *, again: bool) -> Floats:
    """How many are expected to be brought in each block.

    ``brings[b, j]`` are those whom one in block ``b`` brings in block ``j``.
    """
    direct = parents @ brings
    if not again:
        return np.asarray(direct)
    return np.asarray(np.linalg.solve(np.eye(len(parents)) - brings.T, direct))


def shares_by(edges_ns: Ints, spread: Spread) -> Floats:
    """The share that has come by each edge and middle (in turn), of those whom each block brings."""
    width = np.diff(edges_ns)
    middles = edges_ns[:-1] + width / 2.0
    at_ns = np.empty(2 * len(width) + 1)
    at_ns[::2], at_ns[1::2] = edges_ns, middles
    shares = np.zeros((len(width), len(at_ns)))
    for node in NODES:
        stands_ns = middles + node * width / 2.0
        shares += spread(at_ns[np.newaxis, :] - stands_ns[:, np.newaxis])
    return shares / len(NODES)


@singledispatch
def kernel(surge: Bringing) -> tuple[float, Spread]:
    """How many each brings in all time, and when."""
    raise NotImplementedError(type(surge).__name__)


@kernel.register
def _referral(surge: Referral) -> tuple[float, Spread]:
    law = surge.after.duration
    return surge.brings, lambda ns: share_within(law, ns)


@kernel.register
def _returning(surge: Returning) -> tuple[float, Spread]:
    """``K(a) = integral of R(u) du / day``: of each, a share ``R`` comes a day, ``u`` after he came."""
    age = np.array([point.after_ns for point in surge.retention]) / UNITS_NS["day"]
    share = np.array([point.share for point in surge.retention])
    by_point = np.concatenate([[0.0], np.cumsum(np.diff(age) * (share[1:] + share[:-1]) / 2.0)])
    number = float(by_point[-1])

    def spread(ns: Floats) -> Floats:
        a = np.clip(ns / UNITS_NS["day"], age[0], age[-1])
        i = np.clip(np.searchsorted(age, a, side="right") - 1, 0, len(age) - 2)
        u = a - age[i]
        slope = (share[i + 1] - share[i]) / (age[i + 1] - age[i])
        return np.asarray((by_point[i] + u * (share[i] + slope * u / 2.0)) / number)

    return number, spread
