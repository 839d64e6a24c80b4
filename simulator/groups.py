"""Groups of people by the journey they take: each pair is one entry of the system.

Whoever comes takes a journey by chance, with the group's shares. A Poisson stream that is divided
by chance is as many independent Poisson streams, so each entry has a stream of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.demand import Component
from simulator.journey_words import Journey
from simulator.people_words import People
from simulator.surge import to_component
from simulator.surge_words import Surge


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Those of a group who take one journey."""

    group: str
    journey: int
    share: float
    """Of the group."""


def entries_of(people: Iterable[People], journeys: Sequence[Journey]) -> tuple[Entry, ...]:
    """The entries of :attr:`simulator.system.System.people`, in their order."""
    names = [journey.name for journey in journeys]
    return tuple(
        Entry(group=group.name, journey=number, share=shares[name])
        for group in people
        for shares in [group.journeys or {names[0]: 1.0}]
        for number, name in enumerate(names)
        if shares.get(name)
    )


def components_of(
    surges: Iterable[Surge], entries: Sequence[Entry], horizon_ns: int
) -> tuple[Component, ...]:
    """The demand of all surges up to the horizon: of each, a component an entry of its group."""
    return tuple(
        part(to_component(surge, number, horizon_ns), entry.share)
        for surge in surges
        for number, entry in enumerate(entries)
        if entry.group == surge.people
    )


def part(whole: Component, share: float) -> Component:
    """A share of those who come in a component, at every instant."""
    return Component.of(whole.people, whole.edges_ns, share * whole.mass, whole.tilt)
