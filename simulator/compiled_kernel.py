"""The rules of :mod:`simulator.engine` again, as an event loop that numba compiles.

Arrivals, changes and the next release stand beside the heap. Loops without a bound (a policy that
opens, servers that are added) go one turn of the main loop at a time, so that the room for rows and
events has to be checked in one place only.
"""

from __future__ import annotations

from simulator import draws
from simulator.compiled_code import inlined, kept
from simulator.compiled_heap import drop_first
from simulator.compiled_line import call_first, join, plan_release, release
from simulator.compiled_state import (
    ALL_ARRIVED,
    AT,
    ATTEMPT_ROWS,
    BUSY,
    EVENT_AT,
    EVENT_CLASS,
    EVENT_TAG,
    EVENT_VISITOR,
    FREE_SLOT,
    FULL_AT,
    HEAP_SIZE,
    LET_IN,
    LEVER,
    LINE_SIZE,
    NEXT_ARRIVAL,
    NEXT_CHANGE,
    NOW,
    POLICY,
    RELEASE_AT,
    SERVERS,
    SPACING,
    VALUE,
    VISIT_ROWS,
    WAITING_ROOM,
    WORK_SIZE,
    Rules,
    State,
)
from simulator.compiled_station import complete, fail, send, start_waiting_work
from simulator.compiled_visits import is_awaited, take_slot
from simulator.demand import Floats, Ints
from simulator.draws import FOREVER
from simulator.engine import ARRIVAL, COMPLETION, ENTRY, RELEASE, RETRY
from simulator.outcomes import UNKNOWN, Result
from simulator.system import Lever, Policy

DONE, ARRIVALS_USED_UP, ROWS_FULL, HEAP_FULL, LINE_FULL, WORK_FULL, SLOTS_FULL = range(7)
"""Why the loop came back."""

# Plain integers: to numba an IntEnum is a type of its own.
LOW_32 = (1 << 32) - 1
OPEN = int(Policy.OPEN)
SERVERS_LEVER, WAITING_ROOM_LEVER = int(Lever.SERVERS), int(Lever.WAITING_ROOM)
POLICY_LEVER, SPACING_LEVER = int(Lever.POLICY), int(Lever.RELEASE_SPACING_NS)
SUCCESS, TURNED_AWAY, TIMED_OUT = (
    int(result) for result in (Result.SUCCESS, Result.TURNED_AWAY, Result.TIMED_OUT)
)


@inlined
def arrive(rules: Rules, state: State) -> None:
    cells, slots = state.cells, state.slots
    row = cells[NEXT_ARRIVAL]
    cells[NEXT_ARRIVAL] = row + 1
    visitor, people = state.arrived_visitor[row], state.arrived_people[row]
    if cells[POLICY] == OPEN:
        slot = take_slot(state, visitor, people, cells[NOW], UNKNOWN)
        slots[slot, LET_IN] = cells[NOW]
        send(rules, state, slot, 0)
    else:
        join(rules, state, visitor, people)


@inlined
def set_lever(rules: Rules, state: State) -> None:
    """The next change; the main loop does what follows from it."""
    cells = state.cells
    lever = rules.changes[cells[NEXT_CHANGE], LEVER]
    value = rules.changes[cells[NEXT_CHANGE], VALUE]
    cells[NEXT_CHANGE] += 1
    if lever == SERVERS_LEVER:
        cells[SERVERS] = value
    elif lever == WAITING_ROOM_LEVER:
        cells[WAITING_ROOM] = value
    elif lever == SPACING_LEVER:
        set_spacing(rules, state, value)
    elif lever == POLICY_LEVER and cells[NOW] < rules.closes_ns:
        cells[POLICY] = value


@inlined
def set_spacing(rules: Rules, state: State, spacing: int) -> None:
    """The tokens in the bucket stay; the one in the making does not come later than it would."""
    cells = state.cells
    lacking = cells[FULL_AT] - cells[NOW]
    if lacking > 0:
        rest = min(lacking % cells[SPACING], spacing)
        cells[FULL_AT] = cells[NOW] + lacking // cells[SPACING] * spacing + rest
    cells[SPACING] = spacing
    plan_release(rules, state)


@inlined
def happen_pending(rules: Rules, state: State) -> None:
    """Let the first event in the heap happen."""
    heap = state.heap
    kind, visitor, tag = heap[0, EVENT_CLASS], heap[0, EVENT_VISITOR], heap[0, EVENT_TAG]
    number, slot = tag >> 32, tag & LOW_32
    drop_first(state)
    if kind == COMPLETION:
        complete(rules, state, visitor, number, slot)
    elif kind == ENTRY:
        state.slots[slot, LET_IN] = state.cells[NOW]
        send(rules, state, slot, 0)
    elif kind == RETRY:
        send(rules, state, slot, number)
    elif is_awaited(state, visitor, number, slot):
        fail(rules, state, slot, TIMED_OUT, state.cells[NOW])


@inlined
def next_arrival_at(rules: Rules, state: State) -> int:
    row = state.cells[NEXT_ARRIVAL]
    if row == len(state.arrived_ns) or state.arrived_ns[row] >= rules.closes_ns:
        return FOREVER
    return int(state.arrived_ns[row])


@inlined
def next_change_at(rules: Rules, state: State) -> int:
    row = state.cells[NEXT_CHANGE]
    return FOREVER if row == len(rules.changes) else int(rules.changes[row, AT])


@inlined
def happen(rules: Rules, state: State) -> bool:
    """Let the event with the smallest key happen; False if none is left before the end."""
    cells, heap = state.cells, state.heap
    change_at, arrival_at = next_change_at(rules, state), next_arrival_at(rules, state)
    release_at = cells[RELEASE_AT]
    pending_at = heap[0, EVENT_AT] if cells[HEAP_SIZE] > 0 else FOREVER
    now = min(change_at, arrival_at, release_at, pending_at)
    if now >= rules.end_ns:
        return False
    cells[NOW] = now
    if change_at == now:
        set_lever(rules, state)
    elif release_at == now and not (pending_at == now and heap[0, EVENT_CLASS] < RELEASE):
        release(rules, state)
    elif arrival_at == now and not (pending_at == now and heap[0, EVENT_CLASS] < ARRIVAL):
        arrive(rules, state)
    else:
        happen_pending(rules, state)
    return True


@inlined
def settle(rules: Rules, state: State) -> bool:
    """One turn of what follows at once from what just happened; False if nothing does."""
    cells = state.cells
    if cells[WORK_SIZE] > 0 and cells[BUSY] < cells[SERVERS]:
        start_waiting_work(rules, state)
        return True
    if cells[POLICY] == OPEN and cells[LINE_SIZE] > 0:
        call_first(rules, state)
        plan_release(rules, state)
        return True
    return False


@inlined
def lacks_room(state: State) -> int:
    """What has to be emptied or enlarged before anything else may happen; DONE if nothing."""
    cells = state.cells
    if cells[VISIT_ROWS] == len(state.visits) or cells[ATTEMPT_ROWS] == len(state.attempts):
        return ROWS_FULL
    if cells[HEAP_SIZE] + 2 > len(state.heap):
        return HEAP_FULL
    if cells[LINE_SIZE] == len(state.line):
        return LINE_FULL
    if cells[WORK_SIZE] == len(state.work):
        return WORK_FULL
    if cells[FREE_SLOT] < 0:
        return SLOTS_FULL
    return DONE


@kept
def run(rules: Rules, state: State) -> int:
    """Let events happen until the end, or until Python has to provide something."""
    while True:
        lacking = lacks_room(state)
        if lacking != DONE:
            return lacking
        if settle(rules, state):
            continue
        if state.cells[NEXT_ARRIVAL] == len(state.arrived_ns) and not state.cells[ALL_ARRIVED]:
            return ARRIVALS_USED_UP
        if not happen(rules, state):
            return DONE


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
    """Compiled :func:`simulator.draws.arrivals_in_blocks`."""
    draws.arrivals_in_blocks(key, first_visitor, count, start_ns, width_ns, tilt, out)
