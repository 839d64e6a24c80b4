"""Tweaks: single things about a system that could be provisioned or set otherwise, and how far.

A tweak has one value now, and turning it one way can only help, or so one hopes; whether it does is
simulated (:mod:`simulator.advice.change.remedy`).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulator.system.capacity import following
from simulator.system.later import pulled_station
from simulator.system.line import (
    Batches,
    Feedback,
    LineKind,
    Policy,
    Release,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.people import People
from simulator.system.stations import Autoscaler, Balance, Station, StationKind
from simulator.system.system import Change, Lever, System
from simulator.units import FOREVER, NS_PER_S, UNBOUNDED


class Turn(enum.StrEnum):
    """What is turned. Rates are a second, durations in nanoseconds."""

    SERVERS = "servers"
    CORES = "cores"
    INSTANCES = "instances"
    FLOOR = "autoscaler floor"
    CEILING = "autoscaler ceiling"
    QUOTA = "quota"
    PER_DAY = "tokens a day"
    WAITING_ROOM = "waiting room"
    DEADLINE = "deadline"
    RELEASE = "release"
    BATCH = "batch"
    BATCH_EVERY = "time between batches"
    SLOTS = "slots"
    SESSION = "session"
    PER_MINUTE = "let in a minute"
    EARLY = "early release"
    POLL = "poll"
    PLACES = "places in line"
    LINE = "line"
    NO_LINE = "no line"
    BACKOFF = "backoff"
    CLIENT_TIMEOUT = "client timeout"


WHOLE = {
    Turn.SERVERS,
    Turn.CORES,
    Turn.INSTANCES,
    Turn.FLOOR,
    Turn.CEILING,
    Turn.PER_DAY,
    Turn.WAITING_ROOM,
    Turn.BATCH,
    Turn.SLOTS,
    Turn.PER_MINUTE,
    Turn.PLACES,
}
"""Those whose values are counts."""

NARROW = {
    Turn.RELEASE,
    Turn.BATCH,
    Turn.BATCH_EVERY,
    Turn.SLOTS,
    Turn.SESSION,
    Turn.PER_MINUTE,
    Turn.LINE,
}
"""Those of which too much does harm as well: people let in too fast find the servers busy, people let
in too slowly never get in."""
AT_ONCE = {Turn.DEADLINE, Turn.EARLY, Turn.NO_LINE}
"""Those that have only one other value: a deadline is set to what clients wait."""
OF_PEOPLE = {Turn.BACKOFF, Turn.CLIENT_TIMEOUT}
OF_STATIONS = {
    Turn.SERVERS, Turn.CORES, Turn.INSTANCES, Turn.FLOOR, Turn.CEILING, Turn.QUOTA, Turn.PER_DAY,
    Turn.WAITING_ROOM, Turn.DEADLINE,
}  # fmt: skip
OF_CAPACITY = OF_STATIONS - {Turn.WAITING_ROOM, Turn.DEADLINE}
"""Those that let a station serve more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweak:
    """One thing that could be otherwise."""

    turn: Turn
    station: int = 0
    now: float
    up: bool = True
    """Whether more of it is the way to go."""
    slows: bool = False
    """Whether whoever is served slows down the others, the more of them there are."""
    bearable: float | None = None
    """Of a rate: how many the stations can serve for ever, which is worth trying."""

    @property
    def at_once(self) -> bool:
        """Whether there is only one other value."""
        return self.turn in AT_ONCE

    @property
    def narrow(self) -> bool:
        """Whether too much of it does harm as well."""
        return self.turn in NARROW or self.slows

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are possible."""
        return self.turn in WHOLE

    def rounded(self, value: float) -> float:
        """The nearest value that is possible and goes at least as far."""
        if not self.whole:
            return value
        return float(math.ceil(value - 1e-9) if self.up else math.floor(value + 1e-9))

    def change_to(self, value: float) -> float:
        """How big a change is: the same for doubling and for halving. Of nothing, without end."""
        return abs(math.log(value / self.now)) if value > 0 and self.now > 0 else math.inf

    def applied(self, system: System, value: float) -> System:
        """The system with it set to a value."""
        if self.turn in OF_STATIONS:
            return following(_with_station(system, self, value))
        if self.turn in OF_PEOPLE:
            factor = value / self.now if self.now else 0.0
            people = (_with_people(each, self.turn, factor, value) for each in system.people)
            return replace(system, people=tuple(people))
        return _with_line(system, self.turn, value)


# Stations -----------------------------------------------------------------------------------------

LEVERS = {
    Turn.SERVERS: Lever.SERVERS,
    Turn.CORES: Lever.CORES,
    Turn.WAITING_ROOM: Lever.WAITING_ROOM,
    Turn.QUOTA: Lever.QUOTA_SPACING_NS,
}


def _with_station(system: System, tweak: Tweak, value: float) -> System:
    number = tweak.station
    lever = LEVERS.get(tweak.turn)
    stations = list(system.stations)
    if lever is None:
        stations[number] = _set(stations[number], tweak.turn, round(value))
        return replace(system, stations=tuple(stations))
    setting = max(1, round(NS_PER_S / value)) if tweak.turn is Turn.QUOTA else round(value)
    pulled = Change(at_ns=0, lever=lever, value=setting, station=number)
    stations[number] = pulled_station(stations[number], pulled)
    # What operators set later grows as well, unless they take all of it away.
    changes = tuple(
        _moved(change, tweak, value)
        if (change.lever, change.station) == (lever, number)
        else change
        for change in system.changes
    )
    return replace(system, stations=tuple(stations), changes=changes)


def _moved(change: Change, tweak: Tweak, value: float) -> Change:
    if tweak.turn is Turn.QUOTA:
        return replace(change, value=max(1, round(change.value * tweak.now / value)))
    return replace(
        change, value=max(0, change.value + round(value - tweak.now)) if change.value else 0
    )


def _with_a_day(station: Station, value: int) -> Station:
    """The smaller of what 24 hours and a day allow is changed; the other is no smaller."""
    rolling, fixed = station.per_day, station.per_day_from_opening
    return replace(
        station,
        per_day=value if rolling <= fixed else max(rolling, value),
        per_day_from_opening=value if fixed < rolling else max(fixed, value),
    )


def _set(station: Station, turn: Turn, value: int) -> Station:
    if turn is Turn.PER_DAY:
        return _with_a_day(station, value)
    if turn is Turn.DEADLINE:
        return replace(station, sheds_after_ns=value)
    scaler = station.autoscaler
    if turn in (Turn.FLOOR, Turn.CEILING):
        assert scaler is not None, "no other station has this to turn"
        return _with_autoscaler(station, scaler, turn, value)
    if scaler is not None:
        more = value - station.instances
        scaler = replace(scaler, floor=scaler.floor + more, ceiling=scaler.ceiling + more)
    return replace(station, instances=value, autoscaler=scaler)


def _with_autoscaler(station: Station, scaler: Autoscaler, turn: Turn, value: int) -> Station:
    """One border of an autoscaler; the other one, and the instances at the opening, give way.

    Who opens with as many instances as the floor says does so with another floor too.
    """
    if turn is Turn.FLOOR:
        scaler = replace(scaler, floor=value, ceiling=max(scaler.ceiling, value))
        opens = station.autoscaler is not None and station.instances == station.autoscaler.floor
        instances = value if opens else max(station.instances, value)
    else:
        scaler = replace(scaler, floor=min(scaler.floor, value), ceiling=value)
        instances = min(station.instances, value)
    return replace(station, instances=instances, autoscaler=scaler)


# People -------------------------------------------------------------------------------------------


def _with_people(people: People, turn: Turn, factor: float, value: float) -> People:
    if turn is Turn.CLIENT_TIMEOUT:
        if people.client_timeout_ns == FOREVER:
            return people
        return replace(people, client_timeout_ns=round(people.client_timeout_ns * factor))
    retries = people.retries
    backoff_ns = round(retries.backoff_ns * factor) or round(value)
    cap_ns = max(round(retries.cap_ns * max(factor, 1.0)), backoff_ns)
    return replace(people, retries=replace(retries, backoff_ns=backoff_ns, cap_ns=cap_ns))


# The line -----------------------------------------------------------------------------------------


def _with_line(system: System, turn: Turn, value: float) -> System:
    if turn is Turn.LINE:
        line = Waitlist(policy=Policy.FIFO, kind=LineKind.ROOM, release=TokenBucket.at_rate(value))
        return replace(system, waitlist=line)
    if turn is Turn.NO_LINE:
        kept = tuple(change for change in system.changes if change.lever is not Lever.POLICY)
        line = replace(system.waitlist, policy=Policy.OPEN)
        return replace(system, waitlist=line, changes=kept)
    line = _set_line(system.waitlist, turn, value)
    if turn is not Turn.RELEASE:
        return replace(system, waitlist=line)
    before = rate_of(system.waitlist.release)
    changes = tuple(
        replace(change, value=max(1, round(change.value * before / value)))
        if change.lever is Lever.RELEASE_SPACING_NS
        else change
        for change in system.changes
    )
    return replace(system, waitlist=line, changes=changes)


def _set_line(line: Waitlist, turn: Turn, value: float) -> Waitlist:
    """The line with one of its own figures set."""
    if turn is Turn.POLL:
        return replace(line, poll_every_ns=max(1, round(value)))
    if turn is Turn.PLACES:
        return replace(line, places=round(value))
    return replace(line, release=released(line.release, value, turn))


def rate_of(release: Release) -> float:
    """What a release is turned by: tokens a second, people a batch, or sessions."""
    if isinstance(release, TokenBucket):
        return release.rate_per_s
    if isinstance(release, Batches):
        return float(release.size)
    if isinstance(release, Slots):
        return float(release.total)
    return release.highest_rate / 1e6


def released(release: Release, value: float, turn: Turn = Turn.RELEASE) -> Release:
    """The release turned to a value."""
    if isinstance(release, TokenBucket):
        return TokenBucket.at_rate(value, release.burst)
    if isinstance(release, Batches):
        if turn is Turn.BATCH_EVERY:
            return replace(release, every_ns=max(1, round(value)))
        return replace(release, size=round(value))
    if isinstance(release, Slots):
        return _with_slots(release, value, turn)
    return _fed_back(release, round(value * 1e6))


def _with_slots(slots: Slots, value: float, turn: Turn) -> Slots:
    if turn is Turn.SESSION:
        return replace(slots, session_ns=max(1, round(value)))
    if turn is Turn.PER_MINUTE:
        return replace(slots, per_minute=round(value))
    if turn is Turn.EARLY:
        return replace(slots, early=True)
    return replace(slots, total=round(value))


def _fed_back(release: Feedback, highest: int) -> Feedback:
    return replace(
        release,
        highest_rate=highest,
        first_rate=min(release.first_rate, highest),
        lowest_rate=min(release.lowest_rate, highest),
    )


# What there is to turn ----------------------------------------------------------------------------


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
