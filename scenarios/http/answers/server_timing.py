"""What a server says of its own times: the ``Server-Timing`` header, read alike by probe and replay.

A header is a list of metrics, and several header lines are one list. A metric's name is a whole token:
``auth-service`` is not ``service``. A description may hold commas and semicolons between its quotes.

Source: W3C Server Timing, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from simulator.units import FOREVER

QUOTED = r'"(?:[^"\\]|\\.)*(?:"|$)'
METRICS = re.compile(rf'(?:[^,"]|{QUOTED})+', re.DOTALL)
PARAMETERS = re.compile(rf'(?:[^;"]|{QUOTED})+', re.DOTALL)
NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def durations_ns(lines: Iterable[str]) -> dict[str, int]:
    """How long each metric took that says so; of one name the first.

    >>> durations_ns(["queue;dur=12.5, auth-service;dur=3", 'service;desc="a, b; c";dur=40.1'])
    {'queue': 12500000, 'auth-service': 3000000, 'service': 40100000}
    """
    found: dict[str, int] = {}
    for name, told in metrics(lines):
        ns = milliseconds_ns(told)
        if ns is not None:
            found.setdefault(name, ns)
    return found


def metrics(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each metric that tells a duration, and what it tells; of several durations the first."""
    for line in lines:
        for metric in METRICS.findall(line):
            name, *parameters = PARAMETERS.findall(metric) or [""]
            for key, _, value in (parameter.partition("=") for parameter in parameters):
                if key.strip().lower() == "dur":
                    yield name.strip(), value.strip().strip('"')
                    break


def milliseconds_ns(told: str) -> int | None:
    """A count of milliseconds as whole nanoseconds; None for what is no time that a clock knows.

    >>> milliseconds_ns("40.1"), milliseconds_ns("1.2.3"), milliseconds_ns("9" * 400)
    (40100000, None, None)
    """
    if not NUMBER.fullmatch(told):
        return None
    ns = float(told) * 1e6
    return round(ns) if ns < FOREVER else None
