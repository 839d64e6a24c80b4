"""The step: people who come evenly at 0.7 of the capacity, and make each request once.

It is a plan as any other: predicted by an engine and sent by the replay's generator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenarios.probe.measured import Keys
from simulator.plan.meaning.stations import station_of
from simulator.plan.meaning.uncertain import uncertain_of, wandering_of
from simulator.plan.plan import Plan, Subject
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.stations import Station as StationWords
from simulator.system import capacity
from simulator.system.journeys import Journey, Step
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.units import NS_PER_S

LOAD = 0.7
"""Of the capacity: there people wait for one another, and nothing overflows."""
LASTS_S, DRAINS_S = 15.0, 5.0
FEWEST, MOST = 20, 400
"""People: with fewer no quantile is told, and more tell nothing new."""
TIMEOUT_S = 30.0
NAME = "held-out step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may be sent."""

    most_per_s: float
    """Requests a second."""
    within_s: float = LASTS_S + DRAINS_S


def step_of(
    stations: Sequence[StationWords],
    requests: Sequence[Request],
    keys: Keys,
    limits: Limits,
    seed: int,
) -> Plan | None:
    """The plan; None where too few people would come within the limits.

    ``stations`` are as the probe writes them; their factors are drawn with each launch.
    """
    system = met(stations, requests, keys)
    full = capacity.slowest_per_s(system, [[1.0] * len(requests)])
    rate_per_s = min(LOAD * full, limits.most_per_s / len(requests))
    lasts_s = min(limits.within_s - DRAINS_S, LASTS_S)
    # How many come is a Poisson number: three of its standard deviations are left.
    people = min(rate_per_s * lasts_s, MOST - 3 * math.sqrt(MOST))
    if people < FEWEST:
        return None
    lasts_ns = round(people / rate_per_s * NS_PER_S)
    component = Component.of(people=0, edges_ns=[0, lasts_ns], mass=[people])
    return Plan(
        subject=Subject.REHEARSAL,
        scenario=NAME,
        variant=None,
        demand=Demand(components=(component,)),
        system=system,
        objectives=Objectives(),
        horizon_ns=lasts_ns,
        end_ns=lasts_ns + round(DRAINS_S * NS_PER_S),
        bin_ns=NS_PER_S,
        seed=seed,
        uncertain=uncertain_of(system, (), stations),
        wandering=wandering_of(system, stations),
    )


def at(
    plan: Plan, stations: Sequence[StationWords], requests: Sequence[Request], keys: Keys
) -> Plan:
    """The same people at other stations."""
    system = met(stations, requests, keys)
    return replace(
        plan,
        system=system,
        uncertain=uncertain_of(system, (), stations),
        wandering=wandering_of(system, stations),
    )


def met(stations: Sequence[StationWords], requests: Sequence[Request], keys: Keys) -> System:
    """One group of people, who make each request at the station that serves it, without a line."""
    steps = []
    for request in requests:
        key = next(iter(keys.get(request, [str(request)])))
        number = next(n for n, station in enumerate(stations) if key in station.serves)
        steps.append(Step(station=number, service=stations[number].serves[key].duration))
    return System(
        people=(People(name="probe", client_timeout_ns=round(TIMEOUT_S * NS_PER_S)),),
        stations=tuple(map(station_of, stations)),
        journeys=(Journey(name="probe", steps=tuple(steps)),),
    )


def load_of(plan: Plan) -> float:
    """The share of the capacity at which they come."""
    full = capacity.slowest_per_s(plan.system, [[1.0] * len(plan.system.steps)])
    return plan.demand.total * NS_PER_S / plan.horizon_ns / full
