"""The last words of the replay's child: why it failed, told to the parent through a pipe.

The child's log lies on a disk that may be full, and ends with whatever Locust prints last.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

MOST_BYTES = 2000
"""Less than a pipe holds, so that nobody ever waits for a reader."""

Say = Callable[[str], None]


def sayer(descriptor: int) -> Say:
    """How the child says its last words; only the first of them count."""
    said = False

    def say(words: str) -> None:
        nonlocal said
        if not said:
            said = True
            with suppress(OSError):  # the parent has gone
                os.write(descriptor, " ".join(words.split()).encode(errors="replace")[:MOST_BYTES])

    return say


def in_words(fault: BaseException) -> str:
    """What went wrong: a sentence of ours, or what somebody else's exception says."""
    from simulator.errors import SurgeproofError

    if isinstance(fault, SurgeproofError):
        return str(fault)
    return f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__


def heard(descriptor: int) -> str:
    """What a child said that has ended; nothing where it said nothing."""
    os.set_blocking(descriptor, False)  # somebody whom it started may still hold the other end
    with suppress(BlockingIOError):
        return os.read(descriptor, MOST_BYTES).decode(errors="replace")
    return ""
