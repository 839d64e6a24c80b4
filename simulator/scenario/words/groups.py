"""Groups of people by the journey they take: each pair is one entry of the system.

Whoever comes takes a journey by chance, with the group's shares. A Poisson stream that is divided
by chance is as many independent Poisson streams, so each entry has a stream of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.scenario.words.journeys import Journey
from simulator.scenario.words.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Those of a group who take one journey."""

    group: str
    journey: int
    share: float
    """Of the group."""
    recorded: tuple[str, ...] = ()
    """The recorded requests that the journey stands for."""


def entries_of(people: Iterable[People], journeys: Sequence[Journey]) -> tuple[Entry, ...]:
    """The entries of :attr:`simulator.system.system.System.people`, in their order."""
    names = [journey.name for journey in journeys]
    return tuple(
        Entry(
            group=group.name, journey=number, share=shares[name], recorded=journeys[number].recorded
        )
        for group in people
        for shares in [group.journeys or {names[0]: 1.0}]
        for number, name in enumerate(names)
        if shares.get(name)
    )
