"""What is pending in the kernel without events: entries and sends, the smallest key first.

A visit has at most one of them, so a key is its instant and class in one number, then its visitor.
"""

from __future__ import annotations

from simulator.compiled_code import inlined
from simulator.compiled_fifo_state import (
    ARRIVED_NS,
    FREE_SLOT,
    HEAD_ARRIVED_NS,
    HEAD_DUE,
    HEAD_JOINED_NS,
    HEAD_LET_IN_NS,
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
    other = state.due[place]
    return due < other or (
        due == other and visitor < state.visits[state.due_slot[place], VISITOR]
    )


@inlined
def push(state: State, due: int, slot: int) -> None:
    visitor = state.visits[slot, VISITOR]
    hole = state.cells[PENDING]
    state.cells[PENDING] += 1
    while hole > 0:
        parent = (hole - 1) // BRANCHES
        if not earlier(state, due, visitor, parent):
            break
        state.due[hole], state.due_slot[hole] = state.due[parent], state.due_slot[parent]
        hole = parent
    state.due[hole], state.due_slot[hole] = due, slot


@inlined
def replace_top(state: State, due: int, slot: int) -> None:
    """Put another key in the place of the smallest."""
    visitor, size = state.visits[slot, VISITOR], state.cells[PENDING]
    hole = 0
    while True:
        child = BRANCHES * hole + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + BRANCHES, size)):
            if earlier(
                state, state.due[other], state.visits[state.due_slot[other], VISITOR], best
            ):
                best = other
        if earlier(state, due, visitor, best):
            break
        state.due[hole], state.due_slot[hole] = state.due[best], state.due_slot[best]
        hole = best
    state.due[hole], state.due_slot[hole] = due, slot


@inlined
def pop(state: State) -> None:
    """Take the smallest key out."""
    state.cells[PENDING] -= 1
    last = state.cells[PENDING]
    replace_top(state, state.due[last], state.due_slot[last])


@inlined
def take_slot(state: State) -> int:
    slot = state.cells[FREE_SLOT]
    state.cells[FREE_SLOT] = state.visits[slot, NEXT_FREE]
    return slot


@inlined
def give_slot(state: State, slot: int) -> None:
    state.visits[slot, NEXT_FREE] = state.cells[FREE_SLOT]
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
    visit[slot, TRY] = 0
    cells[HEAD_DUE] = NEVER_DUE
    return slot


@inlined
def first_due(state: State) -> int:
    """The smallest pending key, without its visitor."""
    return state.due[0] if state.cells[PENDING] > 0 else NEVER_DUE
