"""When the line is let in, compiled: by a bucket, in batches, or as slots become free."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.layout import (
    BATCH_EVERY,
    BATCHES,
    BUCKET,
    BURST,
    CALLS_IN_MINUTE,
    CALLS_MINUTE,
    CLOSES,
    FULL_AT,
    IN_LINE,
    LAST_BATCH,
    NOW,
    OPENS,
    PER_MINUTE,
    RELEASE_AT,
    RELEASE_KIND,
    SLOTS,
    SPACING,
    TAKEN,
    TOTAL,
)
from simulator.units import FOREVER, NS_PER_MINUTE


@called
def plan_release(m: Memory, batch_from: int) -> None:
    """The next RELEASE: as soon as there are both, somebody in line and what lets him in.

    ``batch_from`` is the earliest instant that a batch could still have.
    """
    kind = m[RELEASE_KIND]
    at = max(m[NOW], m[OPENS])
    if m[IN_LINE] == 0:
        at = FOREVER
    elif kind == BUCKET:
        at = max(at, m[FULL_AT] - (m[BURST] - 1) * m[SPACING])
    elif kind == BATCHES:
        at = next_batch(m, batch_from)
    elif kind == SLOTS and m[TAKEN] < m[TOTAL]:
        at = next_in_minute(m, at)
    else:
        at = FOREVER
    m[RELEASE_AT] = at if at < m[CLOSES] else FOREVER


@called
def next_batch(m: Memory, earliest: int) -> int:
    """The first instant of a batch that is not before ``earliest`` and has not had its batch."""
    start = max(earliest, m[LAST_BATCH] + 1) - m[OPENS]
    if start <= 0:
        return m[OPENS]
    return m[OPENS] + (start + m[BATCH_EVERY] - 1) // m[BATCH_EVERY] * m[BATCH_EVERY]


@called
def next_in_minute(m: Memory, at: int) -> int:
    """When a minute has room for one call more."""
    if m[PER_MINUTE] <= 0:
        return FOREVER
    minute = at // NS_PER_MINUTE
    if minute == m[CALLS_MINUTE] and m[CALLS_IN_MINUTE] >= m[PER_MINUTE]:
        return (minute + 1) * NS_PER_MINUTE
    return at


@called
def note_call_in_minute(m: Memory) -> None:
    minute = m[NOW] // NS_PER_MINUTE
    if minute != m[CALLS_MINUTE]:
        m[CALLS_MINUTE] = minute
        m[CALLS_IN_MINUTE] = 0
    m[CALLS_IN_MINUTE] += 1


@called
def full_at_other_spacing(now: int, full_at: int, old: int, new: int) -> int:
    """When a bucket will be full that has kept its tokens.

    The token in the making does not come later than it would, nor than a new one.
    """
    lacking = full_at - now
    if lacking <= 0:
        return full_at
    return now + lacking // old * new + min(lacking % old, new)


@called
def set_spacing(m: Memory, spacing: int) -> None:
    m[FULL_AT] = full_at_other_spacing(m[NOW], m[FULL_AT], m[SPACING], spacing)
    m[SPACING] = spacing
    plan_release(m, m[NOW] + 1)
