"""Waits by arrival: how long somebody waits in the line who comes at a given hour.

Counts by bin cannot tell: where people lose patience or are put ahead of others, the line is not
served in the order of arrival, and the distance between two cumulative curves is nobody's wait. So a
few launches are played once more, and their visits are counted one by one, by the instant at which
they came.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate, Rows
from simulator.plan.launches import side_by_side
from simulator.plan.plan import Plan
from simulator.units import NS_PER_S, Floats

MOST_PEOPLE = 5_000_000
"""Of more people than that, over all launches together, no wait is kept one by one."""
MOST_LAUNCHES = 8
BINS = 48
FEWEST = 20
"""Of fewer who stood in the line in a bin, no quantile is told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaitsByArrival:
    """Of those who came in each stretch of time: how long they waited, and who never got in."""

    edges_s: Floats
    """Shape (n + 1,): from the opening to the horizon."""
    p50_s: Floats
    """Shape (n,), from arrival to entry, of those who stood in the line until they were let in or it
    closed; infinite where half of them never were let in, NaN of too few."""
    p90_s: Floats
    never_let_in: Floats
    """The share of those who came to the line who did not get in; NaN where nobody came."""
    launches: int

    @property
    def told(self) -> bool:
        """Whether anybody stood in a line."""
        return bool(np.isfinite(self.p50_s).any() or np.isinf(self.p50_s).any())

    def at(self, instant_s: float) -> int:
        """The stretch in which an instant lies."""
        found = int(np.searchsorted(self.edges_s, instant_s, side="right")) - 1
        return min(max(found, 0), len(self.p50_s) - 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Came:
    """The visits of one launch that came to the line: when, and how long they waited."""

    at_ns: Floats
    wait_ns: Floats
    """Infinite: never let in."""
    stood: Floats
    """1 of who stood until he was let in or the line closed, else 0."""


def waits_by_arrival(plan: Plan, engine: Engine, launches: int) -> WaitsByArrival | None:
    """Count them; None without a line, or of more people than are counted one by one."""
    if not plan.system.has_line or not plan.demand.total:
        return None
    affordable = int(MOST_PEOPLE // plan.demand.total)
    many = min(launches, MOST_LAUNCHES, affordable)
    if not many:
        return None
    tasks = [(plan, engine, number) for number in range(many)]
    return _by_arrival(list(side_by_side(_came, tasks, engine)), plan.horizon_ns)


def _came(plan: Plan, engine: Engine, launch: int) -> _Came:
    blocks = engine.simulate(plan.timetable(launch), plan.system_of(launch)).blocks
    parts = [_of_block(block.visits) for block in blocks]
    return _Came(
        at_ns=np.concatenate([each.at_ns for each in parts]),
        wait_ns=np.concatenate([each.wait_ns for each in parts]),
        stood=np.concatenate([each.stood for each in parts]),
    )


def _of_block(visits: Rows) -> _Came:
    fate = visits["fate"]
    kept_out = np.isin(fate, [Fate.BALKED, Fate.TURNED_AWAY])
    rows = visits[(visits["joined"] != UNKNOWN) | kept_out]
    fate, entered = rows["fate"], rows["let_in"] != UNKNOWN
    waits = np.where(entered, (rows["let_in"] - rows["arrived"]).astype(np.float64), np.inf)
    stood = (entered & (fate != Fate.NO_SHOW)) | (fate == Fate.WAITING)
    return _Came(
        at_ns=rows["arrived"].astype(np.float64), wait_ns=waits, stood=stood.astype(np.float64)
    )


def _by_arrival(launches: Sequence[_Came], horizon_ns: int) -> WaitsByArrival:
    edges = np.linspace(0, horizon_ns, BINS + 1)
    at = np.concatenate([each.at_ns for each in launches])
    waits = np.concatenate([each.wait_ns for each in launches])
    stood = np.concatenate([each.stood for each in launches]).astype(bool)
    here = np.clip(np.searchsorted(edges, at, side="right") - 1, 0, BINS - 1)
    came = np.bincount(here, minlength=BINS)
    out = np.bincount(here[np.isinf(waits)], minlength=BINS)
    p50, p90 = np.full(BINS, math.nan), np.full(BINS, math.nan)
    order = np.argsort(here[stood], kind="stable")
    bounds = np.searchsorted(here[stood][order], np.arange(BINS + 1))
    sorted_waits = waits[stood][order]
    for number, (first, last) in enumerate(pairwise(bounds)):
        if last - first >= FEWEST:
            ordered = np.sort(sorted_waits[first:last]) / NS_PER_S
            p50[number], p90[number] = (_quantile(ordered, share) for share in (0.5, 0.9))
    with np.errstate(invalid="ignore"):
        never = np.where(came > 0, out / np.maximum(came, 1), math.nan)
    return WaitsByArrival(
        edges_s=edges / NS_PER_S, p50_s=p50, p90_s=p90, never_let_in=never, launches=len(launches)
    )


def _quantile(ordered: Floats, share: float) -> float:
    """The smallest value that is not exceeded by so large a share of them."""
    return float(ordered[max(0, math.ceil(share * len(ordered)) - 1)])
