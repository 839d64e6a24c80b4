"""Which rules a launch needs, and what the compiled engine refuses because 64 bits cannot say it."""

from __future__ import annotations

from collections.abc import Iterator

from simulator import draws
from simulator.compiled_layout import ATTEMPT_BITS, CALL_MASK, CLASS_BITS, INDEX_BITS, STEP_BITS
from simulator.duration import Duration
from simulator.errors import UsageError
from simulator.system import (
    UNBOUNDED,
    Balance,
    Feedback,
    Lever,
    People,
    Policy,
    Slots,
    Station,
    StationKind,
    System,
    TokenBucket,
)
from simulator.timetable import Timetable

LAST_END_NS = 1 << (63 - CLASS_BITS)
LONGEST_AREA = 1 << 59
"""Of servers times nanoseconds: ten times as much is still counted."""


# The simple words ---------------------------------------------------------------------------------


def has_simple_words(system: System) -> bool:
    """Whether a small part of the rules is enough, which is compiled in a third of the time."""
    levers = {Lever.SERVERS, Lever.POLICY, Lever.RELEASE_SPACING_NS, Lever.WAITING_ROOM}
    return (
        has_simple_line(system)
        and all(is_simple_station(station) for station in system.stations)
        and all(not step.calls and step.holds is None for step in system.steps)
        and all(is_simple_group(group) for group in system.people)
        and all(change.lever in levers for change in system.changes)
    )


def has_simple_line(system: System) -> bool:
    waitlist = system.waitlist
    return (
        system.order is Policy.FIFO
        and not needs_order(system)
        and not patience_is_an_event(system)
        and isinstance(waitlist.release, TokenBucket)
        and waitlist.call_expires_ns == draws.FOREVER
    )


def is_simple_station(station: Station) -> bool:
    return (
        station.kind is StationKind.POOL
        and station.balance is Balance.SHARED
        and station.sheds_after_ns == draws.FOREVER
        and station.retry_after_ns == 0
        and station.autoscaler is None
        and station.failures is None
        and station.cold is None
    )


def is_simple_group(group: People) -> bool:
    return (
        not group.cancels
        and group.retries.budget_millionths == 0
        and group.gives_up_after_ns == draws.FOREVER
        and group.silent == 0.0
        and group.shows_up == 1.0
        and group.answers_after == Duration.fixed(0)
        and group.refreshes.law == draws.NEVER
        and group.refers is None
    )


# How the line is kept -----------------------------------------------------------------------------


def needs_order(system: System) -> bool:
    """Whether the line is more than a list that is joined at its end."""
    release = system.waitlist.release
    return (
        system.order is Policy.PRIORITY
        or system.waitlist.shuffles
        or any(group.refers is not None for group in system.people)
        or (isinstance(release, Slots) and release.by_minute)
    )


def patience_is_an_event(system: System) -> bool:
    """Whether somebody's leaving matters before he would be called: where places are counted."""
    return (
        needs_order(system)
        or system.order is Policy.RANDOM
        or system.waitlist.places < UNBOUNDED
        or any(group.balks.law != draws.NEVER for group in system.people)
    )


# What is refused ----------------------------------------------------------------------------------


def refuse_overflow(timetable: Timetable, system: System) -> None:
    """Raises UsageError for what the compiled engine cannot count."""
    for is_refused, sentence in overflows(timetable, system):
        if is_refused:
            raise UsageError(f"{sentence}; take less, or --engine simpy")


def overflows(timetable: Timetable, system: System) -> Iterator[tuple[bool, str]]:
    yield (
        timetable.end_ns > LAST_END_NS,
        "launch.horizon: the compiled engine counts 18 years of nanoseconds",
    )
    yield (
        len(system.steps) > 1 << STEP_BITS,
        f"journey: the compiled engine counts {1 << STEP_BITS} steps",
    )
    for group in system.people:
        yield (
            group.retries.attempts > 1 << ATTEMPT_BITS,
            f"people.retries: the compiled engine counts {1 << ATTEMPT_BITS} attempts",
        )
    for step in system.steps:
        yield (
            len(step.calls) > CALL_MASK,
            f"journey.step.calls: the compiled engine counts {CALL_MASK} calls",
        )
    yield from bucket_overflows(system)
    for station in system.stations:
        yield from station_overflows(station)


def bucket_overflows(system: System) -> Iterator[tuple[bool, str]]:
    """Buckets that take longer to fill than 64 bits can say, and rates that are too high."""
    release = system.waitlist.release
    if isinstance(release, TokenBucket):
        longest_ns = max([release.spacing_ns, *values(system, Lever.RELEASE_SPACING_NS)])
        yield is_too_long(release.burst, longest_ns, "waitlist.release")
    if isinstance(release, Feedback):
        highest = max(release.highest_rate, release.first_rate, 10**15)
        yield (
            highest * max(1, release.cut_thousandths) > draws.FOREVER,
            "waitlist.release: the rate is higher than the compiled engine can count",
        )
    for station in system.stations:
        if station.kind is StationKind.QUOTA:
            longest_ns = max([station.quota.spacing_ns, *values(system, Lever.QUOTA_SPACING_NS)])
            yield is_too_long(station.quota.burst, longest_ns, f"station {station.name}: quota")


def is_too_long(burst: int, spacing_ns: int, where: str) -> tuple[bool, str]:
    return (
        burst * spacing_ns > draws.FOREVER,
        f"{where}: {burst} tokens of {spacing_ns} ns each last longer than the compiled engine"
        " can count (take a smaller burst)",
    )


def values(system: System, lever: Lever) -> list[int]:
    return [change.value for change in system.changes if change.lever is lever]


def station_overflows(station: Station) -> Iterator[tuple[bool, str]]:
    scaler = station.autoscaler
    instances = max(station.instances, scaler.ceiling if scaler is not None else 0)
    yield (
        instances >= 1 << INDEX_BITS,
        f"station {station.name}: the compiled engine counts {1 << INDEX_BITS} instances",
    )
    if scaler is not None:
        area = instances * station.servers * scaler.window_periods * scaler.every_ns
        yield (
            area > LONGEST_AREA,
            f"station {station.name}: servers times window are more than the compiled engine"
            " can count",
        )
