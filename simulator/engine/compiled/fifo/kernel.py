"""The kernel without events, for launches in which everything is first-come first-served.

An attempt's end is known when it is sent, since its server is. So attempts are worked off in the
order of their keys: those that entries begin, which the line gives in order, and those that follow
earlier ones, from a heap. Nothing else is pending.
"""

from __future__ import annotations

from numpy import uintp

from simulator.engine.compiled.arrivals import Surges, arrive
from simulator.engine.compiled.code import inlined, kept
from simulator.engine.compiled.fifo.clients import drawn_ns, enter, send, service_ns, write_visit
from simulator.engine.compiled.fifo.line import (
    IS_OPEN,
    change_until,
    earliest_call_ns,
    first_look_ns,
    take_token,
    turn_ns,
)
from simulator.engine.compiled.fifo.pending import (
    CLASS_BITS,
    comes_before,
    due_of,
    first_due,
    give_slot,
    pop,
    push,
    replace_top,
)
from simulator.engine.compiled.fifo.state import (
    ALL_ARRIVED,
    ARRIVED,
    ATTEMPT_ROWS,
    FREE_SLOT,
    HEAD_DUE,
    HEAD_SLOT,
    NEVER_DUE,
    NEXT_ARRIVAL,
    POLICY,
    VISIT_ROWS,
    State,
)
from simulator.engine.compiled.fifo.station import NO_ROOM
from simulator.engine.compiled.fifo.tables import Rules
from simulator.engine.compiled.fold.groups import GroupTally, fold_groups
from simulator.engine.compiled.fold.kernel import fold
from simulator.engine.compiled.fold.tally import Tally
from simulator.engine.rules import ARRIVAL, ENTRY
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.units import FOREVER

DONE, ARRIVALS_USED_UP, ROWS_FULL, VISITS_FULL, STARTS_FULL, GOES_ON = range(6)
"""Why the kernel has stopped; but for DONE it goes on where it was, once there is what it needs."""

# As plain numbers.
RENEGED, WAITING = int(Fate.RENEGED), int(Fate.WAITING)


@inlined
def lacks(state: State) -> int:
    """What there is no room for."""
    cells = state.cells
    if cells[VISIT_ROWS] == len(state.visit_rows) or cells[ATTEMPT_ROWS] == len(state.attempt_rows):
        return ROWS_FULL
    return VISITS_FULL if cells[FREE_SLOT] < 0 else GOES_ON


@inlined
def see_next(rules: Rules, state: State) -> None:
    """See the next arrival: his turn, and whether he is still there then."""
    cells, line = state.cells, rules.line
    n = cells[NEXT_ARRIVAL]
    cells[NEXT_ARRIVAL] += 1
    visitor, people = state.arrived_visitor[uintp(n)], state.arrived_people[uintp(n)]
    joined_ns = state.arrived_ns[uintp(n)]
    if joined_ns >= rules.horizon_ns:
        return
    change_until(line, cells, joined_ns)
    if cells[POLICY] == IS_OPEN:
        enter(rules, state, n, UNKNOWN, joined_ns, ARRIVAL)
        return
    called_ns, takes_token = turn_ns(line, cells, joined_ns)
    entered_ns = first_look_ns(line, joined_ns, called_ns)
    leaves_ns = joined_ns + FOREVER
    if entered_ns > joined_ns:
        law = rules.groups.patience[uintp(people)]
        leaves_ns = joined_ns + drawn_ns(rules.laws, law, rules.keys.patience, visitor)
    # Nobody is called from the horizon on; to count on tokens of then would leave 64 bits.
    comes = called_ns < rules.horizon_ns and not (line.leaves_aloud and leaves_ns < called_ns)
    if takes_token and comes:
        take_token(cells, called_ns)
    if leaves_ns < min(entered_ns, rules.horizon_ns):
        write_visit(state, visitor, people, joined_ns, joined_ns, UNKNOWN, leaves_ns, RENEGED)
    elif entered_ns >= rules.horizon_ns:
        write_visit(state, visitor, people, joined_ns, joined_ns, UNKNOWN, UNKNOWN, WAITING)
    else:
        enter(rules, state, n, joined_ns, entered_ns, ENTRY)


@inlined
def earliest_due(rules: Rules, state: State) -> int:
    """The smallest key that anybody can have who has not been seen yet."""
    cells = state.cells
    if cells[NEXT_ARRIVAL] < cells[ARRIVED]:
        arrived_ns = state.arrived_ns[uintp(cells[NEXT_ARRIVAL])]
        return due_of(earliest_call_ns(rules.line, cells, arrived_ns), ARRIVAL)
    return NEVER_DUE if cells[ALL_ARRIVED] else 0


@inlined
def head_is_first(state: State, head: int, top: int) -> bool:
    if head == NEVER_DUE or top == NEVER_DUE:
        return head < top
    return comes_before(state, head, state.cells[HEAD_SLOT], top, state.due_slot[0])


@inlined
def work_off(rules: Rules, state: State, head: int, top: int) -> int:
    """Send the attempt that is due first: that of the head, or that at the top of the heap."""
    cells = state.cells
    from_heap = not head_is_first(state, head, top)
    slot = state.due_slot[0] if from_heap else cells[HEAD_SLOT]
    due = send(rules, state, slot, min(head, top) >> CLASS_BITS)
    if due == NO_ROOM:
        return STARTS_FULL
    if due == NEVER_DUE:
        give_slot(state, slot)
    if not from_heap:
        cells[HEAD_DUE] = NEVER_DUE
        if due < NEVER_DUE:
            push(state, due, slot)
    elif due < NEVER_DUE:
        replace_top(state, due, slot)
    else:
        pop(state)
    return GOES_ON


@kept
def run(rules: Rules, state: State) -> int:
    """Go on until all is done or something is needed, and say which."""
    cells = state.cells
    unseen = earliest_due(rules, state)
    status = lacks(state)
    while status == GOES_ON:
        head, top = cells[HEAD_DUE], first_due(state)
        if min(head, top) >= unseen:
            if cells[NEXT_ARRIVAL] == cells[ARRIVED]:
                return DONE if cells[ALL_ARRIVED] else ARRIVALS_USED_UP
            if head < NEVER_DUE:
                # Who has not been seen yet may come before the head, which then waits in order.
                push(state, head, cells[HEAD_SLOT])
                cells[HEAD_DUE] = NEVER_DUE
            see_next(rules, state)
            unseen = earliest_due(rules, state)
        else:
            status = work_off(rules, state, head, top)
        if status == GOES_ON:
            status = lacks(state)
    return status


@kept
def meet(rules: Rules, surges: Surges, state: State) -> None:
    """The next arrivals, and their first services.

    Those are drawn here, many at a time, since draws that do not wait for one another take half as
    long (measured).
    """
    many = arrive(surges, state.arrived_visitor, state.arrived_people, state.arrived_ns)
    for i in range(many):
        n = uintp(i)
        step = rules.groups.first_step[uintp(state.arrived_people[n])]
        state.arrived_service_ns[n] = service_ns(rules, state.arrived_visitor[n], step, 0)
    state.cells[NEXT_ARRIVAL], state.cells[ARRIVED] = 0, many
    state.cells[ALL_ARRIVED] = many == 0


@kept
def run_and_fold(
    rules: Rules, state: State, surges: Surges, tally: Tally, groups: GroupTally
) -> int:
    """Go on until all is done or there is no room, and count what has happened."""
    cells = state.cells
    while True:
        status = run(rules, state)
        if status == ARRIVALS_USED_UP:
            meet(rules, surges, state)
            continue
        fold(tally, state.visit_rows, cells[VISIT_ROWS], state.attempt_rows, cells[ATTEMPT_ROWS])
        fold_groups(
            groups, state.visit_rows, cells[VISIT_ROWS], state.attempt_rows, cells[ATTEMPT_ROWS]
        )
        cells[VISIT_ROWS] = 0
        cells[ATTEMPT_ROWS] = 0
        if status != ROWS_FULL:
            return status
