"""Toll: what people pay in the line, in time and in not getting in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.reading import Reading
from simulator.outcomes.figures.shares import left, never_let_in
from simulator.outcomes.figures.times import quantile_of
from simulator.system.objectives import LineObjective

TOLERATED_SHARE = 0.01
"""The largest share of those who come to the line that a change may keep out, and of those who stand in
it that may lose patience, where no objective says: who never gets in has no more of it than who is let
in and fails, and 1 % is what a launch is usually allowed of errors (the median of the library)."""
LAUNCHES_WITHIN = 0.95
"""The share of launches in which it is no worse than said: as many as must hold."""

wait_p95 = quantile_of(lambda summary: summary.wait, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What the line costs people, at most, in 95 of 100 launches. All of it is 0 without a line."""

    never_let_in: float
    """The share of those who came to the line who were not let in by the end."""
    left: float
    """The share of those who stood in it whose patience ran out."""
    wait_p95_s: float = 0.0

    def within(self, tolerated: Toll) -> bool:
        """Whether it keeps no more people out, and loses no more; waits are for objectives."""
        return self.never_let_in <= tolerated.never_let_in and self.left <= tolerated.left


def toll_of(launches: Sequence[Summary], within: float = LAUNCHES_WITHIN) -> Toll:
    """What the line cost in these launches, in so large a share of them at most."""
    return Toll(
        never_let_in=_bound(launches, never_let_in(), within),
        left=_bound(launches, left(), within),
        wait_p95_s=_bound(launches, wait_p95, within),
    )


def tolerated(line: LineObjective, now: Toll | None) -> Toll:
    """What a change may cost in each launch: what the objectives allow.

    Without any, 1 % more than the line costs now in the launch that it costs the most.
    """
    now = now or Toll(never_let_in=0.0, left=0.0)
    return Toll(
        never_let_in=_allowed(line.never_let_in, now.never_let_in),
        left=_allowed(line.left, now.left),
    )


def _allowed(asked: float | None, now: float) -> float:
    return min(1.0, now + TOLERATED_SHARE) if asked is None else asked


def _bound(launches: Sequence[Summary], read: Callable[[Summary], Reading], within: float) -> float:
    """What it does not exceed in that share of the launches; where there was no line it is nothing."""
    values = (read(summary).most for summary in launches)
    known = sorted(0.0 if math.isnan(value) else value for value in values)
    return known[math.ceil(within * len(known) - 1e-9) - 1]
