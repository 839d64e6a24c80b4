"""The pending events of the compiled engine: a binary heap of keys (instant, class, visitor, tag).

The tag is ``attempt << 32 | slot``; keys differ before the slot is looked at. There is one step so
far, so a key has no room for it.
"""

from __future__ import annotations

from simulator.compiled_code import inlined
from simulator.compiled_state import (
    EVENT_AT,
    EVENT_CLASS,
    EVENT_TAG,
    EVENT_VISITOR,
    HEAP_SIZE,
    State,
)
from simulator.demand import Ints


@inlined
def precedes(heap: Ints, i: int, at: int, kind: int, visitor: int, tag: int) -> bool:
    """Whether the event at place ``i`` comes before the given one."""
    if heap[i, EVENT_AT] != at:
        return bool(heap[i, EVENT_AT] < at)
    if heap[i, EVENT_CLASS] != kind:
        return bool(heap[i, EVENT_CLASS] < kind)
    if heap[i, EVENT_VISITOR] != visitor:
        return bool(heap[i, EVENT_VISITOR] < visitor)
    return bool(heap[i, EVENT_TAG] < tag)


@inlined
def put(heap: Ints, i: int, at: int, kind: int, visitor: int, tag: int) -> None:
    heap[i, EVENT_AT] = at
    heap[i, EVENT_CLASS] = kind
    heap[i, EVENT_VISITOR] = visitor
    heap[i, EVENT_TAG] = tag


@inlined
def move(heap: Ints, source: int, target: int) -> None:
    put(
        heap,
        target,
        heap[source, EVENT_AT],
        heap[source, EVENT_CLASS],
        heap[source, EVENT_VISITOR],
        heap[source, EVENT_TAG],
    )


@inlined
def push(state: State, at: int, kind: int, visitor: int, tag: int) -> None:
    """Add an event."""
    heap = state.heap
    i = state.cells[HEAP_SIZE]
    state.cells[HEAP_SIZE] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        if precedes(heap, parent, at, kind, visitor, tag):
            break
        move(heap, parent, i)
        i = parent
    put(heap, i, at, kind, visitor, tag)


@inlined
def drop_first(state: State) -> None:
    """Remove the first event."""
    heap = state.heap
    last = state.cells[HEAP_SIZE] - 1
    state.cells[HEAP_SIZE] = last
    at, kind = heap[last, EVENT_AT], heap[last, EVENT_CLASS]
    visitor, tag = heap[last, EVENT_VISITOR], heap[last, EVENT_TAG]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= last:
            break
        right = child + 1
        if right < last and precedes(
            heap,
            right,
            heap[child, EVENT_AT],
            heap[child, EVENT_CLASS],
            heap[child, EVENT_VISITOR],
            heap[child, EVENT_TAG],
        ):
            child = right
        if not precedes(heap, child, at, kind, visitor, tag):
            break
        move(heap, child, i)
        i = child
    put(heap, i, at, kind, visitor, tag)
