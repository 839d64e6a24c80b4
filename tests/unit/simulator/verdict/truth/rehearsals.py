"""Rehearsals of one station whose services drift as is said, and what a replay would see of them."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.reading import Figure
from simulator.outcomes.rows import UNKNOWN, Block
from simulator.plan.launches import Prediction, play, predict
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import Objectives
from simulator.system.pace import Pace
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration

MS, S = 1_000_000, 1_000_000_000
MEAN_NS = 100 * MS
LAUNCHES = 60


def plan_of(
    utilisation: float,
    *,
    servers: int = 2,
    cv: float = 0.3,
    for_s: int = 120,
    seed: int = 1,
    people: People | None = None,
    **figures: Any,
) -> Plan:
    """A rehearsal in which a pool is so busy in the mean, if its services take as long as is thought."""
    service = Duration.lognormal(MEAN_NS, cv)
    station = Station(name="web", servers=servers, service=service, round_trip_ns=3 * MS, **figures)
    come = utilisation * servers / (MEAN_NS / S) * for_s
    return Plan(
        subject=Subject.REHEARSAL,
        scenario="made up",
        variant=None,
        demand=Demand(components=(Component.of(0, [0, for_s * S], [come]),)),
        system=System(people=(people or People(name="all"),), stations=(station,)),
        objectives=Objectives(journeys=()),
        horizon_ns=for_s * S,
        end_ns=(for_s + 60) * S,
        bin_ns=S,
        seed=seed,
    )


def wandering(sd: float, over_s: float, *, for_s: int = 180, seed: int = 5) -> Pace:
    """A pace whose logarithm is an Ornstein-Uhlenbeck process, second by second; its mean is 1."""
    kicks, stays = np.random.default_rng(seed).normal(size=for_s), math.exp(-1.0 / over_s)
    steps = [sd * kicks[0]]
    for kick in kicks[1:]:
        steps.append(stays * steps[-1] + sd * math.sqrt(1 - stays * stays) * kick)
    return Pace.of(range(0, for_s * S, S), np.exp(np.array(steps) - sd * sd / 2))


def slower(factor: float) -> Pace:
    """All services take so many times as long."""
    return Pace.of([0], [factor])


def with_pace(plan: Plan, pace: Pace | None) -> Plan:
    """The plan with its station at a pace."""
    stations = (replace(plan.system.stations[0], pace=pace),)
    return replace(plan, system=replace(plan.system, stations=stations))


@dataclass(frozen=True, kw_only=True, eq=False)
class Replayed:
    """What would be seen of a rehearsal whose target tells nothing of its services."""

    rows: Block
    summary: Summary


def replayed(plan: Plan, pace: Pace | None = None, *, launch: int = 1000) -> Replayed:
    """The rehearsal meets that pace, with luck that no prediction has."""
    real = with_pace(plan, pace)
    rows = Compiled().simulate(real.timetable(launch), real.system).rows()
    return Replayed(rows=silent(rows), summary=play(real, Compiled(), launch))


def silent(rows: Block) -> Block:
    """As a replay sees it whose target tells nothing of when its services began."""
    attempts = rows.attempts.copy()
    attempts["started"] = UNKNOWN
    return Block(visits=rows.visits, attempts=attempts)


def predicted(plan: Plan, launches: int = LAUNCHES) -> Prediction:
    """Of so many launches."""
    return predict(plan, Compiled(), launches)


@functools.cache
def figures_by_key() -> dict[str, Figure]:
    """All figures of such a rehearsal."""
    return {figure.key: figure for figure in figures_of(plan_of(0.5).layout)}
