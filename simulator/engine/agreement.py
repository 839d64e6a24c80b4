"""Whether two implementations came to the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.engine.rules import Engine
from simulator.system.system import System
from simulator.timetable.timetable import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two engines on one timetable."""

    engines: tuple[str, str]
    visits: int
    attempts: int
    equal: bool

    def __str__(self) -> str:
        one, other = self.engines
        rows = f"{self.visits:,} visits and {self.attempts:,} attempts"
        if self.equal:
            return f"the engines {one} and {other} agree on every row: {rows}"
        return f"the engines {one} and {other} DISAGREE on {rows}"


def agreement(one: Engine, other: Engine, timetable: Timetable, system: System) -> Agreement:
    """Play the same launch with both, and compare row by row."""
    rows, others = (engine.simulate(timetable, system).rows() for engine in (one, other))
    return Agreement(
        engines=(one.name, other.name),
        visits=len(rows.visits),
        attempts=len(rows.attempts),
        equal=np.array_equal(rows.visits, others.visits)
        and np.array_equal(rows.attempts, others.attempts),
    )
