"""Python's collector of reference cycles, kept out of a surge: it would stop everybody at once.

A full collection looks at every object that there is. With 100,000 people in line that takes as long as
hundreds of requests, and it comes the more often the faster their number grows. What visitors leave
behind is freed without it, but for what refers to itself: so it is off from the opening, and called only
if the process grows beyond what those who are present explain.

Source: https://docs.python.org/3/library/gc.html (freeze, and how a full collection is triggered).
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path

EACH_BYTES = 12 << 10
"""A person who is present, asleep or awake, and his connection."""
SPARE_BYTES = 256 << 20
NOT_AGAIN_NS = 10_000_000_000
"""Where a collection has not helped, the next one would not either."""
RESIDENT = Path("/proc/self/statm")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """How much memory this process uses; 0 where the system does not say."""
    try:
        return int(RESIDENT.read_text("ascii").split()[1]) * PAGE_BYTES
    except OSError:
        return 0


class Garbage:
    """What is to be collected, and when."""

    def __init__(self, resident: Callable[[], int] = resident_bytes) -> None:
        self.resident = resident
        self.at_first = resident()
        self.collected_ns = -NOT_AGAIN_NS
        self.collections = 0

    def keep_out(self) -> None:
        """Collect everything now, and nothing from now on; what there is will stay."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self.at_first = self.resident()

    def look(self, present: int) -> None:
        """Collect, if this process is larger than so many people explain."""
        now_ns = time.perf_counter_ns()
        explained = self.at_first + SPARE_BYTES + present * EACH_BYTES
        if now_ns - self.collected_ns < NOT_AGAIN_NS or self.resident() <= explained:
            return
        gc.collect()
        self.collected_ns = time.perf_counter_ns()
        self.collections += 1
