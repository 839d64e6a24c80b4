"""A launch's rules as numbers, for the kernel without events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from simulator.engine.compiled.arrivals import signed
from simulator.engine.compiled.fifo.pace import Paces, paces_of
from simulator.outcomes.tracks import Grid
from simulator.system.line import LineKind, TokenBucket
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import UNBOUNDED, Floats, Ints


class Laws(NamedTuple):
    """All laws of durations that the launch draws from, as :func:`draws.duration_ns` wants them."""

    law: Ints
    location: Floats
    scale: Floats
    first_knot: Ints
    last_knot: Ints
    knots: Floats


class Line(NamedTuple):
    """How people are let in, and what changes that."""

    opens_ns: int
    poll_every_ns: int
    leaves_aloud: bool
    burst: int
    change_at_ns: Ints
    change_lever: Ints
    change_value: Ints


class Groups(NamedTuple):
    """An entry for each group of people."""

    first_step: Ints
    last_step: Ints
    client_timeout_ns: Ints
    attempts: Ints
    backoff_ns: Ints
    cap_ns: Ints
    jitter: Ints
    honours_retry_after: Floats
    gives_up_after_ns: Ints
    patience: Ints
    """Index of a law."""


class Steps(NamedTuple):
    """An entry for each step."""

    station: Ints
    service: Ints
    """Index of a law."""
    think: Ints
    """Index of a law."""


class Stations(NamedTuple):
    """An entry for each station; its changes are those from ``first`` to before ``last``."""

    round_trip_ns: Ints
    retry_after_ns: Ints
    bounded: Ints
    """Whether its waiting room can ever be full, so that who waits has to be counted."""
    first_free: Ints
    """Where its servers begin in ``State.free_ns``."""
    first_retired: Ints
    first_servers: Ints
    last_servers: Ints
    servers_at_ns: Ints
    servers_value: Ints
    first_room: Ints
    last_room: Ints
    room_at_ns: Ints
    room_value: Ints


class Keys(NamedTuple):
    """The keys of draws, as signed integers."""

    service: int
    patience: int
    backoff: int
    think: int
    honour: int


class Rules(NamedTuple):
    """Everything that stays as it is."""

    horizon_ns: int
    end_ns: int
    grid: Grid
    keys: Keys
    laws: Laws
    line: Line
    groups: Groups
    steps: Steps
    stations: Stations
    paces: Paces


def rules_of(timetable: Timetable, system: System, grid: Grid) -> Rules:
    book = LawBook()
    return Rules(
        horizon_ns=timetable.horizon_ns,
        end_ns=timetable.end_ns,
        grid=grid,
        keys=keys_of(timetable),
        line=line_of(timetable, system),
        groups=groups_of(system, book.index),
        steps=steps_of(system, book.index),
        stations=stations_of(system),
        paces=paces_of(system),
        laws=book.laws(),
    )


def keys_of(timetable: Timetable) -> Keys:
    keys = timetable.keys
    return Keys(
        service=signed(keys[draws.SERVICE]),
        patience=signed(draws.substream(keys[draws.PATIENCE], 0, 0)),
        backoff=signed(keys[draws.BACKOFF]),
        think=signed(keys[draws.THINK]),
        honour=signed(draws.substream(keys[draws.HONOUR], 0, 0)),
    )


class LawBook:
    """Numbers the laws."""

    def __init__(self) -> None:
        self.numbers: dict[Duration, int] = {}

    def index(self, law: Duration) -> int:
        return self.numbers.setdefault(law, len(self.numbers))

    def laws(self) -> Laws:
        laws = list(self.numbers)
        borders = np.cumsum([0, *(len(law.knots) for law in laws)], dtype=np.int64)
        return Laws(
            law=ints(law.law for law in laws),
            location=floats(law.location for law in laws),
            scale=floats(law.scale for law in laws),
            first_knot=borders[:-1].copy(),
            last_knot=borders[1:].copy(),
            knots=floats(knot for law in laws for knot in law.knots),
        )


def line_of(timetable: Timetable, system: System) -> Line:
    waitlist = system.waitlist
    changes = [
        change
        for change in system.changes
        if change.lever in {Lever.POLICY, Lever.RELEASE_SPACING_NS}
        and change.at_ns < timetable.horizon_ns
    ]
    assert isinstance(waitlist.release, TokenBucket)
    return Line(
        opens_ns=waitlist.opens_ns,
        poll_every_ns=waitlist.poll_every_ns,
        leaves_aloud=waitlist.kind is LineKind.ROOM,
        burst=waitlist.release.burst,
        change_at_ns=ints(change.at_ns for change in changes),
        change_lever=ints(change.lever for change in changes),
        change_value=ints(change.value for change in changes),
    )


def groups_of(system: System, index: Callable[[Duration], int]) -> Groups:
    people = system.people
    first = [system.first_step(group.journey) for group in people]
    return Groups(
        first_step=ints(first),
        last_step=ints(
            step + len(system.journeys[group.journey].steps) - 1
            for step, group in zip(first, people, strict=True)
        ),
        client_timeout_ns=ints(group.client_timeout_ns for group in people),
        attempts=ints(group.retries.attempts for group in people),
        backoff_ns=ints(group.retries.backoff_ns for group in people),
        cap_ns=ints(group.retries.cap_ns for group in people),
        jitter=ints(group.retries.jitter for group in people),
        honours_retry_after=floats(group.honours_retry_after for group in people),
        gives_up_after_ns=ints(group.gives_up_after_ns for group in people),
        patience=ints(index(group.patience) for group in people),
    )


def steps_of(system: System, index: Callable[[Duration], int]) -> Steps:
    return Steps(
        station=ints(step.station for step in system.steps),
        service=ints(index(system.service_of(number)) for number in range(len(system.steps))),
        think=ints(index(step.think) for step in system.steps),
    )


def stations_of(system: System) -> Stations:
    numbers = range(len(system.stations))
    servers = [changes_of(system, Lever.SERVERS, number) for number in numbers]
    rooms = [changes_of(system, Lever.WAITING_ROOM, number) for number in numbers]
    most = [most_servers(system, number) for number in numbers]
    return Stations(
        round_trip_ns=ints(station.round_trip_ns for station in system.stations),
        retry_after_ns=ints(station.retry_after_ns for station in system.stations),
        bounded=ints(
            min([station.waiting_room, *(value for _, value in room)]) < UNBOUNDED
            for station, room in zip(system.stations, rooms, strict=True)
        ),
        first_free=starts(most),
        first_retired=starts([m * len(s) for m, s in zip(most, servers, strict=True)]),
        first_servers=starts([len(changes) for changes in servers])[:-1].copy(),
        last_servers=starts([len(changes) for changes in servers])[1:].copy(),
        servers_at_ns=ints(at_ns for changes in servers for at_ns, _ in changes),
        servers_value=ints(value for changes in servers for _, value in changes),
        first_room=starts([len(changes) for changes in rooms])[:-1].copy(),
        last_room=starts([len(changes) for changes in rooms])[1:].copy(),
        room_at_ns=ints(at_ns for changes in rooms for at_ns, _ in changes),
        room_value=ints(value for changes in rooms for _, value in changes),
    )


def changes_of(system: System, lever: Lever, station: int) -> list[tuple[int, int]]:
    """When a lever of a station is set, and to what for all its instances together."""
    many = system.stations[station].instances
    return [
        (change.at_ns, change.value * many)
        for change in system.changes
        if change.lever is lever and change.station == station
    ]


def most_servers(system: System, number: int) -> int:
    station = system.stations[number]
    values = [value for _, value in changes_of(system, Lever.SERVERS, number)]
    return max([station.servers * station.instances, *values])


def starts(sizes: list[int]) -> Ints:
    """Where parts of these sizes begin, and where the last one ends."""
    return np.cumsum([0, *sizes], dtype=np.int64)


def ints(values: Iterable[int]) -> Ints:
    return np.array([int(value) for value in values], np.int64)


def floats(values: Iterable[float]) -> Floats:
    return np.array([float(value) for value in values], np.float64)
