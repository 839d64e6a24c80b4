"""The jobs of a plan's launches, each with how many ran when it began: themselves, and others beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Block
from simulator.plan.plan import Plan
from simulator.plan.sharing.load import Load, Traffic
from simulator.system.stations import Station, StationKind
from simulator.units import NS_PER_S, Floats, Ints

SHORTEST_BIN_NS = NS_PER_S // 2
MOST_BINS = 1_000
LAUNCHES = 4
"""Their jobs are taken together: a bin of one launch may have few."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Jobs:
    """Of all launches together, in no order."""

    edges_ns: Ints
    """Of the bins, shape (bins + 1,)."""
    bin: Ints
    """In which each began, shape (k,)."""
    running: Floats
    """How many ran then in its launch, itself included, shape (k,)."""
    traffic: Traffic
    """What was asked for, in the mean of the launches."""

    @classmethod
    def of(
        cls, plan: Plan, engine: Engine, poll_every_ns: int, computing: Sequence[float] = ()
    ) -> Jobs:
        """Play some launches. ``computing``: of each station, the share of its services that is processor time."""
        width_ns = max(SHORTEST_BIN_NS, -(-plan.end_ns // MOST_BINS))
        bins = -(-plan.end_ns // width_ns)
        edges_ns = np.arange(bins + 1, dtype=np.int64) * width_ns
        played = [rows_of(plan, engine, launch) for launch in range(LAUNCHES)]
        begun = [begins(plan, rows, computing) for rows in played]
        return cls(
            edges_ns=edges_ns,
            bin=np.concatenate([np.minimum(at_ns // width_ns, bins - 1) for at_ns, _ in begun]),
            running=np.concatenate([running for _, running in begun]),
            traffic=Traffic.mean([Traffic.of(rows, edges_ns, poll_every_ns) for rows in played]),
        )

    def needs(self, loads: tuple[Load, ...]) -> Floats:
        """The cores that each of the others needs in each bin, shape (m, bins)."""
        found = [load.cores(self.traffic) for load in loads]
        return np.array(found).reshape(len(loads), len(self.edges_ns) - 1)

    def means(self, factors: Floats) -> Floats:
        """Of the jobs that begin in each bin, shape (bins,); 1 where none does."""
        bins = len(self.edges_ns) - 1
        many = np.bincount(self.bin, minlength=bins)
        sums = np.bincount(self.bin, weights=factors, minlength=bins)
        return np.where(many > 0, sums / np.maximum(1, many), 1.0)


def rows_of(plan: Plan, engine: Engine, launch: int) -> Block:
    return engine.simulate(plan.timetable(launch), plan.system_of(launch)).rows()


def begins(plan: Plan, rows: Block, computing: Sequence[float] = ()) -> tuple[Ints, Floats]:
    """When each job began, in order, and how many computed then, itself included.

    A job is here an attempt that is served, calls included; what waits for tokens uses no core. Work goes
    on when its client has left, and nobody sees its end: it is counted until he left. Who computes for a share
    of his time counts for as much; a job itself computes. Those who share the cores of a station use no more.
    """
    steps, stations = plan.system.steps, plan.system.stations
    shares = np.array(computing or [1.0] * len(stations), np.float64)
    trips_ns = np.array([each.round_trip_ns for each in stations], np.int64)
    works = np.array([each.kind is not StationKind.QUOTA for each in stations], np.bool_)
    of_step = np.array([step.station for step in steps], np.int64)
    attempts = rows.attempts[rows.attempts["started"] != UNKNOWN]
    attempts = attempts[works[of_step[attempts["step"]]]]
    attempts = attempts[np.argsort(attempts["started"], kind="stable")]
    at, began, finished = of_step[attempts["step"]], attempts["started"], attempts["finished"]
    left = np.maximum(began, np.where(finished == UNKNOWN, plan.end_ns, finished - trips_ns[at]))
    running = 1.0 - shares[at]
    for number in np.unique(at).tolist():
        mine = at == number
        under_way = np.searchsorted(began[mine], began, side="right") - np.searchsorted(
            np.sort(left[mine]), began, side="right"
        )
        running += shares[number] * np.minimum(under_way, most_of(stations[number]))
    return began, np.maximum(1.0, running.round(2))


def most_of(station: Station) -> float:
    """How many of its jobs can compute at once; of what grows nobody says how many."""
    if station.autoscaler is not None:
        return math.inf
    of_each = station.cores if station.kind is StationKind.CPU else station.servers
    return float(of_each * station.instances)
