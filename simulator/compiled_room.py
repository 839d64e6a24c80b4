"""More room for those who are present, and the rows of those still present at the end.

Before anything grows, it is cleared of what has no future: who has left the room, timeouts of
attempts that have ended. Memory follows those who are present, not those who came.
"""

from __future__ import annotations

import numpy as np

from simulator.compiled_state import (
    ARRIVED,
    EVENT_AT,
    EVENT_CLASS,
    EVENT_TAG,
    EVENT_VISITOR,
    FREE_SLOT,
    HEAP_SIZE,
    JOINED,
    LET_IN,
    LINE_FIRST,
    LINE_JOINED,
    LINE_LEAVES,
    LINE_PEOPLE,
    LINE_SIZE,
    LINE_VISITOR,
    NOW,
    NUMBER,
    PEOPLE,
    RELEASE_AT,
    SENT,
    STARTED,
    VISITOR,
    WORK_FIRST,
    WORK_SIZE,
    Rules,
    State,
    free_slots,
)
from simulator.demand import Ints
from simulator.draws import FOREVER
from simulator.engine import TIMEOUT
from simulator.outcomes import UNKNOWN, Fate, Result

LOW_32 = (1 << 32) - 1


def more_events(state: State) -> State:
    """A heap without the timeouts of attempts that have ended; a sorted list is a heap."""
    events = state.heap[: state.cells[HEAP_SIZE]]
    number, slot = events[:, EVENT_TAG] >> 32, events[:, EVENT_TAG] & LOW_32
    owner = state.slots[slot]
    awaited = (
        (owner[:, VISITOR] == events[:, EVENT_VISITOR])
        & (owner[:, NUMBER] == number)
        & (owner[:, SENT] != UNKNOWN)
    )
    events = events[awaited | (events[:, EVENT_CLASS] != TIMEOUT)]
    columns = (EVENT_TAG, EVENT_VISITOR, EVENT_CLASS, EVENT_AT)
    events = events[np.lexsort([events[:, column] for column in columns])]
    state.cells[HEAP_SIZE] = len(events)
    return state._replace(heap=with_room(events, len(state.heap)))


def more_line(rules: Rules, state: State) -> tuple[State, Ints]:
    """A line without those who have left the room, and their rows."""
    cells = state.cells
    line = unrolled(state.line, cells[LINE_FIRST], cells[LINE_SIZE])
    left = (line[:, LINE_LEAVES] < cells[NOW]) & rules.is_room
    present = line[~left]
    cells[LINE_FIRST], cells[LINE_SIZE] = 0, len(present)
    if not len(present):
        cells[RELEASE_AT] = FOREVER
    return state._replace(line=with_room(present, len(state.line))), reneged_or_waiting(
        rules, line[left]
    )


def more_work(state: State) -> State:
    work = unrolled(state.work, state.cells[WORK_FIRST], state.cells[WORK_SIZE])
    state.cells[WORK_FIRST] = 0
    return state._replace(work=with_room(work, len(state.work)))


def more_slots(state: State) -> State:
    size = len(state.slots)
    state.cells[FREE_SLOT] = size
    return state._replace(slots=np.concatenate([state.slots, free_slots(size, 2 * size)]))


def unrolled(ring: Ints, first: int, size: int) -> Ints:
    """The rows of a ring in their order."""
    rows: Ints = ring[(first + np.arange(size)) & (len(ring) - 1)]
    return rows


def with_room(rows: Ints, size: int) -> Ints:
    """The rows at the head of an array that they fill less than half, of at least the given size."""
    more = size if 2 * (len(rows) + 1) <= size else 2 * size
    larger = np.empty((more, rows.shape[1]), np.int64)
    larger[: len(rows)] = rows
    return larger


def line_rows(rules: Rules, state: State) -> Ints:
    """What became of those in the line when it closed."""
    cells = state.cells
    return reneged_or_waiting(rules, unrolled(state.line, cells[LINE_FIRST], cells[LINE_SIZE]))


def reneged_or_waiting(rules: Rules, line: Ints) -> Ints:
    leaves = line[:, LINE_LEAVES]
    has_left = leaves < rules.closes_ns
    joined, unknown = line[:, LINE_JOINED], np.full(len(line), UNKNOWN)
    return np.column_stack(
        [
            line[:, LINE_VISITOR],
            line[:, LINE_PEOPLE],
            joined,
            joined,
            unknown,
            np.where(has_left, leaves, UNKNOWN),
            np.where(has_left, Fate.RENEGED, Fate.WAITING),
        ]
    )


def under_way_rows(state: State) -> tuple[Ints, Ints]:
    """Visits and attempts of those let in that have not ended."""
    slots = state.slots[state.slots[:, VISITOR] != UNKNOWN]
    visits = slots[:, [VISITOR, PEOPLE, ARRIVED, JOINED, LET_IN, SENT, NUMBER]]
    visits[:, 5:] = UNKNOWN, Fate.UNFINISHED
    slots = slots[slots[:, SENT] != UNKNOWN]
    attempts = slots[:, [VISITOR, PEOPLE, NUMBER, SENT, STARTED, SENT, NUMBER]]
    attempts[:, 1] = 0
    attempts[:, 5:] = UNKNOWN, Result.UNFINISHED
    return np.ascontiguousarray(visits), np.ascontiguousarray(attempts)
