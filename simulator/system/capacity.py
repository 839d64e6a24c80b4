"""Capacity: what each attempt needs of each resource, and how much of it there is.

A station's resources are its servers, its cores, or the tokens of its quota. A server is needed
for as long as the attempt's own service and its calls last, if nobody waits for anything; a core
for the service alone; of a quota's tokens, one. So this is what a launch needs at least. Where
services inflate they last as long as while every server there is busy, since that is when it counts;
where a station has a pace, as long as what begins at the instant that is asked about.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from simulator.system.journeys import Step
from simulator.system.later import pulled_station
from simulator.system.line import TokenBucket
from simulator.system.stations import Station, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.units import NS_PER_S

OF_THE_LINE = (Lever.POLICY, Lever.RELEASE_SPACING_NS, Lever.SLOTS)


class Supply(enum.StrEnum):
    """What can run out at a station."""

    SERVERS = "servers"
    CORES = "cores"
    TOKENS = "tokens"
    TIME = "time"
    """Nothing ran out: service by itself takes longer than there is time for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing of which a station has so much."""

    station: int
    kind: Supply
    amount: float
    """Servers, cores, or tokens a second."""
    needs: tuple[float, ...]
    """What one attempt of each step takes of it: seconds, or tokens."""

    def utilisation(self, attempts_per_s: Sequence[float]) -> float:
        """The share that is needed when attempts of each step come at these rates."""
        needed = sum(rate * need for rate, need in zip(attempts_per_s, self.needs, strict=True))
        return needed / self.amount if self.amount else float(needed > 0) * float("inf")


def resources_of(system: System, at_ns: int = 0) -> tuple[Resource, ...]:
    """Every resource of every station, with the changes up to an instant and the pace that it has then.

    Autoscalers and failures are left out: it is what stands there while they do nothing.
    """
    numbers = range(len(system.stations))
    then = replace(system, stations=tuple(station_at(system, each, at_ns) for each in numbers))
    return tuple(
        Resource(
            station=number,
            kind=kind,
            amount=amount,
            needs=tuple(_need(then, step, number, kind, at_ns) for step in system.steps),
        )
        for number, station in enumerate(then.stations)
        for kind, amount in _amounts(station)
    )


def strain(resources: Sequence[Resource], attempts_per_s: Sequence[float]) -> float:
    """The utilisation of the scarcest of them."""
    return max(resource.utilisation(attempts_per_s) for resource in resources)


def visits_per_s(system: System, step_shares: Sequence[float]) -> float:
    """How many visitors a second can be served for ever, at the opening.

    Each of them takes a step with the share that is given for it.
    """
    needed = strain(resources_of(system), step_shares)
    return 1.0 / needed if needed else float("inf")


def slowest_per_s(system: System, mixes: Iterable[Sequence[float]]) -> float:
    """How many people a second can be served for ever, at the opening.

    It is so of the group that asks most of its slowest station, since who comes when is not known.
    """
    return min(visits_per_s(system, mix) for mix in mixes)


def following(system: System) -> System:
    """The system with its line let in at its share of what its stations can serve."""
    line = system.waitlist
    if line.follows is None or not isinstance(line.release, TokenBucket):
        return system
    rate_per_s = line.follows.share * slowest_per_s(system, line.follows.mixes)
    release = TokenBucket.at_rate(rate_per_s, line.release.burst)
    return replace(system, waitlist=replace(line, release=release))


def scarcest(system: System, mixes: Iterable[Sequence[float]]) -> list[int]:
    """The stations that hold the most people up: the scarcest one for each group, if it needs any."""
    found: dict[int, None] = {}
    for mix in mixes:
        worst = max(resources_of(system), key=lambda resource: resource.utilisation(mix))
        if worst.utilisation(mix) > 0:
            found.setdefault(worst.station)
    return list(found)


def station_at(system: System, number: int, at_ns: int) -> Station:
    """A station with everything that was changed about it up to an instant."""
    station = system.stations[number]
    for change in system.changes:
        if change.lever not in OF_THE_LINE and change.station == number and change.at_ns <= at_ns:
            station = pulled_station(station, change)
    return station


def _amounts(station: Station) -> list[tuple[Supply, float]]:
    if station.kind is StationKind.QUOTA:
        return [(Supply.TOKENS, station.capacity_per_s)]
    servers = [(Supply.SERVERS, float(station.instances * station.servers))]
    if station.kind is StationKind.CPU:
        return [*servers, (Supply.CORES, float(station.instances * station.cores))]
    return servers


def _need(system: System, step: Step, station: int, kind: Supply, at_ns: int) -> float:
    """What an attempt at the step takes of a resource of a station, in seconds or tokens."""
    own_ns = _lasts_ns(system.stations[step.station], step.service, at_ns)
    calls_ns = [
        (call.station, _lasts_ns(system.stations[call.station], call.service, at_ns))
        for call in step.calls
    ]
    if kind is Supply.TOKENS:
        return float(sum(at == station for at in (step.station, *(at for at, _ in calls_ns))))
    need_ns = sum(ns for at, ns in calls_ns if at == station)
    if step.station == station:
        # While it calls a job keeps its server, but uses no core.
        need_ns += own_ns + (sum(ns for _, ns in calls_ns) if kind is Supply.SERVERS else 0.0)
    if step.holds is not None and step.holds.station == station and kind is Supply.SERVERS:
        need_ns += step.holds.lasts.mean_ns()
    return need_ns / NS_PER_S


def _lasts_ns(station: Station, law: Duration | None, at_ns: int) -> float:
    """How long a service of a law, or the station's own, lasts in the mean while all are busy."""
    mean_ns = (station.service if law is None else law).mean_ns()
    return mean_ns * station.inflation_when_busy * station.pace_at(at_ns)
