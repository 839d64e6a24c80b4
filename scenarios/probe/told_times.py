"""What servers and proxies say of their own times, in the headers that their manuals name.

``Server-Timing`` comes first. The others go by their whole names, each in the unit that its source
writes: Rails' and Rack's ``X-Runtime`` (s), FastAPI's ``X-Process-Time`` (s), Express's and Go's
``X-Response-Time`` (ms), Envoy's ``X-Envoy-Upstream-Service-Time`` (ms), and nginx's
``$upstream_response_time`` as ``X-Upstream-Response-Time`` (s, of the last of several upstreams).
A wait for a worker, which HAProxy knows as ``%Tw`` and has no header for, is read from
``X-Queue-Time`` (ms), where somebody has it written there.
A value may carry its own unit: ``12.5ms``, ``0.012 s``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from scenarios.http.answers.answer import Answer

SERVICE_MS: Mapping[str, float] = {
    "x-runtime": 1000,
    "x-process-time": 1000,
    "x-response-time": 1,
    "x-envoy-upstream-service-time": 1,
    "x-upstream-response-time": 1000,
}
"""By header: how many ms its plain number stands for."""
QUEUE_MS: Mapping[str, float] = {
    "x-queue-time": 1,
}
UNITS_MS = {"ms": 1.0, "s": 1000.0, "us": 0.001, "µs": 0.001}
TOLD = re.compile(r"(\d{1,12}(?:\.\d{0,12})?)\s*(ms|s|us|µs)?", re.ASCII)
LONGEST_MS = 1e9


def service_told_ns(answer: Answer) -> int | None:
    """How long the server says that it worked on the request."""
    if answer.service_ns is not None:
        return answer.service_ns
    return told_ns(answer.headers, SERVICE_MS)


def queue_told_ns(answer: Answer) -> int | None:
    """How long it says that the request waited."""
    if answer.queue_ns is not None:
        return answer.queue_ns
    return told_ns(answer.headers, QUEUE_MS)


def told_ns(headers: Mapping[str, str], known: Mapping[str, float]) -> int | None:
    """The first header that tells a time.

    >>> told_ns({"x-runtime": "0.0125"}, SERVICE_MS), told_ns({"x-response-time": "9.5ms"}, SERVICE_MS)
    (12500000, 9500000)
    >>> told_ns({"x-upstream-response-time": "0.004, 0.020"}, SERVICE_MS)
    20000000
    >>> told_ns({"x-response-time": "soon"}, SERVICE_MS) is None
    True
    """
    for name, unit_ms in known.items():
        last = headers.get(name, "").rpartition(",")[2].strip()
        found = TOLD.fullmatch(last)
        if found is None:
            continue
        value_ms = float(found[1]) * (UNITS_MS[found[2]] if found[2] else unit_ms)
        if math.isfinite(value_ms) and value_ms <= LONGEST_MS:
            return round(value_ms * 1e6)
    return None
