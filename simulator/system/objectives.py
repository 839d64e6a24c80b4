"""What "holds" means, in numbers: the objectives of journeys and of the line."""

from __future__ import annotations

from dataclasses import dataclass, field

ANY_RESPONSE_NS = 1 << 62
"""No response is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyObjective:
    """What "holds" means for those let in on one journey; None: not asked."""

    journey: str
    quantiles_ns: tuple[tuple[float, int], ...] = ()
    """Pairs of (quantile, limit): (0.95, 2_000_000_000) says p95 within 2 s."""
    errors: float | None = None
    """Largest share of those let in who may leave without what they came for."""

    @property
    def good_within_ns(self) -> int:
        """A visit counts as goodput if its response is within the largest quantile limit."""
        return max((limit for _, limit in self.quantiles_ns), default=ANY_RESPONSE_NS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineObjective:
    """What "holds" means for the line."""

    forgotten: int | None = None
    """How many may be lost by the system: known to be planned, with no fate at all."""
    wait_quantiles_ns: tuple[tuple[float, int], ...] = ()
    never_let_in: float | None = None
    """Largest share of those who came to the line that may not have been let in by the end."""
    left: float | None = None
    """Largest share of those who stood in line that may have left it: patience ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """All that a verdict judges."""

    journeys: tuple[JourneyObjective, ...] = ()
    """Of the journeys of which anything is asked."""
    line: LineObjective = field(default_factory=LineObjective)
