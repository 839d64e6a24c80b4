"""The bucket of a histogram that a duration falls into, compiled."""

from __future__ import annotations

from simulator.engine.compiled.code import inlined, zeros_before
from simulator.outcomes.counts.durations import SUB, SUB_BITS


@inlined
def bucket_of(value_ns: int) -> int:
    """As :func:`simulator.outcomes.counts.durations.bucket_of`."""
    if value_ns < 2 * SUB:
        return max(value_ns, 0)
    shift = 63 - SUB_BITS - zeros_before(value_ns)
    return (shift << SUB_BITS) + (value_ns >> shift)
