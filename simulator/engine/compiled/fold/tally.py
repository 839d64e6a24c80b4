"""A Summary as the compiled fold writes it, empty at first, and what it is once all is counted."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np

from simulator.outcomes.bins import Bins, Steps
from simulator.outcomes.counts.durations import BUCKETS, LONGEST_NS, NONE, Durations
from simulator.outcomes.counts.groups import Groups
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import PHASES, Summary
from simulator.outcomes.rows import Fate
from simulator.units import Ints

WAIT, LAG, SERVICE, EXCHANGE, FIRST_OTHER = range(5)
"""Rows of histograms; then come the responses of each journey and phase, then each place's waits."""


class Tally(NamedTuple):
    """A Summary as the compiled fold writes it: what is counted together lies side by side."""

    bin_ns: int
    closes_ns: int
    end_ns: int
    told: bool
    """Whether an unknown start of service means that it never began."""
    journey_of_group: Ints
    limit_of_journey_ns: Ints
    place_of_step: Ints
    limit_of_place_ns: Ints
    journey_of_place: Ints
    timeout_of_place_ns: Ints
    first_waits: int
    """The histogram of the first place's waits."""
    bins: Ints
    steps: Ints
    fates: Ints
    overdue: Ints
    counts: Ints
    infinite: Ints
    sums: Ints
    extremes: Ints
    """The shortest and the longest duration of each histogram."""
    limits: Ints
    """What each histogram's durations are held against; filled up with what none exceeds."""
    many_limits: Ints
    within: Ints
    """How many are not longer than each limit."""
    censored: int
    """How many rows lie between those that ended and those of the same whose end nobody saw."""
    left: int
    """The row of the waits that were broken off."""


def tally_of(
    *, bin_ns: int, horizon_ns: int, end_ns: int, layout: Layout, told: bool = True
) -> Tally:
    """Nothing yet."""
    size, journeys, places = -(-end_ns // bin_ns), len(layout.journeys), len(layout.places)
    histograms = FIRST_OTHER + journeys * len(PHASES) + places
    rows = 2 * histograms + 1
    extremes = np.zeros((rows, 2), np.int64)
    extremes[:] = LONGEST_NS, -1
    limits, many_limits = limits_of(layout, histograms)
    return Tally(
        bin_ns=bin_ns,
        closes_ns=min(horizon_ns, end_ns),
        end_ns=end_ns,
        told=told,
        journey_of_group=layout.journey_of_group,
        limit_of_journey_ns=layout.limit_of_journey_ns,
        place_of_step=layout.place_of_step,
        limit_of_place_ns=layout.limit_of_place_ns,
        journey_of_place=layout.journey_of_place,
        timeout_of_place_ns=layout.timeout_of_place_ns,
        first_waits=FIRST_OTHER + journeys * len(PHASES),
        bins=np.zeros((size, len(fields(Bins))), np.int64),
        steps=np.zeros((places, size, len(fields(Steps))), np.int64),
        fates=np.zeros((journeys, len(Fate)), np.int64),
        overdue=np.zeros(journeys, np.int64),
        counts=np.zeros((rows, BUCKETS), np.int64),
        infinite=np.zeros(histograms, np.int64),
        sums=np.zeros((rows, 2), np.int64),
        extremes=extremes,
        limits=limits,
        many_limits=many_limits,
        within=np.zeros_like(limits),
        censored=histograms,
        left=2 * histograms,
    )


def limits_of(layout: Layout, histograms: int) -> tuple[Ints, Ints]:
    """The limits of each row in increasing order, and how many it has: of ended, censored and left."""
    by_row = {WAIT: layout.wait_limits_ns}
    for journey in range(len(layout.journeys)):
        for phase in range(len(PHASES)):
            row = FIRST_OTHER + journey * len(PHASES) + phase
            by_row[row] = layout.limits_of_journey_ns(journey)
    of_ended = [sorted(set(by_row.get(row, ()))) for row in range(histograms)]
    each = [*of_ended, *of_ended, of_ended[WAIT]]
    limits = np.full((len(each), max(map(len, each))), LONGEST_NS, np.int64)
    for row, known in enumerate(each):
        limits[row, : len(known)] = known
    return limits, np.array([len(known) for known in each], np.int64)


def durations_of(tally: Tally, row: int) -> Durations:
    """One row of those that were counted, with how many are within its limits."""
    many = int(tally.many_limits[row])
    return replace(
        recorded(tally.counts[row], tally.sums[row], tally.extremes[row]),
        limits_ns=tuple(tally.limits[row, :many].tolist()),
        within_limits=tally.within[row, :many].tolist(),
    )


def recorded(counts: Ints, sums: Ints, extremes: Ints) -> Durations:
    """Some of those that were counted; of counts none where there are none."""
    (high, low), (least_ns, most_ns) = sums.tolist(), extremes.tolist()
    kept = counts.copy() if counts.any() else NONE
    return Durations(kept, (high << 32) + low, least_ns, most_ns)


def histogram_of(tally: Tally, row: int) -> Histogram:
    """One of those that were counted; only waits are broken off."""
    ended = durations_of(tally, row)
    return Histogram(
        ended=ended,
        infinite=int(tally.infinite[row]),
        censored=durations_of(tally, row + tally.censored),
        left=durations_of(tally, tally.left) if row == WAIT else Durations.against(ended.limits_ns),
    )


def summary_of(tally: Tally, *, horizon_ns: int, end_ns: int, layout: Layout) -> Summary:
    """What was counted."""
    histograms = [histogram_of(tally, row) for row in range(tally.censored)]
    return Summary(
        bin_ns=tally.bin_ns,
        horizon_ns=horizon_ns,
        end_ns=end_ns,
        layout=layout,
        bins=Bins(*(column.copy() for column in tally.bins.T)),
        steps=Steps(*np.moveaxis(tally.steps, -1, 0).copy()),
        fates_of_journeys=tally.fates,
        overdue=tally.overdue,
        wait=histograms[WAIT],
        responses=histograms[FIRST_OTHER : tally.first_waits],
        waits=histograms[tally.first_waits :],
        service=histograms[SERVICE],
        exchange=histograms[EXCHANGE],
        lag=histograms[LAG],
        groups=Groups.empty(layout),
    )
