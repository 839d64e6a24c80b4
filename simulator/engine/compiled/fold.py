"""Rows folded into a :class:`simulator.outcomes.counts.summary.Summary`, compiled.

It counts exactly what :meth:`simulator.outcomes.counts.summary.Summary.add` counts, in one pass over the rows, and
is there for speed alone.
"""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

import numpy as np
from numpy import uintp

from simulator.engine.compiled.bucket import bucket_of
from simulator.engine.compiled.code import inlined, kept
from simulator.engine.compiled.fold_groups import fold_groups, group_tally_of, groups_of
from simulator.outcomes.bins import Bins, Steps
from simulator.outcomes.counts.durations import BUCKETS, LONGEST_NS, LOW_32, NONE, Durations
from simulator.outcomes.counts.groups import Groups
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import PHASE_EDGES_NS, PHASES, Summary
from simulator.outcomes.rows import (  # fmt: skip
    ATTEMPT,
    UNKNOWN,
    VISIT,
    Block,
    Fate,
    Outcomes,
    Provenance,
    Result,
    Rows,
)
from simulator.units import Ints

(ARRIVALS, JOINED, LEFT_LINE, LET_IN, GONE, SERVED, GOOD, KEPT_OUT, RENEGED) = range(9)
"""Columns of ``Tally.bins``, the fields of Bins in their order."""

(SENT, ANSWERED, LATE, TURNED_AWAY, TIMED_OUT, FAILED, QUEUED, DEQUEUED, OVER) = range(9)
"""Columns of ``Tally.steps``, the fields of Steps in their order."""

WAIT, LAG, SERVICE, EXCHANGE, FIRST_OTHER = range(5)
"""Rows of histograms; then come the responses of each journey and phase, then each place's waits."""

SHORTEST, LONGEST = range(2)
HIGH, LOW = range(2)
"""A histogram's sum in two parts: 65,536 waits of 40 hours are more than 64 bits hold."""

# As plain numbers.
IS_SERVED, HAS_RENEGED, IS_UNSENT = int(Fate.SERVED), int(Fate.RENEGED), int(Fate.UNSENT)
HAS_BALKED, WAS_KEPT_OUT, IS_NO_SHOW = int(Fate.BALKED), int(Fate.TURNED_AWAY), int(Fate.NO_SHOW)
IS_WAITING, IS_UNFINISHED = int(Fate.WAITING), int(Fate.UNFINISHED)
SUCCEEDED, WAS_REFUSED = int(Result.SUCCESS), int(Result.TURNED_AWAY)
HAS_TIMED_OUT, HAS_NOT_FINISHED = int(Result.TIMED_OUT), int(Result.UNFINISHED)
MANY_PHASES, SECOND_PHASE_NS, THIRD_PHASE_NS = len(PHASES), *PHASE_EDGES_NS

COLUMN_OF_RESULT = np.full(len(Result), SENT, np.int64)
for result, column in (
    (Result.SUCCESS, ANSWERED),
    (Result.TURNED_AWAY, TURNED_AWAY),
    (Result.TIMED_OUT, TIMED_OUT),
    (Result.FAILED, FAILED),
):
    COLUMN_OF_RESULT[result] = column


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


@inlined
def record(tally: Tally, histogram: int, value_ns: int) -> None:
    row = uintp(histogram)
    tally.counts[row, uintp(bucket_of(value_ns))] += 1
    tally.sums[row, HIGH] += value_ns >> 32
    tally.sums[row, LOW] += value_ns & LOW_32
    positive_ns, ends = max(value_ns, 0), tally.extremes[row]
    ends[SHORTEST] = min(ends[SHORTEST], positive_ns)
    ends[LONGEST] = max(ends[LONGEST], positive_ns)
    for number in range(tally.many_limits[row]):
        if value_ns <= tally.limits[row, uintp(number)]:
            tally.within[row, uintp(number)] += 1


@inlined
def record_censored(tally: Tally, histogram: int, value_ns: int) -> None:
    record(tally, tally.censored + histogram, max(value_ns, 0))


@inlined
def bin_of(tally: Tally, instant_ns: int) -> uintp:
    """What lies outside counts in the first or the last bin."""
    return uintp(min(max(instant_ns, 0) // tally.bin_ns, len(tally.bins) - 1))


@inlined
def fold_visit(tally: Tally, visit: Ints) -> None:
    arrived_ns, joined_ns, let_in_ns, ended_ns = visit[2], visit[3], visit[4], visit[5]
    fate, journey = visit[6], tally.journey_of_group[uintp(visit[1])]
    lined, entered, served = joined_ns != UNKNOWN, let_in_ns != UNKNOWN, fate == IS_SERVED
    bins = tally.bins
    tally.fates[uintp(journey), uintp(fate)] += 1
    arrival_bin = bin_of(tally, arrived_ns)
    bins[arrival_bin, ARRIVALS] += 1
    if lined:
        bins[bin_of(tally, joined_ns), JOINED] += 1
    if (lined or entered) and fate != IS_UNSENT:
        record(tally, LAG, (joined_ns if lined else let_in_ns) - arrived_ns)
    if fate in (HAS_BALKED, WAS_KEPT_OUT):
        bins[arrival_bin, KEPT_OUT] += 1

    phase = int(arrived_ns >= SECOND_PHASE_NS) + int(arrived_ns >= THIRD_PHASE_NS)
    responses = FIRST_OTHER + journey * MANY_PHASES + phase
    began_ns = let_in_ns if lined else arrived_ns
    if entered:
        entry_bin = bin_of(tally, let_in_ns)
        bins[entry_bin, LET_IN] += 1
        if lined:
            bins[entry_bin, LEFT_LINE] += 1
            record(tally, WAIT, let_in_ns - arrived_ns)
    if not served:
        fold_unserved(tally, responses, fate, arrived_ns, began_ns, entered)
    if ended_ns != UNKNOWN:
        end_bin = bin_of(tally, ended_ns)
        bins[end_bin, GONE] += 1
        if served:
            bins[end_bin, SERVED] += 1
            record(tally, responses, ended_ns - began_ns)
            if ended_ns - began_ns <= tally.limit_of_journey_ns[uintp(journey)]:
                bins[end_bin, GOOD] += 1
        elif fate == HAS_RENEGED:
            bins[end_bin, RENEGED] += 1
        if lined and fate in (HAS_RENEGED, IS_NO_SHOW):
            bins[end_bin, LEFT_LINE] += 1
            record(tally, tally.left, ended_ns - arrived_ns)


@inlined
def fold_unserved(
    tally: Tally, responses: int, fate: int, arrived_ns: int, began_ns: int, entered: bool
) -> None:
    """Somebody who has not succeeded: not yet, or never."""
    if entered and fate == IS_UNFINISHED:
        record_censored(tally, responses, tally.end_ns - began_ns)
    elif entered:
        tally.infinite[uintp(responses)] += 1
    elif fate == IS_WAITING:
        record_censored(tally, WAIT, tally.closes_ns - arrived_ns)


@inlined
def fold_attempt(tally: Tally, attempt: Ints) -> None:
    sent_ns, started_ns, finished_ns, result = attempt[3], attempt[4], attempt[5], attempt[6]
    place = tally.place_of_step[uintp(attempt[1])]
    begun, over, success = started_ns != UNKNOWN, finished_ns != UNKNOWN, result == SUCCEEDED
    sent = tally.steps[uintp(place), bin_of(tally, sent_ns)]
    sent[SENT] += 1
    column = COLUMN_OF_RESULT[uintp(result)]
    if column != SENT:
        sent[uintp(column)] += 1
    queued = begun or result != WAS_REFUSED
    if queued:
        sent[QUEUED] += 1
    if over:
        tally.steps[uintp(place), bin_of(tally, finished_ns), OVER] += 1
    if begun:
        tally.steps[uintp(place), bin_of(tally, started_ns), DEQUEUED] += 1
        record(tally, tally.first_waits + place, started_ns - sent_ns)
    elif queued and over:
        tally.steps[uintp(place), bin_of(tally, finished_ns), DEQUEUED] += 1
    if not success:
        lasted_ns = (finished_ns if over else tally.end_ns) - sent_ns
        fold_unanswered(tally, place, result, lasted_ns, queued and not begun)
    else:
        exchange_ns = finished_ns - sent_ns
        record(tally, EXCHANGE, exchange_ns)
        if exchange_ns > tally.limit_of_place_ns[uintp(place)]:
            sent[LATE] += 1
        if begun:
            record(tally, SERVICE, finished_ns - started_ns)


@inlined
def fold_unanswered(
    tally: Tally, place: int, result: int, lasted_ns: int, only_queued: bool
) -> None:
    """An attempt without success, which lasted at least so long."""
    if only_queued:
        record_censored(tally, tally.first_waits + place, lasted_ns if tally.told else 0)
    if result in (HAS_TIMED_OUT, HAS_NOT_FINISHED):
        record_censored(tally, EXCHANGE, lasted_ns)
    if result == HAS_NOT_FINISHED and lasted_ns >= tally.timeout_of_place_ns[uintp(place)]:
        tally.overdue[uintp(tally.journey_of_place[uintp(place)])] += 1


@kept
def fold(tally: Tally, visits: Ints, many_visits: int, attempts: Ints, many_attempts: int) -> None:
    """Count the first rows of both tables."""
    for i in range(many_visits):
        fold_visit(tally, visits[uintp(i)])
    for i in range(many_attempts):
        fold_attempt(tally, attempts[uintp(i)])


def cells(rows: Rows, kind: np.dtype[np.void]) -> Ints:
    """Rows of records seen as rows of integers."""
    return np.ascontiguousarray(rows).view(np.int64).reshape(-1, len(kind.names or ()))


def fold_block(tally: Tally, block: Block) -> None:
    visits, attempts = cells(block.visits, VISIT), cells(block.attempts, ATTEMPT)
    fold(tally, visits, len(visits), attempts, len(attempts))


def durations_of(tally: Tally, row: int) -> Durations:
    """One row of those that were counted; of counts none where there are none."""
    (high, low), (least_ns, most_ns) = tally.sums[row].tolist(), tally.extremes[row].tolist()
    many, counts = int(tally.many_limits[row]), tally.counts[row]
    return Durations(
        counts=counts.copy() if counts.any() else NONE,
        sum_ns=(high << 32) + low,
        least_ns=least_ns,
        most_ns=most_ns,
        limits_ns=tuple(tally.limits[row, :many].tolist()),
        within_limits=tally.within[row, :many].tolist(),
    )


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


def summarise(outcomes: Outcomes, *, bin_ns: int, layout: Layout) -> Summary:
    """As :func:`simulator.outcomes.counts.summary.summarise`."""
    tally = tally_of(
        bin_ns=bin_ns,
        horizon_ns=outcomes.horizon_ns,
        end_ns=outcomes.end_ns,
        layout=layout,
        told=outcomes.provenance is Provenance.PREDICTED,
    )
    groups = group_tally_of(layout, horizon_ns=outcomes.horizon_ns, end_ns=outcomes.end_ns)
    for block in outcomes.blocks:
        fold_block(tally, block)
        visits, attempts = cells(block.visits, VISIT), cells(block.attempts, ATTEMPT)
        fold_groups(groups, visits, len(visits), attempts, len(attempts))
    summary = summary_of(
        tally, horizon_ns=outcomes.horizon_ns, end_ns=outcomes.end_ns, layout=layout
    )
    summary.groups, summary.tracks = groups_of(groups), outcomes.tracks
    return summary
