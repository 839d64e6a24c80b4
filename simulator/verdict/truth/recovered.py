"""Services recovered from observed attempts: from when they were sent, and when their ends were seen.

Where the target tells how long it worked (``Server-Timing``), its word is taken. Elsewhere begins follow
from the discipline of the station, backwards (:mod:`simulator.verdict.truth.played.discipline`); of a quota they follow
from its tokens, forwards, since no service keeps anybody waiting there. Who was turned away was not
served. Whose client left may have been, unseen: that is bounded both ways.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from simulator.outcomes.rows import UNKNOWN, Block, Result, Rows
from simulator.system.line import TokenBucket
from simulator.system.stations import Balance, Station, StationKind
from simulator.system.system import System
from simulator.units import FOREVER, UNBOUNDED, Ints, frozen_ints
from simulator.verdict.truth.played.discipline import Discipline
from simulator.verdict.truth.played.jobs import Job, Seen, Unseen
from simulator.verdict.truth.played.services import Services, Unrecoverable

OTHER_ORDER = 0.05
"""Of answers: where more came before they could have been begun, the begins of the others are made up as well."""
TOLERANCE_NS = 2
"""Work attained on shared cores is known to a nanosecond at either end: engines round up to whole ones."""


def recovered(rows: Block, system: System) -> dict[str, Services]:
    """The services of each station, by its name, as the observed attempts tell.

    ``system`` is that of the plan that was replayed: its stations' disciplines, numbers of servers, round
    trips and inflation are taken to be right, and their services are not.
    """
    cancelling = cancelling_visitors(rows, system)
    return {
        station.name: services_of(rows.attempts, system, number, cancelling)
        for number, station in enumerate(system.stations)
    }


def cancelling_visitors(rows: Block, system: System) -> frozenset[int]:
    """Those whose timeouts tell the server."""
    cancels = np.array([people.cancels for people in system.people], dtype=bool)
    return frozenset(rows.visits["visitor"][cancels[rows.visits["people"]]].tolist())


def services_of(
    attempts: Rows, system: System, number: int, cancelling: frozenset[int]
) -> Services:
    """Those of one station."""
    station = system.stations[number]
    steps = [index for index, step in enumerate(system.steps) if step.station == number]
    places = np.flatnonzero(np.isin(attempts["step"], steps))
    own = attempts[places]
    order = np.lexsort((own["attempt"], own["step"], own["visitor"], own["sent"]))
    places, own = places[order], own[order]
    answered = own[own["result"] == Result.SUCCESS]
    if why_not := unrecoverable(system, number, answered):
        return Services.none(station.name, why_not)
    jobs = list(jobs_of(own, system, station, cancelling))
    kept = np.array([job is not None for job in jobs], dtype=bool)
    likely, least, most = played([job for job in jobs if job is not None], station)
    early = sum(job.early and job.early_ns > station.round_trip_ns for job in likely)
    ended = sum(job.seen is Seen.ENDED for job in likely)
    if early > OTHER_ORDER * ended:
        nothing = Services.none(station.name, Unrecoverable.OTHER_ORDER)
        return replace(nothing, contradicted=early, ended=ended)
    table = gathered(places[kept], own["step"][kept], (likely, least, most), station.round_trip_ns)
    row, step, begun_ns, least_ns, took_ns, most_ns, seen = map(frozen_ints, table.T)
    return Services(
        station=station.name,
        row=row,
        step=step,
        begun_ns=begun_ns,
        least_ns=least_ns,
        took_ns=took_ns,
        most_ns=most_ns,
        answered=seen,
        told=int((answered["started"] != UNKNOWN).sum()),
        contradicted=early,
        ended=ended,
    )


def unrecoverable(system: System, number: int, answered: Rows) -> Unrecoverable | None:
    """Why the services of a station cannot be told from these attempts."""
    station, steps = system.stations[number], system.steps
    mine = [step for step in steps if step.station == number]
    if not len(answered):
        called = any(call.station == number for step in steps for call in step.calls)
        return Unrecoverable.CALLED if called and not mine else Unrecoverable.NO_ATTEMPTS
    if any(step.calls for step in mine):
        return Unrecoverable.CALLS
    if station.cold is not None:
        return Unrecoverable.COLD
    if bool((answered["started"] != UNKNOWN).all()) and works_alone(station):
        return None
    if any(call.station == number for step in steps for call in step.calls):
        return Unrecoverable.CALLED
    if any(step.holds is not None and step.holds.station == number for step in steps):
        return Unrecoverable.SEATS
    if station.autoscaler is not None or any(each.station == number for each in system.changes):
        return Unrecoverable.SCALES
    if station.failures is not None:
        return Unrecoverable.FAILS
    if station.instances > 1 and station.balance is not Balance.SHARED:
        return Unrecoverable.OWN_QUEUES
    return Unrecoverable.DAILY if station.a_day < UNBOUNDED else None


def works_alone(station: Station) -> bool:
    """Whether a service takes as long as it takes, whoever is served beside it."""
    return station.kind is not StationKind.CPU and not station.is_inflated


def jobs_of(
    rows: Rows, system: System, station: Station, cancelling: frozenset[int]
) -> Iterator[Job | None]:
    """The jobs of a station's attempts; None for those on which it certainly did not work."""
    means_ns = [system.service_of(step).mean_ns() for step in range(len(system.steps))]
    refused_late = [step.holds is not None for step in system.steps]
    for visitor, step, _, sent, started, finished, result in rows.tolist():
        over = finished - station.round_trip_ns
        seen, ends_ns = Seen.ENDED, over
        # Who finds no seat is turned away after work that was done.
        if result == Result.TURNED_AWAY and not refused_late[step]:
            yield None
            continue
        if result in (Result.TURNED_AWAY, Result.FAILED):
            seen = Seen.DOUBTFUL
        elif result == Result.UNFINISHED:
            seen, ends_ns = Seen.LEFT, FOREVER
        elif result == Result.TIMED_OUT:
            # An answer that is seen in the instant of the timeout is in time.
            seen = Seen.DROPPED if visitor in cancelling else Seen.LEFT
            ends_ns = over + (station.round_trip_ns > 0 or seen is Seen.LEFT)
        yield Job(
            seen=seen,
            sent_ns=sent,
            ends_ns=max(sent, ends_ns),
            likely_ns=means_ns[step],
            dropped_ns=finished if seen is Seen.DROPPED else FOREVER,
            told_ns=None if started == UNKNOWN or seen is not Seen.ENDED else started,
        )


def played(jobs: Sequence[Job], station: Station) -> tuple[list[Job], list[Job], list[Job]]:
    """The jobs with as much unseen work as is likely, with the least, and with the most."""
    if station.kind is StationKind.QUOTA:
        take_tokens(jobs, station.quota, station.round_trip_ns)
        found = [replace(job) for job in jobs]
        return found, found, found
    servers = station.servers * station.instances

    def run(unseen: Unseen) -> list[Job]:
        copies = [replace(job) for job in jobs]
        pace = functools.partial(pace_of, station)
        Discipline(
            copies, servers, pace, unseen, station.sheds_after_ns, station.round_trip_ns
        ).run()
        return copies

    likely = run(Unseen.LIKELY)
    if all(job.seen is Seen.ENDED for job in jobs):
        return likely, likely, likely
    return likely, run(Unseen.LEAST), run(Unseen.MOST)


def take_tokens(jobs: Sequence[Job], bucket: TokenBucket, round_trip_ns: int) -> None:
    """Let each job, in the order in which they were sent, take the next token.

    The bucket is full at the opening; a job whose client took it along while it waited takes none, nor
    does one that was answered before its turn without a service.
    """
    full_at_ns = previous_ns = 0
    for job in jobs:
        ready_ns = full_at_ns - (bucket.burst - 1) * bucket.spacing_ns
        begun_ns = max(job.sent_ns, ready_ns, previous_ns)
        late = begun_ns > job.ends_ns
        if job.seen in (Seen.DROPPED, Seen.DOUBTFUL) and late:
            continue
        job.begun_ns = previous_ns = begun_ns
        full_at_ns = max(full_at_ns, begun_ns) + bucket.spacing_ns
        if job.seen is Seen.ENDED:
            begun_ns = begun_ns if job.told_ns is None else job.told_ns
            job.early, job.took_ns = late and job.told_ns is None, float(job.ends_ns - begun_ns)
            if job.early:  # it was answered before its token came, as the bucket is described
                job.early_ns = begun_ns - job.ends_ns
                job.took_ns = min(job.likely_ns, float(round_trip_ns))


def pace_of(station: Station, jobs: int) -> float:
    """How fast each of so many jobs goes on (:mod:`simulator.engine.rules`)."""
    inflation = station.inflation[min(jobs, len(station.inflation)) - 1]
    if station.kind is not StationKind.CPU:
        return 1.0 / inflation
    return min(1.0, station.cores * station.instances / jobs) / inflation


def gathered(
    places: Ints,
    steps: Ints,
    jobs: tuple[Sequence[Job], Sequence[Job], Sequence[Job]],
    slack_ns: int,
) -> Ints:
    """A row for each service that there was, in the order in which they began.

    ``jobs`` are played with as much unseen work as is likely, with the least, and with the most. With
    the most, services that are seen are at their shortest. What ended earlier than it could have begun,
    and by no more than the ways there and back take, was shorter than these.
    """
    rows = []
    for place, step, job, longest, shortest in zip(
        places.tolist(), steps.tolist(), *jobs, strict=True
    ):
        if job.took_ns is None or job.begun_ns is None:
            continue
        if job.seen is Seen.LEFT:
            rows.append((place, step, job.begun_ns, 0, round(job.took_ns), FOREVER, 0))
        elif job.seen is Seen.DROPPED:
            # What was still to do when its client took it along is as much as of any other: to leave these out
            # would leave the short ones.
            rows.append(
                (place, step, job.begun_ns, 0, round(job.took_ns + job.likely_ns), FOREVER, 0)
            )
        elif job.seen is Seen.ENDED and not job.early:
            low, high = shortest.took_ns or 0.0, longest.took_ns or 0.0
            if abs(high - low) <= TOLERANCE_NS:
                low = high = job.took_ns
            took = min(max(job.took_ns, low), high)
            rows.append((place, step, job.begun_ns, round(low), round(took), round(high), 1))
        elif job.seen is Seen.ENDED and job.early_ns <= slack_ns:
            rows.append((place, step, job.begun_ns, 0, round(job.took_ns), slack_ns, 1))
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 7)
    return np.asarray(table[np.argsort(table[:, 2], kind="stable")])
