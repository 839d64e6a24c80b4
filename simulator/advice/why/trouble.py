"""Trouble: where something ran out in one launch, when it began, and what it was.

An attempt *came to nothing* if it was turned away, timed out, broke, or had no answer at the end; it
was *late* if it took longer than its whole journey may. Each of these is a *sign*; a *loss* is what
one sign took at one station. A station is in trouble from a bin on if more than the tolerated share
of the attempts sent to it in that and the next bins came to nothing or were late (one bin alone says
little); over the whole launch, too, it must be more than its part of that share. The one that took
the most attempts comes first, the earlier one where two took as many; so do the signs at a station.
What ran out, its own servers or those of a station that it calls, follows from which of them is
needed the most (:mod:`simulator.system.capacity`). Where most of what took too long had not waited at all,
nothing ran out: service itself takes too long, and more servers would not help.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.outcomes.bins import Counts, Steps
from simulator.outcomes.counts.summary import Summary
from simulator.system.capacity import Supply, resources_of
from simulator.system.stations import StationKind
from simulator.system.system import System

BINS_AHEAD = 5
"""With two hundred bins: a fortieth of the launch."""


class Sign(enum.StrEnum):
    """How an attempt came to nothing, or late."""

    TURNED_AWAY = "turned away"
    TIMED_OUT = "timed out"
    FAILED = "failed"
    UNANSWERED = "unanswered"
    LATE = "late"


TOO_LONG = (Sign.TIMED_OUT, Sign.UNANSWERED, Sign.LATE)
"""Those of attempts that took too long, whether they waited or were served for so long."""
IN_VAIN = (Sign.TURNED_AWAY, Sign.TIMED_OUT, Sign.FAILED, Sign.UNANSWERED)
"""Those of attempts that came to nothing: a late one is a success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one sign took at one station."""

    station: int
    sign: Sign
    attempts: int
    began_ns: int
    """The start of the first bin from which on it took more than was tolerated; where it never did,
    of the first in which it took any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A station at which something ran out."""

    station: int
    """At which attempts came to nothing, or late."""
    sign: Sign
    """What took the most of them."""
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


def losses_of(
    summary: Summary, share: float, signs: Sequence[Sign] = tuple(Sign), journey: int | None = None
) -> list[Loss]:
    """All losses by these signs (on one journey), the biggest first, the earlier one of equals."""
    found = [
        loss
        for station in range(len(summary.layout.stations))
        for loss in _losses_at(summary, _places(summary, station, journey), station, share, signs)
    ]
    return sorted(found, key=lambda loss: (-loss.attempts, loss.began_ns))


def _places(summary: Summary, station: int, journey: int | None) -> list[int]:
    """The places of a station, or those of one journey there."""
    places = summary.layout.places
    return [
        number
        for number in summary.layout.places_at(station)
        if journey is None or places[number].journey == journey
    ]


def _losses_at(
    summary: Summary, places: list[int], station: int, share: float, signs: Iterable[Sign]
) -> list[Loss]:
    sent = ahead(summary.steps.sent[places].sum(axis=0))
    found = []
    for sign in signs:
        lost = lost_by(sign, summary.steps)[places].sum(axis=0)
        if lost.any():
            above = np.flatnonzero((lost > 0) & (ahead(lost) > share * sent))
            began = int(above[0]) if len(above) else int(np.flatnonzero(lost)[0])
            found.append(
                Loss(
                    station=station,
                    sign=sign,
                    attempts=int(lost.sum()),
                    began_ns=began * summary.bin_ns,
                )
            )
    return found


def lost_by(sign: Sign, steps: Steps) -> Counts:
    """How many attempts a sign took: a row for each place, by the bin in which they were sent."""
    if sign is Sign.UNANSWERED:
        known = steps.answered + steps.turned_away + steps.timed_out + steps.failed
        return np.asarray(steps.sent - known)
    return {
        Sign.TURNED_AWAY: steps.turned_away,
        Sign.TIMED_OUT: steps.timed_out,
        Sign.FAILED: steps.failed,
        Sign.LATE: steps.late,
    }[sign]


def troubles_of(
    summary: Summary, share: float, system: System | None = None
) -> tuple[Trouble, ...]:
    """Every station in trouble, the one that took the most first."""
    total = int(_lost(summary.steps, range(len(summary.layout.places))).sum())
    found = [
        _trouble(summary, number, share, total, system)
        for number in range(len(summary.layout.stations))
    ]
    known = [trouble for trouble in found if trouble is not None]
    return tuple(sorted(known, key=lambda trouble: (-trouble.attempts, trouble.began_ns)))


def _lost(steps: Steps, numbers: Sequence[int]) -> Counts:
    """Attempts of these places that came to nothing or late, by bins."""
    rows = [lost_by(sign, steps)[list(numbers)].sum(axis=0) for sign in Sign]
    return np.asarray(np.sum(rows, axis=0), np.int64)


def _trouble(
    summary: Summary, station: int, share: float, total: int, system: System | None
) -> Trouble | None:
    numbers = summary.layout.places_at(station)
    lost, sent = _lost(summary.steps, numbers), summary.steps.sent[numbers].sum(axis=0)
    bins = np.flatnonzero((lost > 0) & (ahead(lost) > share * ahead(sent)))
    if not len(bins) or lost.sum() <= share * sent.sum() / len(summary.layout.stations):
        return None
    losses = _losses_at(summary, numbers, station, share, Sign)
    cause, supply = _cause(summary, station, bins, system)
    worst = min(losses, key=lambda loss: (-loss.attempts, loss.began_ns))
    if system and cause == station and _too_slow(summary, system, worst):
        supply = Supply.TIME
    return Trouble(
        station=station,
        sign=worst.sign,
        began_ns=int(bins[0]) * summary.bin_ns,
        attempts=int(lost.sum()),
        share=float(lost.sum() / total),
        cause=cause,
        supply=supply,
    )


def _too_slow(summary: Summary, system: System, loss: Loss) -> bool:
    """Whether most of what took too long at a pool, which needs nothing else, had never waited.

    Where services inflate they may have taken too long because of one another.
    As many as took too long since they waited have waited, if only for a nanosecond.
    """
    steps = [system.steps[number] for number in summary.layout.steps_at(loss.station)]
    alone = not any(step.calls or step.holds for step in steps)
    station = system.stations[loss.station]
    pool = station.kind is StationKind.POOL and not station.is_inflated
    waits = [summary.waits[place] for place in summary.layout.places_at(loss.station)]
    waited = sum(each.total - int(each.counts[0]) for each in waits)
    return loss.sign in TOO_LONG and alone and pool and 2 * waited < loss.attempts


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
