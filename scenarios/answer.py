"""What a visitor saw of one request."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

from scenarios.retry_after import positive, seconds_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, or that there was none."""

    status: int
    """0: there was no answer."""
    timed_out: bool = False
    error: str = ""
    """What went wrong instead, in a few words, and without what the target sent."""
    body: dict[str, Any] = field(default_factory=dict)
    retry_after: str | None = None
    date: str | None = None
    """When the server says that it answered, by its own clock."""
    service_ns: int | None = None
    """How long the server says it worked on it, if it says so."""

    @property
    def done(self) -> bool:
        """What was asked for is done; to be told to wait for admission (202) is not."""
        return 200 <= self.status < 300 and self.body.get("admitted") is not False

    @property
    def refused(self) -> bool:
        return self.status in (429, 503)

    @property
    def leaves_open(self) -> bool:
        """Whether the server may have done it, and just not said so."""
        return self.status == 0 or (self.status >= 500 and not self.refused)

    @property
    def broke(self) -> bool:
        """The connection failed, or ended without an answer."""
        return self.status == 0 and not self.timed_out

    @property
    def again_in_ns(self) -> int | None:
        """In how long to ask again, if the answer says so: in its body, else in its header."""
        told_s = seconds(self.body.get("retry_after_s"))
        if told_s is None:
            told_s = seconds_told(self.retry_after, self.date)
        return None if told_s is None else round(told_s * 1e9)


def seconds(told: object) -> float | None:
    """A count of seconds; None for anything else."""
    if isinstance(told, str):
        return seconds_told(told)
    try:
        count_s = float(told) if isinstance(told, int | float) else 0.0
    except OverflowError:
        return None
    return positive(count_s) if math.isfinite(count_s) else None


def json_object(content: bytes | None) -> dict[str, Any]:
    """The JSON object in a body; anything else says nothing."""
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
