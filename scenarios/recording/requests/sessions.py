"""Sessions: the requests of one host, until it was silent for too long.

A host is known by a number that nobody can turn back (:mod:`scenarios.recording.logs.hit`). Several people
behind one router make one session; who changes networks makes two. Requests of which the log names no host
are a session each.
"""

from __future__ import annotations

from collections.abc import Iterable

GAP_S = 30 * 60
"""As in web analytics: half an hour without a request begins another session."""


def numbered(requests: Iterable[tuple[int, int]], gap_ns: int) -> list[int]:
    """Of each host and instant, in the order of time, the number of its session, from 0 on.

    >>> numbered([(7, 0), (8, 1), (7, 2), (7, 9), (0, 9), (0, 9)], gap_ns=5)
    [0, 1, 0, 2, 3, 4]
    """
    last: dict[int, tuple[int, int]] = {}
    found: list[int] = []
    many = 0
    for host, at_ns in requests:
        number, seen_ns = last.get(host, (-1, 0))
        if not host or number < 0 or at_ns - seen_ns > gap_ns:
            number, many = many, many + 1
        last[host] = number, at_ns
        found.append(number)
    return found
