"""Handles: everything of a system that can be varied, by the keys that a file gives it."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.advice.change.turn import Turn
from simulator.advice.change.turned.line import rate_of
from simulator.advice.change.tweak import Tweak
from simulator.system.line import Batches, Feedback, Slots, TokenBucket
from simulator.system.stations import Station, StationKind
from simulator.system.system import System
from simulator.units import FOREVER, UNBOUNDED


class Unit(enum.StrEnum):
    """How a value is written: ``64``, ``"40/s"``, ``"2 s"``."""

    COUNT = "whole number"
    RATE = "rate"
    DURATION = "duration"


UNITS = {
    Turn.QUOTA: Unit.RATE,
    Turn.RELEASE: Unit.RATE,
    Turn.BATCH_EVERY: Unit.DURATION,
    Turn.SESSION: Unit.DURATION,
    Turn.POLL: Unit.DURATION,
    Turn.DEADLINE: Unit.DURATION,
}
"""Of all others: a whole number."""
MOST = 1_000_000_000
"""As many of anything as a file may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """One thing that can be varied."""

    key: str
    """As ``--set`` takes it."""
    tweak: Tweak
    usual: bool = True
    """Whether it is varied where nobody says what is."""

    @property
    def unit(self) -> Unit:
        """How its values are written."""
        return UNITS.get(self.tweak.turn, Unit.COUNT)

    @property
    def least(self) -> float:
        """No value is smaller."""
        return 0.0 if self.tweak.turn is Turn.WAITING_ROOM else 1.0


def handles_of(system: System) -> tuple[Handle, ...]:
    """All there are, stations first: where a release follows what they serve, it comes after them."""
    of_stations = (
        handle
        for number, station in enumerate(system.stations)
        for handle in _of_station(station, number)
    )
    return (*of_stations, *_of_line(system))


def _of_station(station: Station, number: int) -> Iterator[Handle]:
    def handle(word: str, turn: Turn, now: float, *, usual: bool = True) -> Handle:
        tweak = Tweak(turn=turn, station=number, now=now, slows=slows and turn in SERVING)
        return Handle(key=f"station.{station.name}.{word}", tweak=tweak, usual=usual)

    slows = station.is_inflated
    if station.kind is StationKind.QUOTA:
        yield handle("quota.rate", Turn.QUOTA, station.quota.rate_per_s)
        if station.a_day < UNBOUNDED:
            rolling = station.per_day <= station.per_day_from_opening
            word = "quota.per_day" if rolling else "quota.per_day_from_opening"
            yield handle(word, Turn.PER_DAY, station.a_day)
    else:
        scaled, several = station.autoscaler is not None, station.instances > 1
        cpu = station.kind is StationKind.CPU
        yield handle("servers", Turn.SERVERS, station.servers, usual=not (several or scaled))
        if cpu:
            yield handle("cores", Turn.CORES, station.cores, usual=not (several or scaled))
        if station.autoscaler is not None:
            yield handle("autoscaler.floor", Turn.FLOOR, station.autoscaler.floor)
            yield handle("autoscaler.ceiling", Turn.CEILING, station.autoscaler.ceiling)
        yield handle("instances", Turn.INSTANCES, station.instances, usual=several and not scaled)
    if station.waiting_room < UNBOUNDED:
        finite = station.waiting_room > 0
        yield handle("waiting_room", Turn.WAITING_ROOM, station.waiting_room, usual=finite)
    if station.sheds_after_ns < FOREVER:
        yield handle("sheds_after", Turn.DEADLINE, station.sheds_after_ns, usual=False)


SERVING = {Turn.SERVERS, Turn.INSTANCES}


def _of_line(system: System) -> Iterator[Handle]:
    if not system.has_line:
        return
    line, release = system.waitlist, system.waitlist.release

    def handle(word: str, turn: Turn, now: float, *, usual: bool = False) -> Handle:
        return Handle(key=f"waitlist.{word}", tweak=Tweak(turn=turn, now=now), usual=usual)

    now = rate_of(release)
    if isinstance(release, TokenBucket) and line.follows is None:
        yield handle("release.rate", Turn.RELEASE, now, usual=True)
    elif isinstance(release, Feedback):
        yield handle("release.feedback.highest", Turn.RELEASE, now, usual=True)
    elif isinstance(release, Batches):
        yield handle("release.batch.size", Turn.BATCH, now, usual=True)
        yield handle("release.batch.every", Turn.BATCH_EVERY, release.every_ns)
    elif isinstance(release, Slots):
        yield handle("release.slots.total", Turn.SLOTS, now, usual=True)
        yield handle("release.slots.session", Turn.SESSION, release.session_ns)
        if release.per_minute < UNBOUNDED:
            yield handle("release.slots.per_minute", Turn.PER_MINUTE, release.per_minute)
    if line.poll_every_ns:
        yield handle("poll_every", Turn.POLL, line.poll_every_ns)
    if line.places < UNBOUNDED:
        yield handle("places", Turn.PLACES, line.places)
