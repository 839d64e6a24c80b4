"""What there is to turn about a system, the likeliest first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from simulator.advice.change.turn import Turn
from simulator.advice.change.turned.line import rate_of
from simulator.advice.change.tweak import Tweak
from simulator.system.line import Batches, Slots
from simulator.system.stations import Balance, Station, StationKind
from simulator.system.system import System
from simulator.units import FOREVER, UNBOUNDED


def tweaks_of_station(system: System, number: int, *, refuses: bool) -> Iterator[Tweak]:
    """What could be otherwise about a station, the likeliest first."""
    station = system.stations[number]
    if station.kind is StationKind.QUOTA:
        yield Tweak(turn=Turn.QUOTA, station=number, now=station.quota.rate_per_s)
        if station.a_day < UNBOUNDED:
            yield Tweak(turn=Turn.PER_DAY, station=number, now=station.a_day)
    else:
        yield from _tweaks_of_servers(station, number)
    if 0 < station.waiting_room < UNBOUNDED:
        room = station.waiting_room
        yield Tweak(turn=Turn.WAITING_ROOM, station=number, now=room, up=refuses)
    timeout_ns = min(people.client_timeout_ns for people in system.people)
    if timeout_ns < min(station.sheds_after_ns, FOREVER):
        yield Tweak(turn=Turn.DEADLINE, station=number, now=timeout_ns)


def _tweaks_of_servers(station: Station, number: int) -> Iterator[Tweak]:
    """More of what serves; fewer at once as well, where they would serve more."""
    slows = station.is_inflated
    servers = Tweak(turn=Turn.SERVERS, station=number, now=station.servers, slows=slows)
    yield servers
    fewer = range(1, min(station.servers, len(station.inflation) + 1))
    with_fewer = (replace(station, servers=each).service_when_busy for each in fewer)
    if slows and max(with_fewer, default=0.0) > station.service_when_busy:
        yield replace(servers, up=False)
    if station.kind is StationKind.CPU:
        yield Tweak(turn=Turn.CORES, station=number, now=station.cores)
    if station.instances > 1 or station.autoscaler:
        together = slows and station.balance is Balance.SHARED
        yield Tweak(turn=Turn.INSTANCES, station=number, now=station.instances, slows=together)


def tweak_of_line(system: System, capacity_per_s: float, *, faster: bool) -> Tweak | None:
    """How people are let in: slower or faster, or through a line at all."""
    if not system.has_line:
        return None if faster else Tweak(turn=Turn.LINE, now=capacity_per_s, up=False)
    release = system.waitlist.release
    kind = {Batches: Turn.BATCH, Slots: Turn.SLOTS}.get(type(release), Turn.RELEASE)
    bearable = capacity_per_s if kind is Turn.RELEASE and math.isfinite(capacity_per_s) else None
    return Tweak(turn=kind, now=rate_of(release), up=faster, bearable=bearable)


def tweaks_of_faster_line(system: System, capacity_per_s: float) -> Iterator[Tweak]:
    """Everything about the line that could let people in faster, the likeliest first."""
    main = tweak_of_line(system, capacity_per_s, faster=True)
    if main is None:
        return
    yield main
    line, release = system.waitlist, system.waitlist.release
    if isinstance(release, Batches):
        yield Tweak(turn=Turn.BATCH_EVERY, now=release.every_ns, up=False)
    if isinstance(release, Slots):
        yield Tweak(turn=Turn.SESSION, now=release.session_ns, up=False)
        if release.per_minute < UNBOUNDED:
            yield Tweak(turn=Turn.PER_MINUTE, now=release.per_minute)
        if not release.early:
            yield Tweak(turn=Turn.EARLY, now=0)
    if line.poll_every_ns:
        yield Tweak(turn=Turn.POLL, now=line.poll_every_ns, up=False)
    if line.places < UNBOUNDED:
        yield Tweak(turn=Turn.PLACES, now=line.places)
    yield Tweak(turn=Turn.NO_LINE, now=0)


def tweaks_of_people(system: System) -> Iterator[Tweak]:
    """What clients could do otherwise, all groups alike."""
    again = [people.retries for people in system.people if people.retries.attempts > 1]
    if again:
        backoff_ns = max(retries.backoff_ns for retries in again)
        yield Tweak(turn=Turn.BACKOFF, now=backoff_ns)
    timeouts_ns = [people.client_timeout_ns for people in system.people]
    if min(timeouts_ns) < FOREVER:
        yield Tweak(turn=Turn.CLIENT_TIMEOUT, now=min(timeouts_ns))
