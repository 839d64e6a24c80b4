"""A system in the words of a planner: how people are let in, and what serves them."""

from __future__ import annotations

from simulator.system.line import Batches, Feedback, Policy, Release, Slots, Waitlist
from simulator.system.stations import Station, StationKind
from simulator.system.system import Lever, System
from simulator.text.wording import format_duration, format_rate
from simulator.units import MILLION, UNBOUNDED

EVERYBODY = "everybody at once"
ORDERS = {
    Policy.OPEN: EVERYBODY,
    Policy.FIFO: "first come, first served",
    Policy.RANDOM: "in a random order",
    Policy.PRIORITY: "by class",
}


def let_in_words(line: Waitlist) -> str:
    """How people are let in at the opening."""
    if line.policy is Policy.OPEN:
        return EVERYBODY
    shuffled = "in a random order, then " if line.shuffles else ""
    return f"{shuffled}{ORDERS[line.policy]}, {released_in_words(line.release)}"


def let_in_over_time(system: System) -> str:
    """How people are let in, and what operators make of it later."""
    line, found = system.waitlist, [let_in_words(system.waitlist)]
    for change in system.changes:
        if change.lever is Lever.POLICY:
            order = ORDERS[Policy(change.value)]
            if change.value != Policy.OPEN and line.policy is Policy.OPEN:
                order = f"{order}, {released_in_words(line.release)}"
            found.append(f"after {format_duration(change.at_ns)} {order}")
    return "; ".join(found)


def released_in_words(release: Release) -> str:
    """How fast people are let in."""
    if isinstance(release, Batches):
        return f"{release.size:,} every {format_duration(release.every_ns)}"
    if isinstance(release, Slots):
        return f"{release.total:,} sessions of {format_duration(release.session_ns)}"
    if isinstance(release, Feedback):
        return f"from {format_rate(release.first_rate / MILLION)} on, by feedback"
    return format_rate(release.rate_per_s)


def served_in_words(station: Station) -> str:
    """What a station has, and how many jobs a second it can serve."""
    if station.kind is StationKind.QUOTA:
        daily = f" and {station.per_day:,} in any 24 h" if station.per_day < UNBOUNDED else ""
        if station.per_day_from_opening < UNBOUNDED:
            daily += f" and {station.per_day_from_opening:,} a day from the opening on"
        return f"{station.name}, {format_rate(station.quota.rate_per_s)}{daily}"
    number = station.instances * station.servers
    return f"{number:,} × {station.name}, {format_rate(station.capacity_per_s)}"
