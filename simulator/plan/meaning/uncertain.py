"""What the words for uncertainty mean: likely factors, which a system has, and what launches draw around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from simulator.scenario.words.people import People
from simulator.scenario.words.stations import Station
from simulator.system.system import System
from simulator.system.uncertain import Matter, Uncertain
from simulator.system.wandering import Wandering
from simulator.timetable.volume import Volume

CERTAIN = Volume(low=1.0, high=1.0)

Likely = tuple[Uncertain, float]
"""What is uncertain, and its likely factor."""


def uncertain_of(
    system: System, people: Iterable[People], stations: Iterable[Station]
) -> tuple[Uncertain, ...]:
    """What launches draw of this system, in the order of the file."""
    return tuple(each for each, _ in _said(system, people, stations) if each.spread != CERTAIN)


def wandering_of(system: System, stations: Iterable[Station]) -> tuple[Wandering, ...]:
    """How the stations of this system wander, in the order of the file."""
    serve = {each.name for each in system.stations}
    return tuple(
        Wandering(
            key=f"station.{each.name}.drift",
            name=each.name,
            sd=each.drift.sd,
            over_ns=each.drift.over_ns,
        )
        for each in stations
        if each.name in serve and each.drift is not None
    )


def with_likely(system: System, people: Iterable[People], stations: Iterable[Station]) -> System:
    """The system with every likely factor in it."""
    for each, likely in _said(system, people, stations):
        if likely != 1.0:
            factor = 1.0 if each.matter is Matter.RETRIES else likely  # its number has it already
            system = each.applied(system, factor)
    return system


def _said(
    system: System, people: Iterable[People], stations: Iterable[Station]
) -> Iterator[Likely]:
    come, serve = ({each.name for each in entries} for entries in (system.people, system.stations))
    for group in people:
        if group.name in come:
            yield from _of_people(group)
    for station in stations:
        if station.name in serve and station.service_factor is not None:
            key = f"station.{station.name}.service_factor"
            spread = station.service_factor.law or CERTAIN
            found = Uncertain(key=key, matter=Matter.SERVICE, name=station.name, spread=spread)
            yield found, station.service_factor.likely


def _of_people(group: People) -> Iterator[Likely]:
    patience, retries = group.patience_factor, group.retries_factor
    found = Uncertain(key="", matter=Matter.PATIENCE, name=group.name, spread=CERTAIN)
    if patience is not None:
        key = f"people.{group.name}.patience_factor"
        yield replace(found, key=key, spread=patience.law or CERTAIN), patience.likely
    if retries is not None:
        yield (
            replace(
                found,
                key=f"people.{group.name}.retries_factor",
                matter=Matter.RETRIES,
                spread=retries.law or CERTAIN,
                further=(group.retries.attempts - 1) * retries.likely,
            ),
            retries.likely,
        )
