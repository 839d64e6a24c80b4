"""The rules of :mod:`simulator.engine.rules` again, as an event loop that is compiled.

Arrivals, changes and the next release stand beside the heap of events. Work without a bound that
follows from one event (a policy that opens, servers that are added, an instance that fails) goes
one turn of the loop at a time, so that the room for rows, events and blocks has to be checked in
one place only: a turn writes at most one row of each kind.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, kept, words_at
from simulator.engine.compiled.limits import CLASS_BITS, CLASS_MASK
from simulator.engine.compiled.loop.changes import set_lever
from simulator.engine.compiled.loop.happenings import happen_pending, release
from simulator.engine.compiled.loop.line.calls import call_first
from simulator.engine.compiled.loop.line.joining import arrive, step_in
from simulator.engine.compiled.loop.line.release import plan_release
from simulator.engine.compiled.loop.memory.events import drop_first
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations, tables
from simulator.engine.compiled.loop.station.autoscaler import add_instances
from simulator.engine.compiled.loop.station.failures import lose_first
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
    row = m[cells.NEXT_ARRIVAL]
    if row == m[cells.ARRIVALS]:
        return FOREVER
    at = words_at(m[cells.ARRIVED_AT])[row]
    return at if at < m[cells.CLOSES] else FOREVER


@called
def next_change_at(m: Memory) -> int:
    return (
        m[m[cells.NEXT_CHANGE] + tables.AT]
        if m[cells.NEXT_CHANGE] != m[cells.LAST_CHANGE]
        else FOREVER
    )


@called
def next_class(m: Memory) -> int:
    """Which of those beside the heap comes next, or IN_HEAP, or NOTHING before the end."""
    change_at, arrival_at, release_at = next_change_at(m), next_arrival_at(m), m[cells.RELEASE_AT]
    pending_at, pending_class = FOREVER, 0
    if m[cells.PENDING] > 0:
        key = words_at(m[cells.EVENTS])[blocks.EVENT_KEY]
        pending_at, pending_class = key >> CLASS_BITS, key & CLASS_MASK
    now = min(change_at, arrival_at, release_at, pending_at)
    if now >= m[cells.END]:
        return NOTHING
    m[cells.NOW] = now
    if now >= m[cells.BIN_END]:
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
        h = words_at(m[cells.EVENTS])
        kind, visitor = h[blocks.EVENT_KEY] & CLASS_MASK, h[blocks.EVENT_VISITOR]
        tag, record = h[blocks.EVENT_TAG], h[blocks.EVENT_RECORD]
        drop_first(m)
        happen_pending(m, kind, visitor, tag, record)


@called
def let_next_in(m: Memory) -> None:
    """One of the calls that are made together; after the last one the next RELEASE is planned."""
    if m[cells.RELEASE_KIND] == cells.BY_MINUTE:
        if m[cells.FIRST_IN_LINE] != 0:
            step_in(m, m[cells.FIRST_IN_LINE])
        else:
            m[cells.CALLS_LEFT] = 0
    elif m[cells.IN_LINE] == 0:
        m[cells.CALLS_LEFT] = 0
    elif call_first(m):
        m[cells.CALLS_LEFT] -= 1
    if m[cells.CALLS_LEFT] == 0:
        plan_release(m, m[cells.NOW] + 1)


@called
def settle(m: Memory) -> bool:
    """One turn of what follows at once from what just happened; False if nothing does."""
    if m[cells.LOST] != 0:
        lose_first(m)
    elif m[cells.READY] != 0:
        instance = m[cells.READY]
        if (
            m[instance + stations.WAITING] > 0
            and m[instance + stations.BUSY] < m[instance + stations.SERVERS]
        ):
            job = next_waiting(m, instance)
            if job != 0:
                begin(m, job)
        else:
            drop_first_ready(m)
    elif m[cells.GOING_ON] != 0:
        own = m[cells.GOING_ON]
        m[cells.GOING_ON] = 0
        go_on(m, own)
    elif m[cells.SHORT_OF] < 0:
        add_instances(m, -m[cells.SHORT_OF], m[cells.SHORT_BY])
    elif m[cells.CALLS_LEFT] != 0:
        let_next_in(m)
    else:
        return False
    return True


@called
def lacks_room(m: Memory) -> int:
    """What has to be emptied or enlarged before anything else may happen; DONE if nothing."""
    if m[cells.VISITS] == m[cells.MOST_ROWS] or m[cells.ATTEMPTS] == m[cells.MOST_ROWS]:
        return ROWS_FULL
    if m[cells.PENDING] + m[cells.MOST_AT_ONCE] > m[cells.MOST_PENDING]:
        return EVENTS_FULL
    if (
        m[cells.TOP] + BLOCKS_AT_ONCE * blocks.BLOCK_SIZE > m[cells.LIMIT]
        and m[cells.FREE_BLOCKS] < BLOCKS_AT_ONCE
    ):
        return BLOCKS_FULL
    if m[cells.ORDER] == cells.BY_LOT and m[cells.IN_LINE] == m[cells.MOST_LINE_SEATS]:
        return LINE_FULL
    if m[cells.SHORT_OF] > 0:
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
        if m[cells.NEXT_ARRIVAL] == m[cells.ARRIVALS] and m[cells.ALL_ARRIVED] == 0:
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
