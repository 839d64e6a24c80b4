"""Diagnosis: what ran out first in one launch, when, and what came of it, read from its counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.advice.why.crowd import Crowd, crowd_at, line_began_ns, line_of
from simulator.advice.why.deadlock import holding_cycle, standstill_ns
from simulator.advice.why.ending import Ending, ending_of
from simulator.advice.why.trouble import Trouble, troubles_of
from simulator.outcomes.bins import Counts
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.plan.launches import Prediction
from simulator.plan.peaks import chart_bins
from simulator.plan.plan import Plan
from simulator.system.objectives import Objectives
from simulator.system.system import System
from simulator.units import NS_PER_S

TOLERATED_SHARE = 0.05
"""Where no objective says less."""
SMALLEST_SHARE = 0.001
"""Of attempts: less is chance, also where no visit may be lost, since who tries again is not lost."""
OUTSIDE = (
    Fate.TURNED_AWAY, Fate.BALKED, Fate.RENEGED, Fate.NO_SHOW, Fate.WAITING, Fate.UNSENT,
)  # fmt: skip
"""The fates of those who never entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What happened in one launch."""

    fates: tuple[int, ...]
    """How many had each."""
    troubles: tuple[Trouble, ...]
    """What took the most first."""
    line: Crowd | None
    """None where nobody stood in one."""
    line_began_ns: int | None
    """When people began to be kept out of the line, or to wait longer in it than asked; None:
    never."""
    crowds: tuple[Crowd | None, ...]
    """In front of each station."""
    busiest_per_s: float
    """The most that came in one bin of the charts."""
    best_per_s: float
    """The most that were served within their objective in one."""
    best_within_ns: int
    """How long that bin is."""
    good: int
    ending: Ending
    deadlock_ns: int | None
    """Since when nothing at all succeeded at stations that wait for one another."""

    @property
    def arrivals(self) -> int:
        return sum(self.fates)

    @property
    def first(self) -> Trouble | None:
        return self.troubles[0] if self.troubles else None


def tolerated(objectives: Objectives) -> float:
    """The smallest share of attempts that an objective allows to come to nothing or late."""
    allowed = [1.0 - quantile for each in objectives.journeys for quantile, _ in each.quantiles_ns]
    allowed += [each.errors for each in objectives.journeys if each.errors is not None]
    return max(SMALLEST_SHARE, min([TOLERATED_SHARE, *allowed]))


def best_of(counts: Counts, width: int) -> int:
    """The most in so many bins, counted from the first one on."""
    starts = np.arange(0, len(counts), width)
    return int(np.add.reduceat(counts, starts).max(initial=0))


def diagnose(summary: Summary, system: System, objectives: Objectives) -> Diagnosis:
    """Read one launch."""
    bins = summary.bins
    last = max(1, summary.horizon_ns // summary.bin_ns)
    width = min(last, chart_bins(summary.end_ns, summary.bin_ns))
    share = tolerated(objectives)
    return Diagnosis(
        fates=tuple(int(count) for count in summary.fates),
        troubles=troubles_of(summary, share, system),
        line=line_of(summary),
        line_began_ns=line_began_ns(summary, share, objectives),
        crowds=tuple(crowd_at(summary, number) for number in range(len(summary.layout.stations))),
        busiest_per_s=best_of(bins.arrivals, width) * NS_PER_S / (width * summary.bin_ns),
        best_per_s=best_of(bins.good, width) * NS_PER_S / (width * summary.bin_ns),
        best_within_ns=width * summary.bin_ns,
        good=int(bins.good.sum()),
        ending=ending_of(summary, system),
        deadlock_ns=standstill_ns(summary, holding_cycle(system)),
    )


def diagnoses_of(plan: Plan, prediction: Prediction) -> tuple[Diagnosis, ...]:
    """One of each launch."""
    return tuple(
        diagnose(summary, plan.system_of(launch), plan.objectives)
        for launch, summary in enumerate(prediction.launches)
    )
