"""Whether tokens were there when they were taken, as their takers' instants tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.system.line import TokenBucket
from simulator.system.system import Change


def tokens_missing(
    bucket: TokenBucket, changes: Sequence[Change], taken_ns: Iterable[int]
) -> list[bool]:
    """For each taking, in order, whether the bucket held no token.

    Fewer takings never leave fewer tokens: where only some of them are known, the answer is still
    right about those that it calls missing.
    """
    full_at_ns, spacing_ns, pending = 0, bucket.spacing_ns, list(changes)
    missing = []
    for now_ns in taken_ns:
        while pending and pending[0].at_ns <= now_ns:
            change = pending.pop(0)
            full_at_ns = respaced(full_at_ns, change.at_ns, spacing_ns, change.value)
            spacing_ns = change.value
        missing.append(now_ns < full_at_ns - (bucket.burst - 1) * spacing_ns)
        full_at_ns = max(full_at_ns, now_ns) + spacing_ns
    return missing


def respaced(full_at_ns: int, now_ns: int, old_ns: int, new_ns: int) -> int:
    """When the bucket is full under a new spacing, if tokens in it are kept."""
    if full_at_ns <= now_ns:
        return full_at_ns
    tokens, rest_ns = divmod(full_at_ns - now_ns, old_ns)
    return now_ns + tokens * new_ns + min(rest_ns, new_ns)
