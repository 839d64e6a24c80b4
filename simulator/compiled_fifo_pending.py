"""What is pending in the kernel without events: entries and sends, the smallest key first.

A visit has at most one of them, so a key is its instant and class in one number, then its visitor.
"""

from __future__ import annotations

from numpy import uintp

from simulator.compiled_code import inlined
from simulator.compiled_fifo_state import (
    ARRIVED_NS,
    FREE_SLOT,
    HEAD_ARRIVED_NS,
    HEAD_DUE,
    HEAD_JOINED_NS,
    HEAD_LET_IN_NS,
    HEAD_SERVICE_NS,
    SERVICE_NS,
    HEAD_PEOPLE,
    HEAD_VISITOR,
    JOINED_NS,
    LET_IN_NS,
    NEVER_DUE,
    NEXT_FREE,
    PENDING,
    PEOPLE,
    STEP,
    TRY,
    VISITOR,
    State,
)

BRANCHES = 4
"""Children of a place in the heap: their keys lie side by side."""


@inlined
def earlier(state: State, due: int, visitor: int, place: int) -> bool:
    """Whether a key is smaller than the one in a place of the heap."""
    other = state.due[uintp(place)]
    return due < other or (
        due == other and visitor < state.visits[uintp(state.due_slot[uintp(place)]), VISITOR]
    )


@inlined
def smaller(state: State, place: int, other: int) -> int:
    """1 if the key in one place is smaller than that in the other, else 0."""
    if state.due[uintp(place)] == state.due[uintp(other)]:
        return int(
            state.visits[uintp(state.due_slot[uintp(place)]), VISITOR]
            < state.visits[uintp(state.due_slot[uintp(other)]), VISITOR]
        )
    return int(state.due[uintp(place)] < state.due[uintp(other)])


@inlined
def raise_to(state: State, hole: int, due: int, slot: int) -> None:
    """Put a key into the hole, or as far above it as it belongs."""
    visitor = state.visits[uintp(slot), VISITOR]
    while hole > 0:
        parent = (hole - 1) >> 1
        if not earlier(state, due, visitor, parent):
            break
        state.due[uintp(hole)], state.due_slot[uintp(hole)] = state.due[uintp(parent)], state.due_slot[uintp(parent)]
        hole = parent
    state.due[uintp(hole)], state.due_slot[uintp(hole)] = due, slot


@inlined
def push(state: State, due: int, slot: int) -> None:
    state.cells[PENDING] += 1
    raise_to(state, state.cells[PENDING] - 1, due, slot)


@inlined
def replace_top(state: State, due: int, slot: int) -> None:
    """Put another key in the place of the smallest."""
    size = state.cells[PENDING]
    hole, child = 0, 1
    while child + 1 < size:
        child += smaller(state, child + 1, child)
        state.due[uintp(hole)], state.due_slot[uintp(hole)] = state.due[uintp(child)], state.due_slot[uintp(child)]
        hole = child
        child = 2 * hole + 1
    if child < size:
        state.due[uintp(hole)], state.due_slot[uintp(hole)] = state.due[uintp(child)], state.due_slot[uintp(child)]
        hole = child
    raise_to(state, hole, due, slot)


@inlined
def pop(state: State) -> None:
    """Take the smallest key out."""
    state.cells[PENDING] -= 1
    last = state.cells[PENDING]
    replace_top(state, state.due[uintp(last)], state.due_slot[uintp(last)])


@inlined
def take_slot(state: State) -> int:
    slot = state.cells[FREE_SLOT]
    state.cells[FREE_SLOT] = state.visits[uintp(slot), NEXT_FREE]
    return slot


@inlined
def give_slot(state: State, slot: int) -> None:
    state.visits[uintp(slot), NEXT_FREE] = state.cells[FREE_SLOT]
    state.cells[FREE_SLOT] = slot


@inlined
def head_to_slot(state: State, step: int) -> int:
    """Note the visit at the head among those that somebody has to come back to."""
    slot = take_slot(state)
    cells, visit = state.cells, state.visits
    visit[slot, VISITOR] = cells[HEAD_VISITOR]
    visit[slot, PEOPLE] = cells[HEAD_PEOPLE]
    visit[slot, ARRIVED_NS] = cells[HEAD_ARRIVED_NS]
    visit[slot, JOINED_NS] = cells[HEAD_JOINED_NS]
    visit[slot, LET_IN_NS] = cells[HEAD_LET_IN_NS]
    visit[slot, STEP] = step
    visit[slot, SERVICE_NS] = cells[HEAD_SERVICE_NS]
    visit[slot, TRY] = 0
    cells[HEAD_DUE] = NEVER_DUE
    return slot


@inlined
def first_due(state: State) -> int:
    """The smallest pending key, without its visitor."""
    return state.due[0] if state.cells[PENDING] > 0 else NEVER_DUE
