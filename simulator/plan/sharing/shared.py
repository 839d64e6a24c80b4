"""A plan whose services take as long as they do beside the load generator, on the same cores.

The plan is predicted, which tells how many jobs run and what is asked for at each time; from that follows
what the others need and how much longer a job takes that begins then, as a pace of the stations. With the
pace more jobs run at once, so this is done again until it changes no more.

A target was probed without the generator, but not without itself: what its own jobs do to one another
stands in its inflation, or not at all. So a factor is the ratio of a job's time beside the others to its
time beside none of them. What a ladder itself took of the cores is not in the inflation that it writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What works beside a target's jobs."""

    cores: int
    """Those of the target; the others use them as well."""
    loads: tuple[Load, ...]
    poll_every_ns: int
    """How often who waits in line looks."""
    computing: Mapping[str, float] = field(default_factory=dict)
    """By station: the share of its services that is processor time. What waits for others uses no core; nobody knows of
    a station that is missing, which is taken to compute all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A plan beside others, and what that comes to."""

    plan: Plan
    pace: Pace | None
    """Of what computes all the time; None: nothing takes longer."""
    busiest: float
    """The most that the others need, in cores, in the mean of a bin."""
    mean: float
    """How many times as long as by itself a job takes, in the mean."""
    most: float
    """And in the mean of the bin in which that is most."""


def shared(plan: Plan, engine: Engine, beside: Beside) -> Shared:
    """The plan with the pace that its stations have beside others; as it is where that changes nothing."""
    pace: Pace | None = None
    before = 0.0
    computing = tuple(beside.computing.get(each.name, 1.0) for each in plan.system.stations)
    for _ in range(MOST_ROUNDS):
        jobs = Jobs.of(with_pace(plan, pace, computing), engine, beside.poll_every_ns, computing)
        factors = factors_of(jobs, beside)
        pace = pace_of(jobs, factors)
        mean = float(factors.mean()) if len(factors) else 1.0
        if abs(mean - before) <= CLOSE:
            break
        before = mean
    most = max(pace.factors) if pace is not None else 1.0
    kept = pace if most > 1.0 + CLOSE else None
    return Shared(
        plan=with_pace(plan, kept, computing),
        pace=kept,
        busiest=float(jobs.needs(beside.loads).sum(axis=0).max(initial=0.0)),
        mean=mean,
        most=most if kept else 1.0,
    )


def pace_of(jobs: Jobs, factors: Floats) -> Pace:
    """By the bins in which jobs begin; bins that follow one another and are alike have one start."""
    means = jobs.means(factors).tolist()
    starts, kept = [0], means[:1]
    for start, factor in zip(jobs.edges_ns[1:-1].tolist(), means[1:], strict=True):
        if abs(factor - kept[-1]) > ALIKE:
            starts.append(start)
            kept.append(factor)
    return Pace.of(starts, kept)


def factors_of(jobs: Jobs, beside: Beside) -> Floats:
    """How many times as long each job takes beside others, while it computes."""
    # Jobs that begin in one bin beside as many are alike.
    alike, of = np.unique(np.stack([jobs.running, jobs.bin]), axis=1, return_inverse=True)
    running, bins = alike[0], alike[1].astype(np.int64)
    needs = jobs.needs(beside.loads)[:, bins]
    alone, among = (stretch(running, beside.cores, each) for each in (needs[:0], needs))
    return np.asarray((among / alone)[of.ravel()])


def with_pace(plan: Plan, pace: Pace | None, computing: Sequence[float]) -> Plan:
    """The plan whose stations have this pace while they compute, beside any that they have; none of a quota."""
    if pace is None:
        return plan
    stations = (
        paced(each, pace, share)
        for each, share in zip(plan.system.stations, computing, strict=True)
    )
    return replace(plan, system=replace(plan.system, stations=tuple(stations)))


def paced(station: Station, pace: Pace, share: float) -> Station:
    if station.kind is StationKind.QUOTA:
        return station
    mine = (
        pace
        if share == 1.0
        else Pace.of(pace.starts_ns, [1 + share * (f - 1) for f in pace.factors])
    )
    return replace(station, pace=mine if station.pace is None else station.pace.times(mine))
