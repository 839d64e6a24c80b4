"""A plan with the services as they were: what is still wrong with its prediction is the queue's.

A service is taken to be a draw from its step's law times the station's drift at the instant at which it
began. The law has the quantiles of those services that are exactly known, so that it is theirs whatever
its family; its mean is that of all, unseen work included, since who is seen to be served before his
client leaves has been served rather quickly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from simulator.plan.plan import Plan
from simulator.system.journeys import Journey
from simulator.system.system import System
from simulator.system.uncertain import Matter
from simulator.timetable.laws import Duration
from simulator.units import Floats, Ints
from simulator.verdict.truth.drift import LEAST, drift_of
from simulator.verdict.truth.played.services import Services
from simulator.verdict.truth.took import thought_of

SHARES = np.concatenate([np.linspace(0.0, 0.99, 100), [0.995, 0.999, 1.0]])
"""The quantiles of which a law is made."""
OF_PEOPLE = (Matter.PATIENCE, Matter.RETRIES)


def as_served(plan: Plan, services: Mapping[str, Services]) -> Plan | None:
    """The plan in which the stations serve as they were observed to; None where nothing was.

    What is recovered is certain: no factor is drawn of it. Other stations stay as the plan has them.
    """
    known = {name: each for name, each in services.items() if len(each.step)}
    if not known:
        return None
    system = plan.system
    for number, station in enumerate(system.stations):
        if station.name in known:
            system = served(system, number, known[station.name])
    uncertain = (
        each for each in plan.uncertain if each.matter in OF_PEOPLE or each.name not in known
    )
    wandering = tuple(each for each in plan.wandering if each.name not in known)
    return replace(plan, system=system, uncertain=tuple(uncertain), wandering=wandering)


def served(system: System, number: int, services: Services) -> System:
    """The system with one station as it was."""
    expected_ns = expected(system, services)
    some = expected_ns > 0  # what takes no time does not drift
    if not services.took_ns[some].any():
        return system
    drift = drift_of(services.begun_ns[some], services.took_ns[some] / expected_ns[some])
    levels = drift.at(services.begun_ns)
    laws = {
        int(step): law_of(system.service_of(int(step)), services, levels, services.step == step)
        for step in np.unique(services.step)
    }
    stations = list(system.stations)
    stations[number] = replace(stations[number], pace=drift.pace)
    return replace(system, stations=tuple(stations), journeys=tuple(journeys_of(system, laws)))


def expected(system: System, services: Services) -> Floats:
    """How long each service takes in the mean of its step, as observed.

    A step of few services takes so many times as long as was thought as all steps together do.
    """
    thought_ns = thought_of(system, services)
    slower = services.took_ns.sum() / thought_ns.sum() if thought_ns.any() else 1.0
    found: Floats = thought_ns * slower
    for step in np.unique(services.step):
        mine = services.step == step
        if mine.sum() >= LEAST:
            found[mine] = services.took_ns[mine].mean()
    return found


def law_of(thought: Duration, services: Services, levels: Floats, mine: Ints) -> Duration:
    """The law of a step's services, less the drift."""
    mean_ns = float(services.took_ns[mine].sum() / levels[mine].sum())
    if not mean_ns or not thought.mean_ns():
        return thought
    sure = mine & (services.is_exact == 1)
    if sure.sum() < LEAST:
        return thought.times(mean_ns / thought.mean_ns())
    law = law_with(services.took_ns[sure] / levels[sure])
    return law.times(mean_ns / law.mean_ns())


def law_with(took_ns: Floats) -> Duration:
    """The law that has these quantiles."""
    values = np.quantile(took_ns, SHARES)
    return Duration.empirical(list(zip(SHARES.tolist(), values.tolist(), strict=True)))


def journeys_of(system: System, laws: Mapping[int, Duration]) -> Sequence[Journey]:
    """The journeys, with the services of steps of these numbers."""
    found, first = [], 0
    for journey in system.journeys:
        steps = (
            replace(step, service=laws.get(first + place, step.service))
            for place, step in enumerate(journey.steps)
        )
        found.append(replace(journey, steps=tuple(steps)))
        first += len(journey.steps)
    return found
