"""Who is present, compiled: slots for those let in, and the rows of those who have ended."""

from __future__ import annotations

from simulator.compiled_code import inlined
from simulator.compiled_state import (
    ARRIVED,
    ATTEMPT_ROWS,
    FREE_SLOT,
    JOINED,
    LET_IN,
    NUMBER,
    PEOPLE,
    SENT,
    STARTED,
    VISIT_ROWS,
    VISITOR,
    State,
)
from simulator.engine import STEP
from simulator.outcomes import UNKNOWN


@inlined
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


@inlined
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


@inlined
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


@inlined
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


@inlined
def is_awaited(state: State, visitor: int, number: int, slot: int) -> bool:
    """Whether a client still waits for this attempt."""
    slots = state.slots
    return bool(
        slots[slot, VISITOR] == visitor
        and slots[slot, NUMBER] == number
        and slots[slot, SENT] != UNKNOWN
    )
