"""A plan whose services take as long as they do beside the load generator, on the same cores.

The plan is predicted, which tells how many jobs run and what is asked for at each time; from that follows
what the others need and how much longer a job takes that begins then, as a pace of the stations. With the
pace more jobs run at once, so this is done again until it changes no more.

A target was probed without the generator, but not without itself: what its own jobs do to one another
stands in its inflation, or not at all. So a factor is the ratio of a job's time beside the others to its
time beside none of them. While a ladder found an inflation, somebody sent its attempts too: there it is the
ratio to a job's time beside who sends attempts and does nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from simulator.engine.rules import Engine
from simulator.plan.plan import Plan
from simulator.plan.sharing.cores import stretch
from simulator.plan.sharing.jobs import Jobs
from simulator.plan.sharing.load import Load
from simulator.system.pace import Pace
from simulator.system.stations import Station, StationKind
from simulator.units import Floats

MOST_ROUNDS = 8
CLOSE = 0.005
"""A factor that differs from 1 by less is none."""
ALIKE = 1e-6

Paces = Mapping[bool, Pace]
"""Of stations that were seen to inflate, and of those that were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What works beside a target's jobs."""

    cores: int
    """Those of the target; the others use them as well."""
    loads: tuple[Load, ...]
    poll_every_ns: int
    """How often who waits in line looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A plan beside others, and what that comes to."""

    plan: Plan
    paces: Paces
    """Empty: nothing takes longer."""
    busiest: float
    """The most that the others need, in cores, in the mean of a bin."""
    mean: float
    """How many times as long as by itself a job takes, in the mean."""
    most: float
    """And in the mean of the bin in which that is most."""


def shared(plan: Plan, engine: Engine, beside: Beside) -> Shared:
    """The plan with the pace that its stations have beside others; as it is where that changes nothing."""
    paces: Paces = {}
    before = 0.0
    for _ in range(MOST_ROUNDS):
        jobs = Jobs.of(with_paces(plan, paces), engine, beside.poll_every_ns)
        factors = {kind: factors_of(jobs, beside, inflates=kind) for kind in kinds(plan)}
        paces = {kind: pace_of(jobs, each) for kind, each in factors.items()}
        mean = max((float(each.mean()) for each in factors.values() if len(each)), default=1.0)
        if abs(mean - before) <= CLOSE:
            break
        before = mean
    needs = jobs.needs(beside.loads).sum(axis=0)
    paces = {kind: pace for kind, pace in paces.items() if max(pace.factors) > 1.0 + CLOSE}
    return Shared(
        plan=with_paces(plan, paces),
        paces=paces,
        busiest=float(needs.max(initial=0.0)),
        mean=mean,
        most=max((max(pace.factors) for pace in paces.values()), default=1.0),
    )


def kinds(plan: Plan) -> set[bool]:
    """Whether there are stations that inflate, and such that do not; tokens are no work."""
    return {
        station.is_inflated
        for station in plan.system.stations
        if station.kind is not StationKind.QUOTA
    }


def pace_of(jobs: Jobs, factors: Floats) -> Pace:
    """By the bins in which jobs begin; bins that follow one another and are alike have one start."""
    means = jobs.means(factors).tolist()
    starts, kept = [0], means[:1]
    for start, factor in zip(jobs.edges_ns[1:-1].tolist(), means[1:], strict=True):
        if abs(factor - kept[-1]) > ALIKE:
            starts.append(start)
            kept.append(factor)
    return Pace.of(starts, kept)


def factors_of(jobs: Jobs, beside: Beside, *, inflates: bool) -> Floats:
    """How many times as long each job takes beside others."""
    loads = beside.loads
    before = tuple(load.of_attempts for load in loads) if inflates else ()
    # Jobs that begin in one bin beside as many are alike.
    alike, of = np.unique(np.stack([jobs.running, jobs.bin]), axis=1, return_inverse=True)
    running, bins = alike[0], alike[1].astype(np.int64)
    alone, among = (
        stretch(running, beside.cores, jobs.needs(each)[:, bins]) for each in (before, loads)
    )
    return np.asarray((among / alone)[of.ravel()])


def with_paces(plan: Plan, paces: Paces) -> Plan:
    """The plan whose stations have these paces, beside any that they have; none of a quota."""
    stations = (with_pace(each, paces.get(each.is_inflated)) for each in plan.system.stations)
    return replace(plan, system=replace(plan.system, stations=tuple(stations)))


def with_pace(station: Station, pace: Pace | None) -> Station:
    if pace is None or station.kind is StationKind.QUOTA:
        return station
    return replace(station, pace=pace if station.pace is None else station.pace.times(pace))
