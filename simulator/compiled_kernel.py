"""The rules of :mod:`simulator.engine` again, as an event loop that numba compiles.

It differs from the SimPy model in what it need not do: arrivals, changes and the next release stand
beside the heap; patience is looked at when somebody is called, because only then it matters; a
timeout is planned only for attempts whose end is not yet known when they are sent. Loops without a
bound (a policy that opens, servers that are added) go one turn of the main loop at a time, so
that the room for rows and events has to be checked in one place only.
"""

from __future__ import annotations

from numba import njit
from numba.extending import register_jitable

from simulator import draws
from simulator.compiled_cache import cached
from simulator.compiled_heap import drop_first, push
from simulator.compiled_state import (
    ALL_ARRIVED,
    ARRIVED,
    AT,
    ATTEMPT_ROWS,
    ATTEMPTS,
    BACKOFF,
    BUSY,
    CAP,
    CLIENT_TIMEOUT,
    DEADLINE,
    EVENT_AT,
    EVENT_CLASS,
    EVENT_TAG,
    EVENT_VISITOR,
    FREE_SLOT,
    FULL_AT,
    HEAP_SIZE,
    JITTER,
    JOINED,
    LET_IN,
    LEVER,
    LINE_FIRST,
    LINE_JOINED,
    LINE_LEAVES,
    LINE_PEOPLE,
    LINE_SIZE,
    LINE_VISITOR,
    LOCATION,
    NEXT_ARRIVAL,
    NEXT_CHANGE,
    NOW,
    NUMBER,
    PATIENCE_LAW,
    PEOPLE,
    POLICY,
    RELEASE_AT,
    SCALE,
    SENT,
    SERVERS,
    SPACING,
    STARTED,
    VALUE,
    VISIT_ROWS,
    VISITOR,
    WAITING_ROOM,
    WORK_ATTEMPT,
    WORK_FIRST,
    WORK_SIZE,
    WORK_SLOT,
    WORK_VISITOR,
    Rules,
    State,
)
from simulator.demand import Floats, Ints
from simulator.draws import FOREVER
from simulator.engine import COMPLETION, ENTRY, RELEASE, RETRY, TIMEOUT
from simulator.outcomes import UNKNOWN, Fate, Result
from simulator.system import Jitter, Lever, Policy

DONE, ARRIVALS_USED_UP, ROWS_FULL, HEAP_FULL, LINE_FULL, WORK_FULL, SLOTS_FULL = range(7)
"""Why the loop came back."""

# Plain integers: an IntEnum is a type of its own to numba.
OPEN, NO_JITTER = int(Policy.OPEN), int(Jitter.NONE)
SERVERS_LEVER, POLICY_LEVER = int(Lever.SERVERS), int(Lever.POLICY)
SPACING_LEVER, WAITING_ROOM_LEVER = int(Lever.RELEASE_SPACING_NS), int(Lever.WAITING_ROOM)
SERVED, GAVE_UP, RENEGED, WAITING = (
    int(fate) for fate in (Fate.SERVED, Fate.GAVE_UP, Fate.RENEGED, Fate.WAITING)
)
SUCCESS, TURNED_AWAY, TIMED_OUT = (
    int(result) for result in (Result.SUCCESS, Result.TURNED_AWAY, Result.TIMED_OUT)
)
STEP = 0
LOW_32 = (1 << 32) - 1

for function in draws.COMPILED:
    register_jitable(function)


@register_jitable
def write_visit(
    state: State,
    visitor: int,
    people: int,
    arrived: int,
    joined: int,
    let_in: int,
    ended: int,
    fate: int,
) -> None:
    row = state.cells[VISIT_ROWS]
    state.cells[VISIT_ROWS] = row + 1
    visits = state.visits
    visits[row, 0] = visitor
    visits[row, 1] = people
    visits[row, 2] = arrived
    visits[row, 3] = joined
    visits[row, 4] = let_in
    visits[row, 5] = ended
    visits[row, 6] = fate


@register_jitable
def record(state: State, slot: int, result: int, finished: int) -> None:
    """The end of an attempt, as its client sees it."""
    row = state.cells[ATTEMPT_ROWS]
    state.cells[ATTEMPT_ROWS] = row + 1
    attempts, slots = state.attempts, state.slots
    attempts[row, 0] = slots[slot, VISITOR]
    attempts[row, 1] = STEP
    attempts[row, 2] = slots[slot, NUMBER]
    attempts[row, 3] = slots[slot, SENT]
    attempts[row, 4] = slots[slot, STARTED]
    attempts[row, 5] = finished
    attempts[row, 6] = result
    slots[slot, SENT] = UNKNOWN


@register_jitable
def take_slot(state: State, visitor: int, people: int, arrived: int, joined: int) -> int:
    cells, slots = state.cells, state.slots
    slot = cells[FREE_SLOT]
    cells[FREE_SLOT] = slots[slot, ARRIVED]
    slots[slot, VISITOR] = visitor
    slots[slot, PEOPLE] = people
    slots[slot, ARRIVED] = arrived
    slots[slot, JOINED] = joined
    slots[slot, LET_IN] = UNKNOWN
    slots[slot, SENT] = UNKNOWN
    return int(slot)


@register_jitable
def leave(state: State, slot: int, fate: int, ended: int) -> None:
    """The end of the visit of somebody who was let in; his slot is free."""
    cells, slots = state.cells, state.slots
    write_visit(
        state,
        slots[slot, VISITOR],
        slots[slot, PEOPLE],
        slots[slot, ARRIVED],
        slots[slot, JOINED],
        slots[slot, LET_IN],
        ended,
        fate,
    )
    slots[slot, VISITOR] = UNKNOWN
    slots[slot, ARRIVED] = cells[FREE_SLOT]
    cells[FREE_SLOT] = slot


@register_jitable
def is_awaited(state: State, visitor: int, number: int, slot: int) -> bool:
    """Whether a client still waits for this attempt."""
    slots = state.slots
    return bool(
        slots[slot, VISITOR] == visitor
        and slots[slot, NUMBER] == number
        and slots[slot, SENT] != UNKNOWN
    )


@register_jitable
def pause(rules: Rules, people: int, visitor: int, number: int) -> int:
    """How long somebody waits after an attempt before he tries again."""
    length, cap = rules.people[people, BACKOFF], rules.people[people, CAP]
    for _ in range(number):
        if length >= cap:
            break
        length *= 2
    length = min(length, cap)
    if rules.people[people, JITTER] == NO_JITTER:
        return int(length)
    key = draws.substream(rules.backoff_key, STEP, number)
    return int(length * draws.uniform(key, visitor))


@register_jitable
def fail(rules: Rules, state: State, slot: int, result: int, seen: int) -> None:
    """An attempt failed, and its client sees it at ``seen``."""
    slots = state.slots
    visitor, people, number = slots[slot, VISITOR], slots[slot, PEOPLE], slots[slot, NUMBER]
    record(state, slot, result, seen)
    following = number + 1
    if following >= rules.people[people, ATTEMPTS]:
        leave(state, slot, GAVE_UP, seen)
        return
    again = seen + pause(rules, people, visitor, number)
    if again < rules.end_ns:
        push(state, again, RETRY, visitor, following << 32 | slot)


@register_jitable
def start(rules: Rules, state: State, visitor: int, number: int, slot: int) -> int:
    """A server begins an attempt; returns when the client would see its answer."""
    cells, slots = state.cells, state.slots
    cells[BUSY] += 1
    now = cells[NOW]
    if is_awaited(state, visitor, number, slot):
        slots[slot, STARTED] = now
    key = draws.substream(rules.service_key, STEP, number)
    finish = now + draws.duration_ns(
        rules.service_law,
        rules.service_location,
        rules.service_scale,
        draws.uniform(key, visitor),
    )
    if finish < rules.end_ns:
        push(state, finish, COMPLETION, visitor, number << 32 | slot)
    return int(finish + rules.round_trip_ns)


@register_jitable
def send(rules: Rules, state: State, slot: int, number: int) -> None:
    """An attempt reaches the station: it is served, waits, or is turned away."""
    cells, slots = state.cells, state.slots
    now, visitor = cells[NOW], slots[slot, VISITOR]
    deadline = now + rules.people[slots[slot, PEOPLE], CLIENT_TIMEOUT]
    slots[slot, NUMBER] = number
    slots[slot, SENT] = now
    slots[slot, STARTED] = UNKNOWN
    slots[slot, DEADLINE] = deadline
    if cells[BUSY] < cells[SERVERS]:
        if start(rules, state, visitor, number, slot) <= deadline:
            return
    elif cells[WORK_SIZE] < cells[WAITING_ROOM]:
        enqueue(state, visitor, number, slot)
    else:
        seen = now + rules.round_trip_ns
        if seen <= deadline:
            if seen < rules.end_ns:
                fail(rules, state, slot, TURNED_AWAY, seen)
            return
    if deadline < rules.end_ns:
        push(state, deadline, TIMEOUT, visitor, number << 32 | slot)


@register_jitable
def enqueue(state: State, visitor: int, number: int, slot: int) -> None:
    cells, work = state.cells, state.work
    place = (cells[WORK_FIRST] + cells[WORK_SIZE]) & (len(work) - 1)
    cells[WORK_SIZE] += 1
    work[place, WORK_VISITOR] = visitor
    work[place, WORK_ATTEMPT] = number
    work[place, WORK_SLOT] = slot


@register_jitable
def start_waiting_work(rules: Rules, state: State) -> None:
    """The first one waiting is begun, wanted or not."""
    cells, work = state.cells, state.work
    first = cells[WORK_FIRST]
    cells[WORK_FIRST] = (first + 1) & (len(work) - 1)
    cells[WORK_SIZE] -= 1
    start(
        rules, state, work[first, WORK_VISITOR], work[first, WORK_ATTEMPT], work[first, WORK_SLOT]
    )


@register_jitable
def complete(rules: Rules, state: State, visitor: int, number: int, slot: int) -> None:
    """A server is free; the main loop gives it the next one."""
    state.cells[BUSY] -= 1
    if not is_awaited(state, visitor, number, slot):
        return
    answered = state.cells[NOW] + rules.round_trip_ns
    if answered <= state.slots[slot, DEADLINE] and answered < rules.end_ns:
        record(state, slot, SUCCESS, answered)
        leave(state, slot, SERVED, answered)


@register_jitable
def join(rules: Rules, state: State, visitor: int, people: int) -> None:
    """Stand in line, and know already when patience will end."""
    cells, line = state.cells, state.line
    now = cells[NOW]
    place = (cells[LINE_FIRST] + cells[LINE_SIZE]) & (len(line) - 1)
    line[place, LINE_VISITOR] = visitor
    line[place, LINE_PEOPLE] = people
    line[place, LINE_JOINED] = now
    line[place, LINE_LEAVES] = now + draws.duration_ns(
        rules.people[people, PATIENCE_LAW],
        rules.patience[people, LOCATION],
        rules.patience[people, SCALE],
        draws.uniform(rules.patience_key, visitor),
    )
    cells[LINE_SIZE] += 1
    if cells[LINE_SIZE] == 1:
        plan_release(rules, state)


@register_jitable
def plan_release(rules: Rules, state: State) -> None:
    """When the first in line will be called: as soon as there are both, he and a token."""
    cells = state.cells
    ready = cells[FULL_AT] - (rules.burst - 1) * cells[SPACING]
    at = max(cells[NOW], ready)
    cells[RELEASE_AT] = at if cells[LINE_SIZE] > 0 and at < rules.closes_ns else FOREVER


@register_jitable
def release(rules: Rules, state: State) -> None:
    """Call the first in line, or see that he has left it."""
    cells, line = state.cells, state.line
    now = cells[NOW]
    if not rules.is_room or line[cells[LINE_FIRST], LINE_LEAVES] >= now:
        cells[FULL_AT] = max(cells[FULL_AT], now) + cells[SPACING]
    call_first(rules, state)
    plan_release(rules, state)


@register_jitable
def call_first(rules: Rules, state: State) -> None:
    """The first in line is called; what comes of it is known at once."""
    cells, line = state.cells, state.line
    first = cells[LINE_FIRST]
    cells[LINE_FIRST] = (first + 1) & (len(line) - 1)
    cells[LINE_SIZE] -= 1
    visitor, people = line[first, LINE_VISITOR], line[first, LINE_PEOPLE]
    joined, leaves = line[first, LINE_JOINED], line[first, LINE_LEAVES]
    look = cells[NOW]
    if rules.poll_every_ns > 0:
        looks = (look - joined + rules.poll_every_ns - 1) // rules.poll_every_ns
        look = joined + looks * rules.poll_every_ns
    if min(look, leaves) >= rules.closes_ns:
        write_visit(state, visitor, people, joined, joined, UNKNOWN, UNKNOWN, WAITING)
    elif leaves < look:
        write_visit(state, visitor, people, joined, joined, UNKNOWN, leaves, RENEGED)
    else:
        slot = take_slot(state, visitor, people, joined, joined)
        push(state, look, ENTRY, visitor, slot)


@register_jitable
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


@register_jitable
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


@register_jitable
def set_spacing(rules: Rules, state: State, spacing: int) -> None:
    """The tokens in the bucket stay; the one in the making does not come later than it would."""
    cells = state.cells
    lacking = cells[FULL_AT] - cells[NOW]
    if lacking > 0:
        rest = min(lacking % cells[SPACING], spacing)
        cells[FULL_AT] = cells[NOW] + lacking // cells[SPACING] * spacing + rest
    cells[SPACING] = spacing
    plan_release(rules, state)


@register_jitable
def first_pending(rules: Rules, state: State) -> None:
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


@register_jitable
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


with cached():

    @njit(cache=True, nogil=True, error_model="numpy")
    def run(rules: Rules, state: State) -> int:
        """Let events happen until the end, or until Python has to provide something."""
        cells, arrivals, changes = state.cells, len(state.arrived_ns), len(rules.changes)
        while True:
            lacking = lacks_room(state)
            if lacking != DONE:
                return lacking
            if cells[WORK_SIZE] > 0 and cells[BUSY] < cells[SERVERS]:
                start_waiting_work(rules, state)
                continue
            if cells[POLICY] == OPEN and cells[LINE_SIZE] > 0:
                call_first(rules, state)
                plan_release(rules, state)
                continue

            arrival_at = FOREVER
            if cells[NEXT_ARRIVAL] < arrivals:
                arrival_at = state.arrived_ns[cells[NEXT_ARRIVAL]]
                if arrival_at >= rules.closes_ns:
                    arrival_at = FOREVER
            elif not cells[ALL_ARRIVED]:
                return ARRIVALS_USED_UP
            change_at = FOREVER
            if cells[NEXT_CHANGE] < changes:
                change_at = rules.changes[cells[NEXT_CHANGE], AT]
            release_at = cells[RELEASE_AT]
            pending_at = state.heap[0, EVENT_AT] if cells[HEAP_SIZE] > 0 else FOREVER
            now = min(min(arrival_at, change_at), min(release_at, pending_at))
            if now >= rules.end_ns:
                return DONE
            cells[NOW] = now
            if change_at == now:
                set_lever(rules, state)
            elif pending_at == now and state.heap[0, EVENT_CLASS] < RELEASE:
                first_pending(rules, state)
            elif release_at == now:
                release(rules, state)
            elif arrival_at == now:
                arrive(rules, state)
            else:
                first_pending(rules, state)

    @njit(cache=True, nogil=True, error_model="numpy")
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
