"""A station with one thing set to another value; what operators set later moves along."""

from __future__ import annotations

from dataclasses import replace

from simulator.advice.change.turn import Turn
from simulator.system.later import pulled_station
from simulator.system.stations import Autoscaler, Station
from simulator.system.system import Change, Lever, System
from simulator.units import NS_PER_S

LEVERS = {
    Turn.SERVERS: Lever.SERVERS,
    Turn.CORES: Lever.CORES,
    Turn.WAITING_ROOM: Lever.WAITING_ROOM,
    Turn.QUOTA: Lever.QUOTA_SPACING_NS,
}


def with_station(system: System, number: int, turn: Turn, now: float, value: float) -> System:
    """The system with one of its stations turned from what it has now."""
    lever = LEVERS.get(turn)
    stations = list(system.stations)
    if lever is None:
        stations[number] = _set(stations[number], turn, round(value))
        return replace(system, stations=tuple(stations))
    setting = max(1, round(NS_PER_S / value)) if turn is Turn.QUOTA else round(value)
    pulled = Change(at_ns=0, lever=lever, value=setting, station=number)
    stations[number] = pulled_station(stations[number], pulled)
    # What operators set later grows as well, unless they take all of it away.
    changes = tuple(
        _moved(change, turn, now, value)
        if (change.lever, change.station) == (lever, number)
        else change
        for change in system.changes
    )
    return replace(system, stations=tuple(stations), changes=changes)


def _moved(change: Change, turn: Turn, now: float, value: float) -> Change:
    if turn is Turn.QUOTA:
        return replace(change, value=max(1, round(change.value * now / value)))
    return replace(change, value=max(0, change.value + round(value - now)) if change.value else 0)


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
