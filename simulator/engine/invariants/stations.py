"""What is true of every station: who is served when, for how long, or refused."""

from __future__ import annotations

import numpy as np

from simulator.engine.invariants.offenders import of, rank_among, union
from simulator.engine.invariants.path import SamplePath
from simulator.engine.invariants.services import (
    ROUNDED_NS,
    cold_ns,
    inflated_ns,
    paced_ns,
    paced_sometime_ns,
)
from simulator.engine.invariants.spacing import tokens_missing
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.system.journeys import Step
from simulator.system.stations import Balance, StationKind
from simulator.system.system import Lever
from simulator.timetable import draws
from simulator.units import FOREVER, NS_PER_DAY, Ints


def served_too_soon(path: SamplePath) -> Ints:
    """Whose work was done in another time than its service takes."""
    rows, parts = path.attempts, []
    for number, step in enumerate(path.system.steps):
        his = np.flatnonzero((rows["step"] == number) & (rows["result"] == Result.SUCCESS))
        row, station = rows[his], path.system.stations[step.station]
        lasted_ns = row["finished"] - station.round_trip_ns - row["started"]
        least_ns, most_ns = service_bounds_ns(path, number, step, his)
        wrong = lasted_ns < least_ns
        if not step.calls and station.kind is not StationKind.CPU:
            wrong |= lasted_ns > most_ns
            if not station.is_inflated:
                wrong |= (lasted_ns != least_ns) & (lasted_ns != most_ns)
        parts.append(of(row["visitor"], wrong))
    return union(parts)


def service_bounds_ns(
    path: SamplePath, number: int, step: Step, attempts: Ints
) -> tuple[Ints, Ints]:
    """How long the own work and the calls of attempts last at least, and most beside others or cold.

    On a CPU they may last longer still, for want of cores.
    """
    row, stations = path.attempts[attempts], path.system.stations
    least_ns, most_ns = np.zeros(len(row), np.int64), np.zeros(len(row), np.int64)
    laws = [(stations[step.station], path.system.service_of(number), row["attempt"])]
    for index, call in enumerate(step.calls, 1):
        law = stations[call.station].service if call.service is None else call.service
        laws.append((stations[call.station], law, row["attempt"] << 8 | index))
    for called, (station, law, attempt) in enumerate(laws):
        drawn_ns = path.drawn_ns(law, draws.SERVICE, row["visitor"], number, attempt)
        quick_ns, slow_ns = paced_sometime_ns(drawn_ns, station.pace)
        if not called:
            quick_ns = slow_ns = paced_ns(drawn_ns, station.pace, row["started"])
        quick_ns = np.minimum(quick_ns, cold_ns(quick_ns, station))
        slow_ns = np.maximum(slow_ns, cold_ns(slow_ns, station))
        has_speed = station.kind is StationKind.CPU or station.is_inflated
        rounded_ns = ROUNDED_NS if has_speed else 0
        least_ns += inflated_ns(quick_ns, min(station.inflation)) - rounded_ns
        most_ns += inflated_ns(slow_ns, max(station.inflation)) + rounded_ns
    return least_ns, most_ns


def served_out_of_turn(path: SamplePath) -> Ints:
    """Whose service began before that of somebody whose attempt was sent earlier."""
    parts = []
    for index, station in enumerate(path.system.stations):
        alone = station.instances == 1 and station.autoscaler is None
        if not alone and station.balance is not Balance.SHARED:
            continue
        rows = path.attempts
        his = rows[(rows["started"] != UNKNOWN) & (path.station_of == index)]
        his = his[np.argsort(his["sent"], kind="stable")]
        latest_ns = np.maximum.accumulate(np.append(-1, his["started"]))
        before_ns = latest_ns[np.searchsorted(his["sent"], his["sent"])]
        parts.append(of(his["visitor"], his["started"] < before_ns))
    return union(parts)


def beyond_the_quota(path: SamplePath) -> Ints:
    """Who was served by a quota that had no token left, or none left for its 24 hours."""
    rows, parts = path.attempts, []
    for index, station in enumerate(path.system.stations):
        if station.kind is not StationKind.QUOTA:
            continue
        his = rows[(rows["started"] != UNKNOWN) & (path.station_of == index)]
        his = his[np.argsort(his["started"], kind="stable")]
        changes = path.changes(Lever.QUOTA_SPACING_NS, index)
        missing = np.array(
            tokens_missing(station.quota, changes, his["started"].tolist()), np.bool_
        )
        missing |= rank_among(his["started"] // NS_PER_DAY) >= station.per_day_from_opening
        if station.per_day < len(his):
            before_ns = his["started"][: len(his) - station.per_day]
            missing[station.per_day :] |= his["started"][station.per_day :] < before_ns + NS_PER_DAY
        parts.append(of(his["visitor"], missing))
    return union(parts)


def wrongly_refused(path: SamplePath) -> Ints:
    """Who failed where nothing fails, or was refused later than at once where nothing sheds."""
    rows, parts = path.attempts, []
    for number in range(len(path.system.steps)):
        row = rows[rows["step"] == number]
        own, *others = path.refusers(number)
        fails = any(station.failures is not None for station in (own, *others))
        wrong = (row["result"] == Result.FAILED) & (not fails)
        if not others and own.sheds_after_ns == FOREVER:
            refused = row["result"] == Result.TURNED_AWAY
            wrong |= refused & (row["finished"] != row["sent"] + own.round_trip_ns)
        parts.append(of(row["visitor"], wrong))
    return union(parts)


def served_after_shedding(path: SamplePath) -> Ints:
    """Who was served although he had waited longer than the station sheds after."""
    limit_ns = np.array([station.sheds_after_ns for station in path.system.stations])
    rows = path.attempts
    waited_ns = rows["started"] - rows["sent"]
    late = (rows["started"] != UNKNOWN) & (waited_ns > limit_ns[path.station_of])
    return of(rows["visitor"], late)
