"""When the line is let in, compiled: by a bucket, in batches, or as slots become free."""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.layout import cells
from simulator.units import FOREVER, NS_PER_MINUTE


@called
def plan_release(m: Memory, batch_from: int) -> None:
    """The next RELEASE: as soon as there are both, somebody in line and what lets him in.

    ``batch_from`` is the earliest instant that a batch could still have.
    """
    kind = m[cells.RELEASE_KIND]
    at = max(m[cells.NOW], m[cells.OPENS])
    if m[cells.IN_LINE] == 0:
        at = FOREVER
    elif kind == cells.BUCKET:
        at = max(at, m[cells.FULL_AT] - (m[cells.BURST] - 1) * m[cells.SPACING])
    elif kind == cells.BATCHES:
        at = next_batch(m, batch_from)
    elif kind == cells.SLOTS and m[cells.TAKEN] < m[cells.TOTAL]:
        at = next_in_minute(m, at)
    else:
        at = FOREVER
    m[cells.RELEASE_AT] = at if at < m[cells.CLOSES] else FOREVER


@called
def next_batch(m: Memory, earliest: int) -> int:
    """The first instant of a batch that is not before ``earliest`` and has not had its batch."""
    start = max(earliest, m[cells.LAST_BATCH] + 1) - m[cells.OPENS]
    if start <= 0:
        return m[cells.OPENS]
    return (
        m[cells.OPENS]
        + (start + m[cells.BATCH_EVERY] - 1) // m[cells.BATCH_EVERY] * m[cells.BATCH_EVERY]
    )


@called
def next_in_minute(m: Memory, at: int) -> int:
    """When a minute has room for one call more."""
    if m[cells.PER_MINUTE] <= 0:
        return FOREVER
    minute = at // NS_PER_MINUTE
    if minute == m[cells.CALLS_MINUTE] and m[cells.CALLS_IN_MINUTE] >= m[cells.PER_MINUTE]:
        return (minute + 1) * NS_PER_MINUTE
    return at


@called
def note_call_in_minute(m: Memory) -> None:
    minute = m[cells.NOW] // NS_PER_MINUTE
    if minute != m[cells.CALLS_MINUTE]:
        m[cells.CALLS_MINUTE] = minute
        m[cells.CALLS_IN_MINUTE] = 0
    m[cells.CALLS_IN_MINUTE] += 1


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
    m[cells.FULL_AT] = full_at_other_spacing(
        m[cells.NOW], m[cells.FULL_AT], m[cells.SPACING], spacing
    )
    m[cells.SPACING] = spacing
    plan_release(m, m[cells.NOW] + 1)
