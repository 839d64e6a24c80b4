"""Launches for comparison with theory, and what it means to agree with it.

The unit is the launch: visits within one are not independent, launches are. A mean over ``n``
launches agrees with theory if it lies within ``z`` standard errors of it, where ``z`` is the
quantile of Student's law at which the right model fails once in 10,000 times. Seeds are fixed, so
a test that passes goes on passing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from simulator.demand import Component, Demand, Floats
from simulator.engine import Engine
from simulator.outcomes import Block
from simulator.system import Duration, People, Policy, Pool, System, Waitlist
from simulator.timetable import Timetable

S = 1_000_000_000
FALSE_ALARM = 1e-4


@dataclass(frozen=True)
class Sample:
    """One figure for each launch."""

    values: Floats

    def agrees_with(self, theory: float, bias: float = 0.0) -> bool:
        """Whether theory lies within the tolerance, widened by a bias that is known to be there."""
        n = len(self.values)
        z = stats.t.ppf(1 - FALSE_ALARM / 2, n - 1)
        error = self.values.std(ddof=1) / np.sqrt(n)
        return bool(abs(self.values.mean() - theory) <= z * error + bias)


def steady(arrival_rate: float, for_s: int, launch: int, seed: int = 2022) -> Timetable:
    """A Poisson process of a constant rate, with time for the last ones to finish."""
    component = Component.of(0, [0, for_s * S], [arrival_rate * for_s])
    return Timetable(
        demand=Demand(components=(component,)),
        horizon_ns=for_s * S,
        end_ns=(for_s + 1_000) * S,
        seed=seed,
        launch=launch,
    )


def open_pool(servers: int, service: Duration, waiting_room: int = 1 << 40) -> System:
    """A pool that everybody is sent to at once, once."""
    return System(
        people=(People(name="everybody"),),
        station=Pool(name="signup", servers=servers, waiting_room=waiting_room, service=service),
        waitlist=Waitlist(policy=Policy.OPEN),
    )


def sample(
    engine: Engine,
    launches: Iterable[tuple[Timetable, System]],
    *figures: Callable[[Block], float],
) -> tuple[Sample, ...]:
    """Each figure of each launch."""
    rows = [engine.simulate(timetable, system).rows() for timetable, system in launches]
    return tuple(Sample(np.array([figure(block) for block in rows])) for figure in figures)


def waits_s(rows: Block, after_s: float = 0.0) -> Floats:
    """From send to the start of service, of those who came after the start and were not refused."""
    attempts = rows.attempts
    known = (attempts["started"] >= 0) & (attempts["sent"] >= after_s * S)
    waits: Floats = (attempts["started"] - attempts["sent"])[known] / S
    return waits
