"""How a target is set up."""

from __future__ import annotations

import dataclasses
import enum
import json
import os
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import UsageError


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
            "a rate from 0.000001 to 1000000 a second",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a target is told when it starts."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any free port."""
    workers: int = max(1, (os.cpu_count() or 1) - 1)
    queue: int = 64
    """The waiting room: how many signups may wait for a worker; one more is turned away."""
    hash_cost: int = 14
    """Binary logarithm of scrypt's n; 14 costs some 30 ms and 16 MiB."""
    release_rate_per_s: float | None = None
    """None: there is no line, the policy is open."""
    burst: int = 1
    poll_every_s: float = 2.0
    database: Path | None = None
    """None: a temporary one, removed at the end."""
    outbox: bool = False
    """Whether GET /outbox shows verification codes; for tests only."""

    def __post_init__(self) -> None:
        ranges = {
            "port": (0, 65535),
            "workers": (1, 1024),
            "queue": (0, 10**6),
            "hash_cost": (1, 20),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            require(
                is_whole(value) and low <= value <= high,
                name,
                value,
                f"a whole number from {low} to {high}",
            )
        _ = self.line

    @property
    def line(self) -> LineSettings:
        if self.release_rate_per_s is None:
            return LineSettings(burst=self.burst, poll_every_s=self.poll_every_s)
        return LineSettings(
            policy=Policy.FIFO,
            release_rate_per_s=self.release_rate_per_s,
            burst=self.burst,
            poll_every_s=self.poll_every_s,
        )

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        fields = json.loads(text)
        database = fields.pop("database")
        return cls(database=Path(database) if database else None, **fields)


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def require(holds: bool, name: str, value: object, wanted: str) -> None:
    """Raises UsageError where a setting is not what it may be."""
    if not holds:
        raise UsageError(f"the target's {name} is {value!r}; it must be {wanted}")
