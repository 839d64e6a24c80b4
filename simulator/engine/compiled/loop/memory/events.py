"""The pending events of the compiled engine: a binary heap of (instant, class, visitor, tag)."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called, words_at
from simulator.engine.compiled.limits import CLASS_BITS
from simulator.engine.compiled.loop.memory.layout import blocks, cells


@called
def precedes(h: Memory, e: int, key: int, visitor: int, tag: int) -> bool:
    """Whether the event at ``e`` comes before the given one."""
    if h[e + blocks.EVENT_KEY] != key:
        return h[e + blocks.EVENT_KEY] < key
    if h[e + blocks.EVENT_VISITOR] != visitor:
        return h[e + blocks.EVENT_VISITOR] < visitor
    return h[e + blocks.EVENT_TAG] < tag


@called
def put(h: Memory, e: int, key: int, visitor: int, tag: int, record: int) -> None:
    h[e + blocks.EVENT_KEY] = key
    h[e + blocks.EVENT_VISITOR] = visitor
    h[e + blocks.EVENT_TAG] = tag
    h[e + blocks.EVENT_RECORD] = record


@called
def move(h: Memory, source: int, target: int) -> None:
    put(
        h,
        target,
        h[source + blocks.EVENT_KEY],
        h[source + blocks.EVENT_VISITOR],
        h[source + blocks.EVENT_TAG],
        h[source + blocks.EVENT_RECORD],
    )


@called
def plan(m: Memory, at: int, kind: int, visitor: int, tag: int, record: int) -> None:
    """Let an event happen at an instant before the end."""
    h = words_at(m[cells.EVENTS])
    key = at << CLASS_BITS | kind
    i = m[cells.PENDING]
    m[cells.PENDING] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        if precedes(h, parent * blocks.EVENT_SIZE, key, visitor, tag):
            break
        move(h, parent * blocks.EVENT_SIZE, i * blocks.EVENT_SIZE)
        i = parent
    put(h, i * blocks.EVENT_SIZE, key, visitor, tag, record)


@called
def drop_first(m: Memory) -> None:
    """Remove the first event."""
    h = words_at(m[cells.EVENTS])
    last = m[cells.PENDING] - 1
    m[cells.PENDING] = last
    e = last * blocks.EVENT_SIZE
    key, visitor, tag = (
        h[e + blocks.EVENT_KEY],
        h[e + blocks.EVENT_VISITOR],
        h[e + blocks.EVENT_TAG],
    )
    record = h[e + blocks.EVENT_RECORD]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= last:
            break
        c = child * blocks.EVENT_SIZE
        right = c + blocks.EVENT_SIZE
        if child + 1 < last and precedes(
            h, right, h[c + blocks.EVENT_KEY], h[c + blocks.EVENT_VISITOR], h[c + blocks.EVENT_TAG]
        ):
            child += 1
        if not precedes(h, child * blocks.EVENT_SIZE, key, visitor, tag):
            break
        move(h, child * blocks.EVENT_SIZE, i * blocks.EVENT_SIZE)
        i = child
    put(h, i * blocks.EVENT_SIZE, key, visitor, tag, record)
