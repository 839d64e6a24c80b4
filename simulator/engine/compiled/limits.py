"""Which rules a launch needs, and what the compiled engine refuses because 64 bits cannot say it."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.errors import UsageError
from simulator.system.line import Feedback, Policy, Slots, TokenBucket
from simulator.system.stations import Station, StationKind
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER, UNBOUNDED

CLASS_BITS = 4
CLASS_MASK = (1 << CLASS_BITS) - 1
# A tag: step, attempt, call.
CALL_BITS, ATTEMPT_BITS, STEP_BITS = 8, 31, 15
CALL_MASK, ATTEMPT_MASK = (1 << CALL_BITS) - 1, (1 << ATTEMPT_BITS) - 1
STEP_SHIFT = CALL_BITS + ATTEMPT_BITS
INDEX_BITS = 20
"""Of an instance within its station."""
INDEX_MASK = (1 << INDEX_BITS) - 1

LAST_END_NS = 1 << (63 - CLASS_BITS)
LONGEST_AREA = 1 << 59
"""Of servers times nanoseconds: ten times as much is still counted."""


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
            raise UsageError(f"{sentence}, or --engine simpy")


def overflows(timetable: Timetable, system: System) -> Iterator[tuple[bool, str]]:
    yield (
        timetable.end_ns > LAST_END_NS,
        "launch.horizon: the compiled engine counts 18 years of nanoseconds; take a shorter one",
    )
    yield (
        len(system.steps) > 1 << STEP_BITS,
        f"journey: the compiled engine counts {1 << STEP_BITS} steps; take fewer",
    )
    for group in system.people:
        yield (
            group.retries.attempts > 1 << ATTEMPT_BITS,
            f"people.retries: the compiled engine counts {1 << ATTEMPT_BITS} attempts; take fewer",
        )
    for step in system.steps:
        yield (
            len(step.calls) > CALL_MASK,
            f"journey.step.calls: the compiled engine counts {CALL_MASK} calls; take fewer",
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
            highest * max(1, release.cut_thousandths) > FOREVER,
            "waitlist.release: the rate is higher than the compiled engine can count; take a lower one",
        )
    for station in system.stations:
        if station.kind is StationKind.QUOTA:
            longest_ns = max([station.quota.spacing_ns, *values(system, Lever.QUOTA_SPACING_NS)])
            yield is_too_long(station.quota.burst, longest_ns, f"station {station.name}: quota")
            yield (
                MOST_REMEMBERED < station.per_day < UNBOUNDED,
                f"station {station.name}: quota.per_day is more than {MOST_REMEMBERED:,}; leave it out",
            )


def is_too_long(burst: int, spacing_ns: int, where: str) -> tuple[bool, str]:
    tokens = f"{burst} tokens of {spacing_ns} ns each"
    sentence = f"{where}: {tokens} last longer than the compiled engine can count"
    return burst * spacing_ns > FOREVER, f"{sentence}; take a smaller burst"


def values(system: System, lever: Lever) -> list[int]:
    return [change.value for change in system.changes if change.lever is lever]


MOST_REMEMBERED = 10_000_000
"""Of each token that 24 hours have it remembers when it was taken: 80 MB of them."""


def station_overflows(station: Station) -> Iterator[tuple[bool, str]]:
    scaler = station.autoscaler
    instances = max(station.instances, scaler.ceiling if scaler is not None else 0)
    yield (
        instances >= 1 << INDEX_BITS,
        f"station {station.name}: the compiled engine counts {1 << INDEX_BITS} instances; take fewer",
    )
    if scaler is not None:
        area = instances * station.servers * scaler.window_periods * scaler.every_ns
        sentence = "servers times window are more than the compiled engine can count; take fewer"
        yield area > LONGEST_AREA, f"station {station.name}: {sentence}"
