"""What is pending in the kernel without events: entries and sends, the smallest key first.

A visit has at most one of them, so a key is its instant and class in one number, then its visitor.
"""

from __future__ import annotations

from numpy import uintp

from simulator.engine.compiled.code import inlined
from simulator.engine.compiled.fifo.state import (
    FREE_SLOT,
    NEVER_DUE,
    NEXT_FREE,
    PENDING,
    VISITOR,
    State,
)
from simulator.engine.rules import ARRIVAL

CLASS_BITS = 2
"""Four classes can be pending, from ARRIVAL to TIMEOUT."""


@inlined
def due_of(instant_ns: int, event_class: int) -> int:
    return (instant_ns << CLASS_BITS) | (event_class - ARRIVAL)


@inlined
def first_due(state: State) -> int:
    """The smallest pending key, without its visitor."""
    return state.due[0] if state.cells[PENDING] > 0 else NEVER_DUE


@inlined
def visitor_of(state: State, slot: int) -> int:
    return int(state.visits[uintp(slot), VISITOR])


@inlined
def comes_before(state: State, due: int, slot: int, other_due: int, other_slot: int) -> bool:
    if due == other_due:
        return visitor_of(state, slot) < visitor_of(state, other_slot)
    return due < other_due


@inlined
def put(state: State, place: int, due: int, slot: int) -> None:
    state.due[uintp(place)] = due
    state.due_slot[uintp(place)] = slot


@inlined
def move(state: State, place: int, to: int) -> None:
    put(state, to, state.due[uintp(place)], state.due_slot[uintp(place)])


@inlined
def is_smaller(state: State, place: int, other: int) -> bool:
    """Whether the key in one place comes before that in the other."""
    return comes_before(
        state,
        state.due[uintp(place)],
        state.due_slot[uintp(place)],
        state.due[uintp(other)],
        state.due_slot[uintp(other)],
    )


@inlined
def raise_key(state: State, hole: int, due: int, slot: int) -> None:
    """Put a key into the hole, or as far above it as it belongs."""
    while hole > 0:
        parent = (hole - 1) >> 2
        if not comes_before(
            state, due, slot, state.due[uintp(parent)], state.due_slot[uintp(parent)]
        ):
            break
        move(state, parent, hole)
        hole = parent
    put(state, hole, due, slot)


@inlined
def push(state: State, due: int, slot: int) -> None:
    state.cells[PENDING] += 1
    raise_key(state, state.cells[PENDING] - 1, due, slot)


@inlined
def replace_top(state: State, due: int, slot: int) -> None:
    """Put another key in the place of the smallest; the hole sinks to the bottom first."""
    size = state.cells[PENDING]
    hole, child = 0, 1
    while child + 3 < size:
        left = child + int(is_smaller(state, child + 1, child))
        right = child + 2 + int(is_smaller(state, child + 3, child + 2))
        child = left + (right - left) * int(is_smaller(state, right, left))
        move(state, child, hole)
        hole = child
        child = 4 * hole + 1
    while child < size:
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if is_smaller(state, other, best):
                best = other
        move(state, best, hole)
        hole = best
        child = 4 * hole + 1
    raise_key(state, hole, due, slot)


@inlined
def pop(state: State) -> None:
    """Take the smallest key out."""
    state.cells[PENDING] -= 1
    last = state.cells[PENDING]
    replace_top(state, state.due[uintp(last)], state.due_slot[uintp(last)])


@inlined
def take_slot(state: State) -> int:
    """A row for one more visit."""
    slot = state.cells[FREE_SLOT]
    state.cells[FREE_SLOT] = state.visits[uintp(slot), NEXT_FREE]
    return int(slot)


@inlined
def give_slot(state: State, slot: int) -> None:
    state.visits[uintp(slot), NEXT_FREE] = state.cells[FREE_SLOT]
    state.cells[FREE_SLOT] = slot
