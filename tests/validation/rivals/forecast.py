"""What is asked of each of them, and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass

from tests.validation.runs.probed import Probed

GENEROUS = 1000
"""A waiting room of so many has no end that anybody saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A load, and the server that it is sent to, as everybody knows them."""

    probed: Probed
    arrivals_a_s: tuple[float, ...]
    """How many come in each second, as it is planned."""
    timeout_s: float
    waiting_room: int = GENEROUS
    limit_per_s: float = float("inf")
    """What the server's own configuration lets through."""

    @property
    def lasts_s(self) -> int:
        """Until the last second in which anybody comes."""
        return max((n + 1 for n, many in enumerate(self.arrivals_a_s) if many), default=0)

    @property
    def rate_per_s(self) -> float:
        return sum(self.arrivals_a_s) / max(1, self.lasts_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """None is what it does not say."""

    capacity_per_s: float
    p50_s: float | None = None
    p95_s: float | None = None
    wait_s: float | None = None
    """Before service, on average."""
    failing: float | None = None
    """The share of those who come that are turned away, or give up."""
    peak: float | None = None
    """Of the line."""
    cleared_s: float | None = None
    wait_p95_s: float | None = None
    """In the line."""


def beyond(rate_per_s: float, capacity_per_s: float) -> float:
    """The share of those who come that cannot be served in the long run: 1 - capacity / rate."""
    return max(0.0, 1.0 - capacity_per_s / rate_per_s) if rate_per_s else 0.0
