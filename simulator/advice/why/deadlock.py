"""Deadlock: every server of a station is held by work that waits for another of these servers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.outcomes.counts.summary import Summary
from simulator.system.stations import StationKind
from simulator.system.system import System

FEW = 10
"""So many attempts without one success are no chance."""


def holding_cycle(system: System) -> tuple[int, ...]:
    """Stations whose servers can all be held by work that waits for one another; empty: none.

    A step holds a server of its own station while it waits for one of a station that it calls. A
    quota holds no servers, so nothing can wait in a circle through it.

    >>> from simulator.timetable.laws import Duration
    >>> from simulator.system.journeys import Call, Journey, Step
    >>> from simulator.system.people import People
    >>> from simulator.system.stations import Station
    >>> nested = Journey(steps=(Step(calls=(Call(station=0),)),))
    >>> db = Station(name="db", servers=8, service=Duration.fixed(1))
    >>> holding_cycle(System(people=(People(name="all"),), stations=(db,), journeys=(nested,)))
    (0,)
    """
    waits_for: dict[int, set[int]] = {number: set() for number in range(len(system.stations))}
    for step in system.steps:
        if system.stations[step.station].kind is not StationKind.QUOTA:
            waits_for[step.station] |= {
                call.station
                for call in step.calls
                if system.stations[call.station].kind is not StationKind.QUOTA
            }
    for start in waits_for:
        found = _way(waits_for, start, start, ())
        if found:
            return found
    return ()


def _way(
    waits_for: dict[int, set[int]], at: int, back_to: int, so_far: tuple[int, ...]
) -> tuple[int, ...]:
    """The stations on a way back; empty: there is none."""
    if at in so_far:
        return ()
    for following in sorted(waits_for[at]):
        if following == back_to:
            return (*so_far, at)
        found = _way(waits_for, following, back_to, (*so_far, at))
        if found:
            return found
    return ()


def standstill_ns(summary: Summary, cycle: Sequence[int]) -> int | None:
    """Since when nobody who needs these stations succeeded, although many tried."""
    numbers = [number for station in cycle for number in summary.layout.places_at(station)]
    if not numbers:
        return None
    answered = np.flatnonzero(summary.steps.answered[numbers].sum(axis=0))
    since = int(answered[-1]) + 1 if len(answered) else 0
    if int(summary.steps.sent[numbers, since:].sum()) < FEW:
        return None
    return since * summary.bin_ns
