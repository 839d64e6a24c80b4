"""What a visitor saw of one request."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from simulator.draws import FOREVER

SERVICE_TIME = re.compile(r"\bservice\b[^,]*;\s*dur=([0-9.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, or that there was none."""

    status: int
    """0: there was no answer."""
    timed_out: bool = False
    error: str = ""
    """What went wrong instead, by its name."""
    content: bytes = b""
    """The whole body, or nothing where it was not kept."""
    content_type: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    """The JSON object in it, if it is one."""
    retry_after: str | None = None
    service_ns: int | None = None
    """How long the server says it worked on it, if it says so."""

    @property
    def is_2xx(self) -> bool:
        return 200 <= self.status < 300

    @property
    def asks_to_wait(self) -> bool:
        """Whether it says "not yet, ask again", as a line does."""
        told_when = self.retry_after is not None or "retry_after_s" in self.body
        return self.is_2xx and (
            self.body.get("admitted") is False or (self.status == 202 and told_when)
        )

    @property
    def refused(self) -> bool:
        return self.status in (429, 503)

    @property
    def broke(self) -> bool:
        """The connection failed, or ended without an answer."""
        return self.status == 0 and not self.timed_out

    @property
    def again_in_ns(self) -> int | None:
        """In how long to ask again, if the answer says so: in its body, else in its header."""
        told_s = seconds(self.body.get("retry_after_s")) or seconds(self.retry_after)
        return None if told_s is None else round(told_s * 1e9)


def seconds(told: object) -> float | None:
    """A count of seconds; None for anything else, a date for instance."""
    try:
        count = float(told) if isinstance(told, str | int | float) else 0.0
    except (ValueError, OverflowError):
        return None
    return count if 0 < count < FOREVER / 1e9 else None


def json_object(content: bytes | None) -> dict[str, Any]:
    """The JSON object in a body; anything else says nothing."""
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def service_ns(server_timing: str | None) -> int | None:
    """The length of ``service`` in a Server-Timing header (milliseconds there).

    Source: W3C Server Timing, section 3.

    >>> service_ns("queue;dur=12.5, service;dur=40.1")
    40100000
    """
    told = SERVICE_TIME.search(server_timing or "")
    return None if told is None else milliseconds_ns(told[1])


def milliseconds_ns(told: str) -> int | None:
    """A count of milliseconds as whole nanoseconds; None for what is no time that a clock knows.

    >>> milliseconds_ns("40.1"), milliseconds_ns("1.2.3"), milliseconds_ns("9" * 400)
    (40100000, None, None)
    """
    try:
        ns = float(told) * 1e6
    except ValueError:
        return None
    return round(ns) if ns < FOREVER else None
