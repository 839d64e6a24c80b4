"""By what a target's own traces and logs know each request: who sent it, at what, and when.

``traceparent``: one visitor is one trace. Within it his waiting in the line is a span, and so is each attempt at
a step; every request that belongs to it (a look at the line, a redirect) names it as its parent. The ids are
functions of the run, the visitor, the step and the attempt, so that a row of a report leads to its trace.

``X-Request-Start``: when it was sent, as proxies write it (µs since 1970), from which a target's monitoring
tells how long it waited for a server.

Source: W3C Trace Context, sections 3.2 (the header) and 3.2.2.5 (the flag "sampled").
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from scenarios.http.requests.sent import REQUEST_START, Sent, sent_now

TRACEPARENT = "traceparent"
OWN = {TRACEPARENT.lower(), REQUEST_START.lower()}
VISIT = b"visit"
ALL = 1 << 64


def trace_id(run: str, visitor: object) -> str:
    """The trace of one visitor: 32 hexadecimal digits.

    >>> trace_id("run-1", 7) == trace_id("run-1", 7) != trace_id("run-1", 8)
    True
    """
    return hashlib.blake2b(f"{run} {visitor}".encode(), digest_size=16).hexdigest()


def span_id(trace: str, step: int, attempt: int) -> str:
    """An attempt at a step, or (:data:`simulator.outcomes.answered.LINE`) the time in the line: 16 digits."""
    return within(trace, b"%d %d" % (step, attempt))


def visit_id(trace: str) -> str:
    """The whole visit, of which all else is a part."""
    return within(trace, VISIT)


def within(trace: str, what: bytes) -> str:
    return hashlib.blake2b(what, key=trace.encode(), digest_size=8).hexdigest()


def is_sampled(trace: str, share: float) -> bool:
    """Whether a trace is one of the share that is recorded.

    As OpenTelemetry's own samplers decide, so that a target with the same share records the same traces.

    Source: OpenTelemetry, "TraceIdRatioBased": the lower 64 bits of the id are below the share of 2**64.
    """
    return share >= 1 or int(trace[16:], 16) < round(share * ALL)


class Trace:
    """What one visitor's requests carry."""

    __slots__ = ("_at", "_parent", "flags", "id")

    def __init__(self, run: str, visitor: object, share: float) -> None:
        """``share``: of the visitors, those whose traces are recorded."""
        self.id = trace_id(run, visitor)
        self.flags = "01" if is_sampled(self.id, share) else "00"
        self._at: tuple[int, int] | None = None
        self._parent = ""

    def parent(self, step: int, attempt: int) -> str:
        """The header of what is sent in an attempt."""
        if self._at != (step, attempt):
            self._at = step, attempt
            self._parent = f"00-{self.id}-{span_id(self.id, step, attempt)}-{self.flags}"
        return self._parent

    def marked(self, sent: Sent, step: int, attempt: int) -> Sent:
        """A request, as it is sent now; what the launch file says itself stays."""
        method, path, as_told, headers, body, name, _ = sent
        marks = self.marks(step, attempt)
        if says_ours(tuple(headers)):
            marks = beside(headers, marks)
        return Sent(method, path, as_told, headers, body, name, marks)

    def marks(self, step: int, attempt: int) -> Mapping[str, str]:
        """The headers of a request that is sent now."""
        return {TRACEPARENT: self.parent(step, attempt), REQUEST_START: sent_now()}


def with_marks(headers: Mapping[str, str], marks: Mapping[str, str]) -> Mapping[str, str]:
    """Headers with marks, of which those win that are there already, however they are written.

    >>> with_marks({"TraceParent": "mine"}, {"traceparent": "ours", "X-Request-Start": "t=1"})
    {'X-Request-Start': 't=1', 'TraceParent': 'mine'}
    """
    return {**beside(headers, marks), **headers}


@lru_cache(maxsize=256)
def says_ours(names: tuple[str, ...]) -> bool:
    """Whether one of a launch file's headers has a name of ours, however it is written."""
    return not OWN.isdisjoint(map(str.lower, names))


def beside(headers: Mapping[str, str], marks: Mapping[str, str]) -> Mapping[str, str]:
    """The marks whose names are not among the headers', however they are written."""
    said = OWN.intersection(map(str.lower, headers))
    return {name: marks[name] for name in marks if name.lower() not in said} if said else marks
