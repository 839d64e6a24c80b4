"""The bucket of a histogram that a duration falls into, compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from numba.cpython.unsafe.numbers import leading_zeros

from simulator.engine.compiled.code import inlined
from simulator.outcomes.counts.durations import SUB, SUB_BITS

zeros_before = cast("Callable[[int], int]", leading_zeros)
"""How many of a number's 64 bits are zero before the first that is not."""


@inlined
def bucket_of(value_ns: int) -> int:
    """As :func:`simulator.outcomes.counts.durations.bucket_of`."""
    if value_ns < 2 * SUB:
        return max(value_ns, 0)
    shift = 63 - SUB_BITS - zeros_before(value_ns)
    return (shift << SUB_BITS) + (value_ns >> shift)
