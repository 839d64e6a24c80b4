"""What is true of the servers of every station: how many are at work, and what waits for them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simulator.engine.invariants.offenders import of, over, union
from simulator.engine.invariants.path import Flags, SamplePath
from simulator.engine.invariants.services import ROUNDED_NS, cold_ns, inflated_ns, paced_ns
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.system.stations import Balance, Station, StationKind
from simulator.system.system import Lever
from simulator.timetable import draws
from simulator.units import FOREVER, UNBOUNDED, Ints


def beyond_the_servers(path: SamplePath) -> Ints:
    """Who was served while every server there can be was at other work, or held."""
    parts = []
    for index, station in enumerate(path.system.stations):
        if station.kind is StationKind.QUOTA or is_open_ended(station):
            continue
        servers = path.most(Lever.SERVERS, station.servers, index) * most_instances(station)
        visitors, starts_ns, ends_ns = occupations(path, index)
        parts.append(over(visitors, starts_ns, ends_ns, servers))
    return union(parts)


def occupations(path: SamplePath, index: int) -> tuple[Ints, Ints, Ints]:
    """By whom, from when and until when servers of a station are surely occupied."""
    rows = path.attempts
    done_ns = rows["finished"] - path.round_trip_ns
    success = rows["result"] == Result.SUCCESS
    his = np.flatnonzero(success & (path.station_of == index))
    visitors, starts_ns, ends_ns = [rows["visitor"][his]], [rows["started"][his]], [done_ns[his]]
    for number, step in enumerate(path.system.steps):
        if step.holds is not None and step.holds.station == index:
            his = np.flatnonzero(success & (rows["step"] == number))
            who, attempt = rows["visitor"][his], rows["attempt"][his]
            lasts_ns = path.drawn_ns(step.holds.lasts, draws.HOLD, who, number, attempt)
            visitors.append(who)
            starts_ns.append(done_ns[his])
            ends_ns.append(done_ns[his] + lasts_ns)
    return np.concatenate(visitors), np.concatenate(starts_ns), np.concatenate(ends_ns)


def most_instances(station: Station) -> int:
    ceiling = 0 if station.autoscaler is None else station.autoscaler.ceiling
    return max(station.instances, ceiling)


def is_open_ended(station: Station) -> bool:
    """Whether failed instances that are replaced, and come back, may exceed the ceiling."""
    return station.autoscaler is not None and station.failures is not None


def beyond_the_waiting_room(path: SamplePath) -> Ints:
    """Who waited for service where every place of the waiting room was taken."""
    rows, parts = path.attempts, []
    waited = (rows["started"] != UNKNOWN) & (rows["started"] > rows["sent"])
    for index, station in enumerate(path.system.stations):
        places = path.most(Lever.WAITING_ROOM, station.waiting_room, index)
        if places >= UNBOUNDED or is_open_ended(station):
            continue
        his = rows[waited & (path.station_of == index)]
        places *= most_instances(station)
        parts.append(over(his["visitor"], his["sent"], his["started"], places))
    return union(parts)


def idle_beside_work(path: SamplePath) -> Ints:
    """Who waited for service while a server was free, where the rows show all of the work."""
    parts = []
    for index, station in enumerate(path.system.stations):
        his = np.flatnonzero(path.station_of == index)
        if shows_all_work(path, index, his):
            row = path.attempts[his]
            busy_until_ns, waited_until_ns = work_ns(path, his)
            began = row["started"] != UNKNOWN
            busy = list(zip(row["started"][began], busy_until_ns[began], strict=True))
            waits = np.flatnonzero(row["result"] != Result.TURNED_AWAY)
            waiting = list(zip(row["sent"][waits], waited_until_ns[waits], strict=True))
            servers = station.servers * station.instances
            for start_ns, end_ns in idle_spans(busy, waiting, servers):
                wrong = (row["sent"] < end_ns) & (waited_until_ns > start_ns)
                parts.append(of(row["visitor"], wrong & (row["result"] != Result.TURNED_AWAY)))
    return union(parts)


def shows_all_work(path: SamplePath, index: int, attempts: Ints) -> bool:
    """Whether the rows tell when each server of a pool was occupied: nothing stale, no guests."""
    station, row = path.system.stations[index], path.attempts[attempts]
    plain = station.kind is StationKind.POOL and station.balance is Balance.SHARED
    if not plain or station.autoscaler or station.failures or station.cold:
        return False
    if station.is_inflated:  # how long it was then goes by who else was served
        return False
    guests = any(
        (step.holds is not None and step.holds.station == index)
        or any(index in (step.station, call.station) for call in step.calls)
        or (step.station == index and step.holds is not None)
        for step in path.system.steps
    )
    if guests or path.changes(Lever.SERVERS, index):
        return False
    hidden = (row["result"] != Result.TURNED_AWAY) & (row["started"] == UNKNOWN)
    room = min([station.waiting_room, *(c.value for c in path.changes(Lever.WAITING_ROOM, index))])
    if room < UNBOUNDED or station.sheds_after_ns < FOREVER:
        # Refused too late for the client to see it, somebody looks as if he waited all the time.
        return not bool(hidden.any())
    stale = hidden & (row["result"] == Result.TIMED_OUT)
    return not bool((stale & ~cancels(path)[attempts]).any())


def cancels(path: SamplePath) -> Flags:
    return np.array([people.cancels for people in path.system.people])[path.group_of]


def work_ns(path: SamplePath, attempts: Ints) -> tuple[Ints, Ints]:
    """Until when a server was occupied by each attempt, and until when each waited for one."""
    row = path.attempts[attempts]
    service_ns = np.zeros(len(row), np.int64)
    for number in np.unique(row["step"]).tolist():
        his = np.flatnonzero(row["step"] == number)
        law = path.system.service_of(number)
        service_ns[his] = path.drawn_ns(
            law, draws.SERVICE, row["visitor"][his], number, row["attempt"][his]
        )
        pace = path.system.stations[path.system.steps[number].station].pace
        service_ns[his] = paced_ns(service_ns[his], pace, row["started"][his])
    began = row["started"] != UNKNOWN
    gone_ns = np.where(cancels(path)[attempts], path.deadline_ns[attempts], FOREVER)
    gone_ns = np.minimum(gone_ns, path.timetable.end_ns)
    busy_until_ns = np.minimum(row["started"] + service_ns, gone_ns)
    return busy_until_ns, np.where(began, row["started"], gone_ns)


def idle_spans(
    busy: list[tuple[int, int]], waiting: list[tuple[int, int]], servers: int
) -> list[tuple[int, int]]:
    """The spans in which somebody waits and fewer than all servers are busy."""
    steps: dict[int, list[int]] = {}
    for kind, stays in enumerate((busy, waiting)):
        for start_ns, end_ns in stays:
            steps.setdefault(int(start_ns), [0, 0])[kind] += 1
            steps.setdefault(int(end_ns), [0, 0])[kind] -= 1
    spans, at_work, in_wait = [], 0, 0
    for start_ns, end_ns in pairwise(sorted(steps)):
        at_work += steps[start_ns][0]
        in_wait += steps[start_ns][1]
        if in_wait > 0 and at_work < servers:
            spans.append((start_ns, end_ns))
    return spans


def beyond_the_cores(path: SamplePath) -> Ints:
    """Who was served sooner than all cores together can do the work that was done by then."""
    rows, parts = path.attempts, []
    for index, station in enumerate(path.system.stations):
        if station.kind is not StationKind.CPU or is_open_ended(station):
            continue
        his = np.flatnonzero((rows["result"] == Result.SUCCESS) & (path.station_of == index))
        his = his[np.argsort(rows["finished"][his], kind="stable")]
        cores = path.most(Lever.CORES, station.cores, index) * most_instances(station)
        work_done_ns = np.cumsum(least_work_ns(path, his) - ROUNDED_NS)
        done_ns = rows["finished"][his] - path.round_trip_ns[his]
        since_ns = done_ns - min(rows["started"][his].tolist(), default=0)
        parts.append(of(rows["visitor"][his], work_done_ns > cores * since_ns))
    return union(parts)


def least_work_ns(path: SamplePath, attempts: Ints) -> Ints:
    """The own work of attempts, without their calls."""
    row, least_ns = path.attempts[attempts], np.zeros(len(attempts), np.int64)
    for number in np.unique(row["step"]).tolist():
        his = np.flatnonzero(row["step"] == number)
        station = path.system.stations[path.system.steps[number].station]
        law = path.system.service_of(number)
        drawn_ns = path.drawn_ns(
            law, draws.SERVICE, row["visitor"][his], number, row["attempt"][his]
        )
        warm_ns = paced_ns(drawn_ns, station.pace, row["started"][his])
        service_ns = np.minimum(warm_ns, cold_ns(warm_ns, station))
        least_ns[his] = inflated_ns(service_ns, min(station.inflation))
    return least_ns
