"""Trouble: where something ran out in one launch, when it began, and what it was.

An attempt *came to nothing* if it was turned away, timed out, or broke; it was *late* if it took
longer than its whole journey may. A station is in trouble from a bin on if more than the tolerated
share of the attempts sent to it in that and the next bins came to nothing or were late (one bin
alone says little); over the whole launch, too, it must be more than its part of that share. The one
whose trouble begins first is where something ran out; what ran out, its own servers or those of a station that it calls, follows
from which of them is needed the most (:mod:`simulator.capacity`).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.bins import Counts, Steps
from simulator.capacity import Supply, resources_of
from simulator.summary import Summary
from simulator.system import System

BINS_AHEAD = 5
"""With two hundred bins: a fortieth of the launch."""


class Sign(enum.StrEnum):
    """By what trouble showed itself first."""

    TURNED_AWAY = "turned away"
    TIMED_OUT = "timed out"
    FAILED = "failed"
    LATE = "late"


SIGNS = {
    Sign.TURNED_AWAY: "turned_away",
    Sign.TIMED_OUT: "timed_out",
    Sign.FAILED: "failed",
    Sign.LATE: "late",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A station at which something ran out."""

    station: int
    """At which attempts came to nothing, or late."""
    sign: Sign
    began_ns: int
    """The start of the first bin in which it was in trouble."""
    attempts: int
    """How many came to nothing or late there."""
    share: float
    """Of all such attempts of the launch."""
    cause: int
    """The station of which something ran out: this one, or one that it calls or keeps."""
    supply: Supply | None
    """What ran out there; None without a system to tell."""


def troubles_of(
    summary: Summary, share: float, system: System | None = None
) -> tuple[Trouble, ...]:
    """Every station in trouble, the first one first."""
    total = int(sum(_bad(summary.steps, range(len(summary.layout.places))).sum(axis=0)))
    found = [
        _trouble(summary, number, share, total, system)
        for number in range(len(summary.layout.stations))
    ]
    known = [trouble for trouble in found if trouble is not None]
    return tuple(sorted(known, key=lambda trouble: (trouble.began_ns, -trouble.attempts)))


def _bad(steps: Steps, numbers: Sequence[int]) -> Counts:
    """Attempts of these steps that came to nothing or late: a row for each sign."""
    counts = [getattr(steps, name)[list(numbers)].sum(axis=0) for name in SIGNS.values()]
    return np.array(counts, np.int64)


def _trouble(
    summary: Summary, station: int, share: float, total: int, system: System | None
) -> Trouble | None:
    numbers = summary.layout.places_at(station)
    bad, sent = _bad(summary.steps, numbers), summary.steps.sent[numbers].sum(axis=0)
    every = bad.sum(axis=0)
    bins = np.flatnonzero((every > 0) & (ahead(every) > share * ahead(sent)))
    if not len(bins) or every.sum() <= share * sent.sum() / len(summary.layout.stations):
        return None
    cause, supply = _cause(summary, station, bins, system)
    return Trouble(
        station=station,
        sign=list(SIGNS)[int(np.argmax(bad[:, bins[0]]))],
        began_ns=int(bins[0]) * summary.bin_ns,
        attempts=int(bad.sum()),
        share=float(bad.sum() / total),
        cause=cause,
        supply=supply,
    )


def ahead(counts: Counts) -> Counts:
    """For each bin, the sum over it and those after it, as far as one looks."""
    so_far = np.concatenate([[0], np.cumsum(counts)])
    last = np.minimum(np.arange(len(counts)) + BINS_AHEAD, len(counts))
    return np.asarray(so_far[last] - so_far[:-1])


def _cause(
    summary: Summary, station: int, bins: Counts, system: System | None
) -> tuple[int, Supply | None]:
    """What was needed the most, of the station and of those that its attempts need besides."""
    if system is None:
        return station, None
    rates = summary.layout.by_step(summary.steps.sent[:, bins].sum(axis=1))
    resources = resources_of(system, int(bins[0]) * summary.bin_ns)
    near = _nearby(summary, system, bins, station)
    worst = max(
        (resource for resource in resources if resource.station in near),
        # Of equal ones the station's own.
        key=lambda resource: (resource.utilisation(rates), resource.station == station),
    )
    return worst.station, worst.kind


def _nearby(summary: Summary, system: System, bins: Counts, station: int) -> set[int]:
    """The stations that can be to blame for an attempt's end.

    Who is turned away after service began was refused by a station that is called or kept.
    """
    here = [system.steps[number] for number in summary.layout.steps_at(station)]
    called = {call.station for step in here for call in step.calls}
    kept = {step.holds.station for step in here if step.holds}
    steps, places = summary.steps, summary.layout.places_at(station)
    refused = int(steps.turned_away[places][:, bins].sum())
    at_once = int((steps.sent - steps.queued)[places][:, bins].sum())
    if refused - at_once > at_once and (called or kept):
        return called | kept
    return {station} | called
