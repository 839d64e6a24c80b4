"""Trials: what launches came to with a candidate, one by one.

So candidates can be compared launch by launch: the same number is the same luck for all of them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from simulator.advice.size.knobs import Candidate
from simulator.verdict.criteria import Asks, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One launch with a candidate."""

    launch: int
    """Its number."""
    outcome: Outcome
    failed: tuple[Asks, str] | None
    """The objective that decided against it, with its journey; None where it holds."""
    strain: float
    """How much of what is allowed was used by the worst objective: above 1 where it fails."""
    came: int
    served: int
    lost: int
    """Who came and left without what he came for, or still stood in the line at its end."""
    wait_p50_s: float
    wait_p95_s: float
    """NaN where nobody waits in a line."""
    line_peak: int
    """The most people in the line at a bin's end."""
    luck: float
    """Between 0 and 1: the draw that says how many come, where the volume is uncertain."""
    place: str = ""
    """Where it went wrong: a station's name, or "the line"; empty where it holds, or nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A candidate, and every launch that was played with it."""

    candidate: Candidate
    cost: float
    """As :meth:`Prices.of` says."""
    trials: tuple[Trial, ...]

    @property
    def holds(self) -> int:
        """How many launches hold."""
        return sum(each.outcome is Outcome.HOLDS for each in self.trials)

    @property
    def lost(self) -> float:
        """People lost in a launch, in the mean."""
        return sum(each.lost for each in self.trials) / max(1, len(self.trials))

    @property
    def lost_share(self) -> float:
        """The same, as a share of those who come."""
        came = sum(each.came for each in self.trials)
        return sum(each.lost for each in self.trials) / max(1, came)

    @property
    def wait_p95_s(self) -> float:
        """How long 95 of 100 wait in the line at most, in the mean of the launches in which anybody does.

        0 where nobody waits in a line; infinite where in some launch more than 5 % wait for ever.
        """
        waits = [each.wait_p95_s for each in self.trials if not math.isnan(each.wait_p95_s)]
        return sum(waits) / len(waits) if waits else 0.0

    def in_launches(self, numbers: Container[int]) -> Tried:
        """The same, of these launches only."""
        return replace(self, trials=tuple(each for each in self.trials if each.launch in numbers))


def median_wait_p95_s(trials: Iterable[Trial]) -> float:
    """How long 95 of 100 wait in the line at most, in the median of the launches in which anybody does.

    The upper one of two in the middle, since one of them may never end. NaN where nobody waits.
    """
    known = [each.wait_p95_s for each in trials if not math.isnan(each.wait_p95_s)]
    return statistics.median_high(known) if known else math.nan
