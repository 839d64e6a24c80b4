"""The pending events of the compiled engine: a binary heap of (instant, class, visitor, tag)."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.limits import CLASS_BITS
from simulator.engine.compiled.loop.memory.layout import (
    EVENT_KEY,
    EVENT_RECORD,
    EVENT_SIZE,
    EVENT_TAG,
    EVENT_VISITOR,
    EVENTS,
    PENDING,
)


@called
def precedes(h: Memory, e: int, key: int, visitor: int, tag: int) -> bool:
    """Whether the event at ``e`` comes before the given one."""
    if h[e + EVENT_KEY] != key:
        return h[e + EVENT_KEY] < key
    if h[e + EVENT_VISITOR] != visitor:
        return h[e + EVENT_VISITOR] < visitor
    return h[e + EVENT_TAG] < tag


@called
def put(h: Memory, e: int, key: int, visitor: int, tag: int, record: int) -> None:
    h[e + EVENT_KEY] = key
    h[e + EVENT_VISITOR] = visitor
    h[e + EVENT_TAG] = tag
    h[e + EVENT_RECORD] = record


@called
def move(h: Memory, source: int, target: int) -> None:
    put(
        h,
        target,
        h[source + EVENT_KEY],
        h[source + EVENT_VISITOR],
        h[source + EVENT_TAG],
        h[source + EVENT_RECORD],
    )


@called
def plan(m: Memory, at: int, kind: int, visitor: int, tag: int, record: int) -> None:
    """Let an event happen at an instant before the end."""
    h = words_at(m[EVENTS])
    key = at << CLASS_BITS | kind
    i = m[PENDING]
    m[PENDING] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        if precedes(h, parent * EVENT_SIZE, key, visitor, tag):
            break
        move(h, parent * EVENT_SIZE, i * EVENT_SIZE)
        i = parent
    put(h, i * EVENT_SIZE, key, visitor, tag, record)


@called
def drop_first(m: Memory) -> None:
    """Remove the first event."""
    h = words_at(m[EVENTS])
    last = m[PENDING] - 1
    m[PENDING] = last
    e = last * EVENT_SIZE
    key, visitor, tag = h[e + EVENT_KEY], h[e + EVENT_VISITOR], h[e + EVENT_TAG]
    record = h[e + EVENT_RECORD]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= last:
            break
        c = child * EVENT_SIZE
        right = c + EVENT_SIZE
        if child + 1 < last and precedes(
            h, right, h[c + EVENT_KEY], h[c + EVENT_VISITOR], h[c + EVENT_TAG]
        ):
            child += 1
        if not precedes(h, child * EVENT_SIZE, key, visitor, tag):
            break
        move(h, child * EVENT_SIZE, i * EVENT_SIZE)
        i = child
    put(h, i * EVENT_SIZE, key, visitor, tag, record)
