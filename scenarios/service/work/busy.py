"""Work that costs what it is told to: what an answer takes beside the database."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

T = TypeVar("T")

FIRST_ROUNDS = 16
"""Some 10 µs: how far off the cost may be."""


def after_toil(cost_ns: int, work: Callable[[], T]) -> Callable[[], T]:
    """The work, once a core has been busy for so long."""
    return partial(_toil_then, cost_ns, work)


def _toil_then(cost_ns: int, work: Callable[[], T]) -> T:
    toil(cost_ns)
    return work()


def toil(cost_ns: int) -> None:
    """Keep a core busy with hashing for so much of this thread's own time.

    The clock counts what the thread itself has computed: on a machine with more threads than cores
    the work takes longer, and is not less. Each slice is half of what remains, so that the
    interpreter's lock, which hashing gives up, is asked for a few times only.
    """
    started_ns = time.thread_time_ns()
    rounds = done = FIRST_ROUNDS
    while (spent_ns := time.thread_time_ns() - started_ns) < cost_ns:
        if spent_ns:
            rounds = max(FIRST_ROUNDS, done * (cost_ns - spent_ns) // spent_ns // 2)
        hashlib.pbkdf2_hmac("sha256", b"toil", b"salt", rounds)
        done += rounds
