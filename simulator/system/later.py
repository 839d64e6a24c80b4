"""The system as a rehearsal finds it that starts somewhere in the launch.

What was changed before stands from the start, and the line and the stations are as old as they
would be. Who stood in line or was under way then is not there: a rehearsal begins with nobody.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.system.line import Batches, Feedback, Policy, Slots, TokenBucket, Waitlist
from simulator.system.stations import Station
from simulator.system.system import Change, Lever, System


def shifted(system: System, from_ns: int) -> System:
    """The system from ``from_ns`` on."""
    for change in system.changes:
        if change.at_ns <= from_ns:
            system = pulled(system, change)
    later = (replace(c, at_ns=c.at_ns - from_ns) for c in system.changes if c.at_ns > from_ns)
    return replace(
        system,
        waitlist=line_at(system.waitlist, from_ns),
        stations=tuple(station_at(station, from_ns) for station in system.stations),
        changes=tuple(later),
    )


def within(system: System, end_ns: int) -> System:
    """The system without what is changed when all is over."""
    return replace(system, changes=tuple(c for c in system.changes if c.at_ns < end_ns))


def line_at(line: Waitlist, from_ns: int) -> Waitlist:
    """The line, some time after the opening; batches keep their rhythm."""
    left_ns = line.opens_ns - from_ns
    if left_ns <= 0:
        rhythm_ns = line.release.every_ns if isinstance(line.release, Batches) else 1
        return replace(line, opens_ns=left_ns % rhythm_ns, shuffles=False)
    return replace(line, opens_ns=left_ns)


def station_at(station: Station, from_ns: int) -> Station:
    """A station, some time after the opening: by then it may be warm."""
    cold = station.cold
    if cold is None or from_ns < cold.for_ns:
        return station
    return replace(station, cold=replace(cold, at_opening=False))


def pulled(system: System, change: Change) -> System:
    """The system with one lever set from the start."""
    if change.lever in (Lever.POLICY, Lever.RELEASE_SPACING_NS, Lever.SLOTS):
        return replace(system, waitlist=pulled_line(system.waitlist, change))
    stations = list(system.stations)
    stations[change.station] = pulled_station(stations[change.station], change)
    return replace(system, stations=tuple(stations))


def pulled_line(line: Waitlist, change: Change) -> Waitlist:
    """The line with one lever set from the start."""
    release = line.release
    if change.lever is Lever.POLICY:
        return replace(line, policy=Policy(change.value))
    if change.lever is Lever.SLOTS and isinstance(release, Slots):
        return replace(line, release=replace(release, total=change.value))
    if change.lever is Lever.RELEASE_SPACING_NS and isinstance(release, TokenBucket):
        return replace(line, release=replace(release, spacing_ns=change.value))
    if change.lever is Lever.RELEASE_SPACING_NS and isinstance(release, Feedback):
        return replace(line, release=replace(release, first_rate=10**15 // change.value))
    return line


def pulled_station(station: Station, change: Change) -> Station:
    """A station with one lever set from the start."""
    if change.lever is Lever.SERVERS:
        return replace(station, servers=change.value)
    if change.lever is Lever.CORES:
        return replace(station, cores=change.value)
    if change.lever is Lever.QUOTA_SPACING_NS:
        return replace(station, quota=replace(station.quota, spacing_ns=change.value))
    return replace(station, waiting_room=change.value)
