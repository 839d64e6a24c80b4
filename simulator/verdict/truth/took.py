"""Took: by how much the services of a station took longer, or shorter, than was predicted.

The ratio is that of all work that was done to what was thought of it. Services of one run are not
independent: what slows one down slows down the next. So its interval is made of batches: with the
ratios ``b_j`` of ``m`` batches of consecutive services, Student's with ``m - 1`` degrees of freedom.
The number of batches is chosen so that they do not depend on one another: from 20 downwards (services
permitting), the first whose successive ratios correlate no more than chance makes of independent ones.

Source: Law 2015, "Simulation modeling and analysis", 9.5.3 (batch means); von Neumann 1941, "Distribution
of the ratio of the mean square successive difference to the variance".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from simulator.plan.plan import Plan
from simulator.system.system import System
from simulator.units import Floats
from simulator.verdict.truth.played.services import Services

MOST_BATCHES, LEAST_BATCHES = 20, 4
IN_A_BATCH = 10
"""Services, at least."""
CORRELATED = 1.645
"""Standard errors beyond which batches are correlated: independent ones are once in twenty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """A station's services, as a multiple of what was predicted of them."""

    station: str
    ratio: float
    low: float
    high: float
    """The 95 % interval of the ratio; without end where there are too few services."""
    services: int
    share_unknown: float
    """Of these, how many are known between bounds only."""
    batches: int = 0
    """Of how many its interval was made; fewer than two have none."""
    contradicted: float = 0.0
    """The share of answers that came before the discipline could have begun to work on them."""

    @property
    def differs(self) -> bool:
        """Whether that is more than chance."""
        return not self.low <= 1.0 <= self.high


def took_of(plan: Plan, services: Mapping[str, Services]) -> tuple[Took, ...]:
    """Of each station of a plan whose services were recovered, or contradict what is said of it."""
    return tuple(took_by(plan.system, services))


def took_by(system: System, services: Mapping[str, Services]) -> Iterator[Took]:
    """The same of a system as it was predicted."""
    for name, found in services.items():
        if not len(found.step):
            if found.contradicted:
                yield nothing_of(found)
            continue
        thought_ns = predicted_of(system, found)
        ratio, low, high, batches = ratio_of(found.took_ns.astype(np.float64), thought_ns)
        yield Took(
            station=name,
            ratio=ratio,
            low=low,
            high=high,
            batches=batches,
            services=len(found.step),
            share_unknown=found.share_unknown,
            contradicted=found.contradicted / max(1, found.ended),
        )


def nothing_of(found: Services) -> Took:
    """Of services that nobody can tell, since the answers contradict what is said of their station."""
    return Took(
        station=found.station,
        ratio=1.0,
        low=0.0,
        high=math.inf,
        services=0,
        share_unknown=1.0,
        contradicted=found.contradicted / found.ended,
    )


def thought_of(system: System, services: Services) -> Floats:
    """What each service was thought to take in the mean (ns)."""
    means_ns = np.array([system.service_of(step).mean_ns() for step in range(len(system.steps))])
    found: Floats = means_ns[services.step]
    return found


def predicted_of(system: System, services: Services) -> Floats:
    """The same as long as the pace of the station makes it, at the instant at which each began (ns)."""
    (pace,) = (each.pace for each in system.stations if each.name == services.station)
    thought_ns = thought_of(system, services)
    return thought_ns if pace is None else thought_ns * pace.over(services.begun_ns)


def ratio_of(took: Floats, thought: Floats) -> tuple[float, float, float, int]:
    """The ratio of sums, and its interval by batch means: how many of these last.

    Of what was thought to take no time there is no ratio.
    """
    took, thought = took[thought > 0], thought[thought > 0]
    if not len(thought):
        return math.nan, 0.0, math.inf, 0
    ratio = float(took.sum() / thought.sum())
    batches = min(MOST_BATCHES, len(took) // IN_A_BATCH)
    while batches > LEAST_BATCHES and is_correlated(batches_of(took, thought, batches)):
        batches -= 1
    if batches < 2:
        return ratio, 0.0, math.inf, batches
    spread = float(batches_of(took, thought, batches).std(ddof=1)) / math.sqrt(batches)
    half = float(special.stdtrit(batches - 1, 0.975)) * spread
    return ratio, max(0.0, ratio - half), ratio + half, batches


def batches_of(took: Floats, thought: Floats, batches: int) -> Floats:
    """The ratios of so many batches of equally many values."""
    edges = np.linspace(0, len(took), batches + 1).astype(np.int64)[:-1]
    return np.asarray(np.add.reduceat(took, edges) / np.add.reduceat(thought, edges))


def is_correlated(values: Floats) -> bool:
    """Whether neighbours are more alike than chance makes them: von Neumann's ratio, one-sided.

    Of ``m`` independent values ``1 - eta / 2`` has the mean 0 and the variance ``(m - 2) / (m^2 - 1)``.
    """
    many, centred = len(values), values - values.mean()
    total = float(np.square(centred).sum())
    if not total:
        return False
    alike = 1.0 - float(np.square(np.diff(values)).sum()) / total / 2.0
    return alike > CORRELATED * math.sqrt((many - 2) / (many * many - 1))
