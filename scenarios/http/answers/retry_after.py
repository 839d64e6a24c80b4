"""When to come back, as a refusal says it: the ``Retry-After`` header.

It is a count of seconds or a date. A date is read by the clock of the server that wrote it (the
answer's own ``Date``), so that two clocks that differ do no harm; without one, by ours.

Source: RFC 9110, section 10.2.3 (Retry-After) and 5.6.7 (dates, three forms).
"""

from __future__ import annotations

import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from simulator.units import FOREVER

SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
LONGEST_S = FOREVER / 1e9


def seconds_told(told: str | None, date: str | None = None) -> float | None:
    """In how many seconds; None where it says nothing, or that it may be at once.

    >>> seconds_told("2"), seconds_told("1.5"), seconds_told("2, 1"), seconds_told("-5")
    (2.0, 1.5, 2.0, None)
    >>> seconds_told("Sun, 06 Nov 1994 08:49:39 GMT", "Sun, 06 Nov 1994 08:49:37 GMT")
    2.0
    """
    words = (told or "").strip()
    at = instant(words)
    if at is not None:
        return positive(at - now(date))
    first = words.partition(",")[0].strip()
    return positive(float(first)) if SECONDS.fullmatch(first) else None


def positive(count_s: float) -> float | None:
    """A wait that is one; what no clock reaches is for ever."""
    return min(count_s, LONGEST_S) if count_s > 0 else None


def now(date: str | None) -> float:
    """The server's clock as its answer tells it, else ours; seconds since 1970."""
    told = instant(date or "")
    return time.time() if told is None else told


def instant(words: str) -> float | None:
    """A date in any of its forms, in seconds since 1970."""
    try:
        found = parsedate_to_datetime(words)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):  # it is written for well-formed mail
        return None
