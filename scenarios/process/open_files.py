"""Open files: each visitor who is under way has a connection, and a connection is a file."""

from __future__ import annotations

import resource

from simulator.errors import InvalidRun

OWN = 24
"""What the replay's child has open beside the visitors' connections (tried: 11), and some to spare."""
MOST = 65_536
"""More than any process here needs."""


def raise_limit() -> None:
    """Let this process open as many files as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_visitors() -> int:
    """How many may be under way at once in a process that we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if hard == resource.RLIM_INFINITY else max(0, hard - OWN)


def too_few(wanted: int, what: str) -> InvalidRun:
    """That the limit, and nothing else, keeps visitors from being sent."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return InvalidRun(
        f"{what}, and each keeps a file open, but only {hard:,} files may be open at once here:"
        f" raise the limit (ulimit -n {wanted + OWN})"
    )
