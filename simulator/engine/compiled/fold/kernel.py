"""The compiled fold: rows counted in one pass, as :func:`simulator.outcomes.counts.fold.add` counts them."""

from __future__ import annotations

import numpy as np
from numpy import uintp

from simulator.engine.compiled.bucket import bucket_of
from simulator.engine.compiled.code import inlined, kept
from simulator.engine.compiled.fold.tally import EXCHANGE, FIRST_OTHER, LAG, SERVICE, WAIT, Tally
from simulator.outcomes.counts.durations import LOW_32
from simulator.outcomes.counts.summary import PHASE_EDGES_NS, PHASES
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.units import Ints

(ARRIVALS, JOINED, LEFT_LINE, LET_IN, GONE, SERVED, GOOD, KEPT_OUT, RENEGED) = range(9)
"""Columns of ``Tally.bins``, the fields of Bins in their order."""

(SENT, ANSWERED, LATE, TURNED_AWAY, TIMED_OUT, FAILED, QUEUED, DEQUEUED, OVER) = range(9)
"""Columns of ``Tally.steps``, the fields of Steps in their order."""

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
