"""The rules of :mod:`simulator.engine.rules` again, as an event loop that numba compiles.

Arrivals, changes and the next release stand beside the heap of events. Work without a bound that
follows from one event (a policy that opens, servers that are added, an instance that fails) goes
one turn of the loop at a time, so that the room for rows, events and blocks has to be checked in
one place only: a turn writes at most one row of each kind.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, kept, words_at
from simulator.engine.compiled.limits import CLASS_BITS, CLASS_MASK
from simulator.engine.compiled.loop.autoscaler import add_instances
from simulator.engine.compiled.loop.changes import set_lever
from simulator.engine.compiled.loop.failures import lose_first
from simulator.engine.compiled.loop.happenings import happen_pending, release
from simulator.engine.compiled.loop.line.calls import call_next
from simulator.engine.compiled.loop.line.joining import arrive, step_in
from simulator.engine.compiled.loop.memory.events import drop_first
from simulator.engine.compiled.loop.memory.layout import (
    ALL_ARRIVED,
    ARRIVALS,
    ARRIVED_AT,
    AT,
    ATTEMPTS,
    BIN_END,
    BLOCK_SIZE,
    BUSY,
    BY_LOT,
    BY_MINUTE,
    CALLS_LEFT,
    CLOSES,
    END,
    EVENT_KEY,
    EVENT_RECORD,
    EVENT_TAG,
    EVENT_VISITOR,
    EVENTS,
    FIRST_IN_LINE,
    FREE_BLOCKS,
    GOING_ON,
    IN_LINE,
    LAST_CHANGE,
    LIMIT,
    LOST,
    MOST_AT_ONCE,
    MOST_LINE_SEATS,
    MOST_PENDING,
    MOST_ROWS,
    NEXT_ARRIVAL,
    NEXT_CHANGE,
    NOW,
    ORDER,
    PENDING,
    READY,
    RELEASE_AT,
    RELEASE_KIND,
    SERVERS,
    SHORT_BY,
    SHORT_OF,
    TOP,
    VISITS,
    WAITING,
)
from simulator.engine.compiled.loop.release import plan_release
from simulator.engine.compiled.loop.station.pool import drop_first_ready
from simulator.engine.compiled.loop.station.station import begin, next_waiting
from simulator.engine.compiled.loop.station.track import turn_bin
from simulator.engine.compiled.loop.work import go_on
from simulator.engine.rules import ARRIVAL, CHANGE, RELEASE
from simulator.timetable import draws
from simulator.units import FOREVER, Floats, Ints

(
    DONE,
    ARRIVALS_USED_UP,
    ROWS_FULL,
    EVENTS_FULL,
    BLOCKS_FULL,
    LINE_FULL,
    INSTANCES_SHORT,
) = range(7)
"""Why the loop came back."""

BLOCKS_AT_ONCE = 4
"""More than a turn of the loop needs: a visit, his minute, his attempt."""

NOTHING, IN_HEAP = -1, -2
"""Beside the classes of events."""


@called
def next_arrival_at(m: Memory) -> int:
    row = m[NEXT_ARRIVAL]
    if row == m[ARRIVALS]:
        return FOREVER
    at = words_at(m[ARRIVED_AT])[row]
    return at if at < m[CLOSES] else FOREVER


@called
def next_change_at(m: Memory) -> int:
    return m[m[NEXT_CHANGE] + AT] if m[NEXT_CHANGE] != m[LAST_CHANGE] else FOREVER


@called
def next_class(m: Memory) -> int:
    """Which of those beside the heap comes next, or IN_HEAP, or NOTHING before the end."""
    change_at, arrival_at, release_at = next_change_at(m), next_arrival_at(m), m[RELEASE_AT]
    pending_at, pending_class = FOREVER, 0
    if m[PENDING] > 0:
        key = words_at(m[EVENTS])[EVENT_KEY]
        pending_at, pending_class = key >> CLASS_BITS, key & CLASS_MASK
    now = min(change_at, arrival_at, release_at, pending_at)
    if now >= m[END]:
        return NOTHING
    m[NOW] = now
    if now >= m[BIN_END]:
        turn_bin(m)
    if change_at == now:
        return CHANGE
    if release_at == now and not (pending_at == now and pending_class < RELEASE):
        return RELEASE
    if arrival_at == now and not (pending_at == now and pending_class < ARRIVAL):
        return ARRIVAL
    return IN_HEAP


@called
def happen(m: Memory, kind: int) -> None:
    """Let the event with the smallest key happen."""
    if kind == CHANGE:
        set_lever(m)
    elif kind == RELEASE:
        release(m)
    elif kind == ARRIVAL:
        arrive(m)
    else:
        h = words_at(m[EVENTS])
        kind, visitor = h[EVENT_KEY] & CLASS_MASK, h[EVENT_VISITOR]
        tag, record = h[EVENT_TAG], h[EVENT_RECORD]
        drop_first(m)
        happen_pending(m, kind, visitor, tag, record)


@called
def let_next_in(m: Memory) -> None:
    """One of the calls that are made together; after the last one the next RELEASE is planned."""
    if m[RELEASE_KIND] == BY_MINUTE:
        if m[FIRST_IN_LINE] != 0:
            step_in(m, m[FIRST_IN_LINE])
        else:
            m[CALLS_LEFT] = 0
    elif m[IN_LINE] == 0:
        m[CALLS_LEFT] = 0
    elif call_next(m):
        m[CALLS_LEFT] -= 1
    if m[CALLS_LEFT] == 0:
        plan_release(m, m[NOW] + 1)


@called
def settle(m: Memory) -> bool:
    """One turn of what follows at once from what just happened; False if nothing does."""
    if m[LOST] != 0:
        lose_first(m)
    elif m[READY] != 0:
        instance = m[READY]
        if m[instance + WAITING] > 0 and m[instance + BUSY] < m[instance + SERVERS]:
            job = next_waiting(m, instance)
            if job != 0:
                begin(m, job)
        else:
            drop_first_ready(m)
    elif m[GOING_ON] != 0:
        own = m[GOING_ON]
        m[GOING_ON] = 0
        go_on(m, own)
    elif m[SHORT_OF] < 0:
        add_instances(m, -m[SHORT_OF], m[SHORT_BY])
    elif m[CALLS_LEFT] != 0:
        let_next_in(m)
    else:
        return False
    return True


@called
def lacks_room(m: Memory) -> int:
    """What has to be emptied or enlarged before anything else may happen; DONE if nothing."""
    if m[VISITS] == m[MOST_ROWS] or m[ATTEMPTS] == m[MOST_ROWS]:
        return ROWS_FULL
    if m[PENDING] + m[MOST_AT_ONCE] > m[MOST_PENDING]:
        return EVENTS_FULL
    if m[TOP] + BLOCKS_AT_ONCE * BLOCK_SIZE > m[LIMIT] and m[FREE_BLOCKS] < BLOCKS_AT_ONCE:
        return BLOCKS_FULL
    if m[ORDER] == BY_LOT and m[IN_LINE] == m[MOST_LINE_SEATS]:
        return LINE_FULL
    if m[SHORT_OF] > 0:
        return INSTANCES_SHORT
    return DONE


@kept
def run(memory: int) -> int:
    """Let events happen until the end, or until Python has to provide something."""
    m = words_at(memory)
    while True:
        lacking = lacks_room(m)
        if lacking != DONE:
            return lacking
        if settle(m):
            continue
        if m[NEXT_ARRIVAL] == m[ARRIVALS] and m[ALL_ARRIVED] == 0:
            return ARRIVALS_USED_UP
        kind = next_class(m)
        if kind == NOTHING:
            return DONE
        happen(m, kind)


@kept
def place(
    key: int,
    first_visitor: Ints,
    count: Ints,
    start_ns: Ints,
    width_ns: Ints,
    tilt: Floats,
    out: Ints,
) -> None:
    """Compiled :func:`simulator.timetable.draws.arrivals_in_blocks`."""
    draws.arrivals_in_blocks(key, first_visitor, count, start_ns, width_ns, tilt, out)
