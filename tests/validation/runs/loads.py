"""What is sent: at a share of the capacity, a surge at the opening with retries, or through a line."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.validation.servers.site import Configuration


class Kind(enum.StrEnum):
    """Its shape."""

    FLAT = "flat"
    COUNTDOWN = "countdown"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is sent, and how."""

    kind: Kind
    share: float
    """Of the capacity: the rate, or of a countdown the rate that it begins with."""

    def __str__(self) -> str:
        return f"{self.kind} {self.share:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of it is done."""

    loads: tuple[Load, ...]
    line_loads: tuple[Load, ...]
    rounds: range
    """Their numbers, which are their seeds too."""
    window_s: int
    within_s: int
    """How long a probe may last."""
    drain_s: int = 15
    budget_s: float | None = None
    """No run begins that would not end within it."""

    def replay_s(self, load: Load) -> float:
        """About how long a replay takes, with its predictions and reports."""
        return self.lasts_s(load) + self.drain_s + OVERHEAD_S

    def lasts_s(self, load: Load) -> int:
        """How long it is looked at: a line has to clear."""
        return self.window_s * (2 if load.kind is Kind.LINE else 1)


OVERHEAD_S = 11.0
FULL = Extent(
    loads=(
        *(Load(kind=Kind.FLAT, share=share) for share in (0.5, 0.7, 0.85, 1.1, 1.3)),
        Load(kind=Kind.COUNTDOWN, share=2.0),
    ),
    line_loads=tuple(Load(kind=Kind.LINE, share=share) for share in (1.25, 1.5, 2.0, 3.0)),
    rounds=range(1, 4),
    window_s=40,
    within_s=90,
)
QUICK = Extent(
    loads=(Load(kind=Kind.FLAT, share=0.7), Load(kind=Kind.FLAT, share=1.3)),
    line_loads=(Load(kind=Kind.LINE, share=3.0),),
    rounds=range(1),
    window_s=15,
    within_s=40,
    drain_s=8,
    budget_s=34 * 60.0,
)
"""One round of two loads, which is none of the others: 35 minutes in all on two quiet cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One server that is started once, probed once, and sent one load after the other."""

    configuration: Configuration
    round: int
    loads: tuple[Load, ...]


def visits(configurations: Sequence[Configuration], extent: Extent) -> Iterator[Visit]:
    """A round of all of them, and then the next: whoever stops early has something of each."""
    for number in extent.rounds:
        for each in configurations:
            loads = extent.line_loads if each.line is not None else extent.loads
            yield Visit(configuration=each, round=number, loads=loads)
