"""Benchmark B at any size: the file beside this one, made larger or smaller."""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from simulator import Compiled, Plan, launch_plan, parse
from simulator.outcomes.counts.places import Layout
from simulator.system.line import TokenBucket
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import frozen_floats

FILE = Path(__file__).parent / "benchmark-b.toml"
TEN_MILLION = 10_000_000
SPEC, STRESS = "spec", "stress"
SEED = 1

LONGEST_STRESS_SERVICE_S = 0.8
"""Small pools are served slowly, so that they too have many servers that are not enough."""
POOL_SHARE_UNDER_STRESS = 0.75
"""Of the first rate of arrivals; the line lets in 0.8 of it."""
WAITING_ROOM_S = 12


class Launch(NamedTuple):
    """What an engine is given, and how it is counted."""

    timetable: Timetable
    system: System
    bin_ns: int
    layout: Layout


@cache
def plan_of(variant: str) -> Plan:
    """The launch of ten million in the file."""
    text = FILE.read_text(encoding="utf-8")
    chosen = None if variant == SPEC else variant
    scenario = parse(text, FILE.name, variant=chosen)
    return launch_plan(scenario, seed=SEED, engine=Compiled())


def launch(visits: int, variant: str, seed: int = SEED) -> Launch:
    """So many signups; nothing is drawn yet."""
    plan, factor = plan_of(variant), visits / TEN_MILLION
    return Launch(
        timetable=Timetable(
            demand=times(plan.demand, factor),
            horizon_ns=plan.horizon_ns,
            end_ns=plan.end_ns,
            seed=seed,
        ),
        system=sized(plan.system, variant, factor),
        bin_ns=plan.bin_ns,
        layout=plan.layout,
    )


def times(demand: Demand, factor: float) -> Demand:
    return Demand(
        components=tuple(
            replace(component, mass=frozen_floats(component.mass * factor))
            for component in demand.components
        )
    )


def sized(system: System, variant: str, factor: float) -> System:
    """The file's system for so many times the people: rates and servers so many times as many.

    Servers are rounded up, but for a pool under stress, which is to be too small.
    """
    if factor == 1.0:
        return system
    signup, verification = system.stations
    release = system.waitlist.release
    assert isinstance(release, TokenBucket)
    changes = tuple(
        replace(change, value=faster(change.value, factor)) for change in system.changes
    )
    return replace(
        system,
        waitlist=replace(
            system.waitlist, release=replace(release, spacing_ns=faster(release.spacing_ns, factor))
        ),
        changes=changes,
        stations=(
            pool(signup, variant, factor),
            replace(verification, servers=math.ceil(verification.servers * factor)),
        ),
    )


def faster(spacing_ns: int, factor: float) -> int:
    return max(1, round(spacing_ns / factor))


def pool(signup: Station, variant: str, factor: float) -> Station:
    service_s, servers = signup.service.mean_ns() / 1e9, math.ceil(signup.servers * factor)
    if variant == STRESS:
        first_rate_per_s = factor * TEN_MILLION / (3 * 3600 * -math.expm1(-7 / 3))
        service_s = min(LONGEST_STRESS_SERVICE_S, max(service_s, service_s / factor))
        servers = round(service_s * POOL_SHARE_UNDER_STRESS * first_rate_per_s)
    return replace(
        signup,
        servers=servers,
        waiting_room=int(WAITING_ROOM_S * servers / service_s),
        service=Duration.lognormal(service_s * 1e9, cv=1.0),
    )
