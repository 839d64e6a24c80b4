"""How many arrive in each block of time of one launch.

A block's count is a Poisson number, by inversion of one uniform named by (launch, component,
generation, block), so that another surge changes nothing in this one. Of a component that is certain
it is the mass itself, or where that is no whole number the one below or above it.

Who is brought by others comes in generations. Of each generation the counts are known, and those
of the next one are Poisson numbers with the mean that these lead to. Their sum over a launch has
exactly the law of the clusters: with ``n`` brought by each, in a long launch, a mean of
``1 / (1 - n)`` and a variance of ``1 / (1 - n)**3`` for each who comes by himself, and so an index
of dispersion of ``1 / (1 - n)**2``. What is not kept is which arrival within a block brought whom:
instants depend on one another from block to block, and not within a block (of which there are
hundreds, the narrow ones where a surge begins: :mod:`simulator.plan.surges.brought`).

Source: Hawkes and Oakes 1974, "A cluster process representation of a self-exciting process".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from simulator.timetable import draws
from simulator.timetable.demand import Brought, Component, Demand
from simulator.units import Floats, Ints


def block_counts(demand: Demand, key: int, luck: float) -> tuple[Ints, ...]:
    """The counts of all components, with the key of all counts and the draw of the volume."""
    counts: list[Ints] = []
    components = demand.components
    while len(counts) < len(components):
        component = components[len(counts)]
        factor = 1.0 if component.volume is None else component.volume.factor(luck)
        if component.brought is None:
            one = draws.substream(key, len(counts), 0)
            drawn = certain_counts if component.certain else poisson_counts
            counts.append(drawn(one, _times(factor, component.mass)))
        else:
            counts += _family(components, counts, key, factor)
    return tuple(counts)


def _family(
    components: Sequence[Component], known: Sequence[Ints], key: int, factor: float | Floats
) -> list[Ints]:
    """The counts of the family that comes next, generation after generation."""
    first = len(known)
    component, brought = components[first], components[first].brought
    assert brought is not None
    bringing = _bringing(components, known, brought, component.edges_ns)
    totals = [np.zeros(len(component.mass), np.int64) for _ in brought.shares]
    generation = 0
    while len(some := np.flatnonzero(bringing)):
        mean = factor * brought.number * (bringing[some] @ brought.spread[some])
        bringing = np.zeros(len(mean))
        for member, share in enumerate(brought.shares):
            named = draws.substream(key, first + member, generation)
            children = poisson_counts(named, _times(share, mean))
            totals[member] += children
            bringing += children
        generation += 1
        if not brought.again:
            break
    return totals


def _bringing(
    components: Sequence[Component], known: Sequence[Ints], brought: Brought, edges_ns: Ints
) -> Floats:
    """How many of those who bring come in each block of the family."""
    by_edge = sum(
        (components[index].by_instant(known[index], edges_ns) for index in brought.by),
        start=np.zeros(len(edges_ns)),
    )
    return np.asarray(np.maximum(np.diff(by_edge), 0.0))


def _times(factor: float | Floats, mass: Floats) -> Floats:
    return mass if isinstance(factor, float) and factor == 1.0 else factor * mass


def poisson_counts(key: int, mass: Floats) -> Ints:
    """A Poisson count for each block, by inversion of one uniform each.

    The real root of the distribution function is rounded up, unless the whole number below already
    reaches the probability.
    """
    some = np.flatnonzero(mass > 0.0)
    expected, uniforms = mass[some], uniforms_of(key, some)
    above = np.ceil(special.pdtrik(uniforms, expected))
    below = np.maximum(above - 1.0, 0.0)
    counts = np.zeros(len(mass), np.int64)
    counts[some] = np.where(special.pdtr(below, expected) >= uniforms, below, above)
    return counts


def certain_counts(key: int, mass: Floats) -> Ints:
    """The mass of each block, rounded up with the probability of its fraction, else down.

    >>> certain_counts(0, np.array([0.0, 2.0, 7.0])).tolist()
    [0, 2, 7]
    """
    some = np.flatnonzero(mass > 0.0)
    whole = np.floor(mass[some])
    counts = np.zeros(len(mass), np.int64)
    counts[some] = whole + (uniforms_of(key, some) < mass[some] - whole)
    return counts


def uniforms_of(key: int, indices: Ints) -> Floats:
    """:func:`simulator.timetable.draws.uniform` of many indices at once, bit for bit.

    Machine integers wrap where the scalar function masks.
    """
    z = np.uint64(key) + indices.astype(np.uint64) * np.uint64(draws.INCREMENT & draws.MASK)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(draws.MULTIPLIER_1 & draws.MASK)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(draws.MULTIPLIER_2 & draws.MASK)
    z ^= z >> np.uint64(31)
    return np.asarray(((z >> np.uint64(12)).astype(np.float64) + 0.5) * draws.TWO_TO_MINUS_52)
