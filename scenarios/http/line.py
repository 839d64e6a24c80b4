"""The line as the reference service and those who set it speak of it: its levers, and who may turn them."""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass

from scenarios.http.required import is_number, is_whole, require

PROTOCOL = "surgeproof 1"
"""What a target says that it speaks, so that its answers are checked exactly."""

TOKEN_VARIABLE = "SURGEPROOF_TARGET_TOKEN"  # noqa: S105
"""The environment variable that holds the administrator's token; without it there is none."""


class Policy(enum.StrEnum):
    """Who is let in: everybody at once, or first come, first served."""

    OPEN = "open"
    FIFO = "fifo"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How the line is released; an administrator may change it while the target runs."""

    policy: Policy = Policy.OPEN
    release_rate_per_s: float = 1.0
    burst: int = 1
    poll_every_s: float = 2.0
    """How often who waits is asked to look: the Retry-After of the line."""

    def __post_init__(self) -> None:
        require(
            is_number(self.release_rate_per_s) and 1e-6 <= self.release_rate_per_s <= 1e6,
            "release_rate_per_s",
            self.release_rate_per_s,
            "a rate from 0.000001 to 1000000 per second",
        )
        require(
            is_whole(self.burst) and self.burst >= 1, "burst", self.burst, "a whole number from 1"
        )
        require(
            is_number(self.poll_every_s) and 0 < self.poll_every_s <= 3600,
            "poll_every_s",
            self.poll_every_s,
            "seconds, more than 0 and at most 3600",
        )

    def levers(self, *, clear: bool) -> dict[str, object]:
        """The body of ``POST /admin/line``; ``clear`` empties the line and fills its bucket."""
        return {**dataclasses.asdict(self), "clear": clear}

    @property
    def spacing_ns(self) -> int:
        """The time between two tokens, rounded as the simulator rounds it."""
        return max(1, round(1e9 / self.release_rate_per_s))
