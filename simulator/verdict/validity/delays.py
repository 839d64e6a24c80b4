"""Delays: what a generator may have done to visits in all, however each of it is judged.

One visit may start late, be seen late by the event loop, and be told by a clock that is wrong: so these add up, and
so does whom they touched. Figures that bear each alone need not bear all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.outcomes.instrument import Instrument
from simulator.outcomes.pulses import SECOND_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Of one replay, beyond the limits of its gates."""

    start_limit_s: float
    loop_limit_s: float
    start_s: float
    """By how much the latest visit started late."""
    after_start_s: float
    """How long the loop overslept at most, and by how much a clock may be wrong."""
    starts: int
    """Visits that started later than the limit, and those that passed them."""
    seen: float
    """Visits that the loop saw later than its limit."""

    @classmethod
    def of(cls, instrument: Instrument, start_limit_s: float, loop_limit_s: float) -> Delays:
        late = instrument.later_than(round(start_limit_s * SECOND_NS))
        clock_ns = max((each.bound_ns for each in instrument.workers), default=0)
        return cls(
            start_limit_s=start_limit_s,
            loop_limit_s=loop_limit_s,
            start_s=(instrument.lag_max_ns or 0) / SECOND_NS,
            after_start_s=(instrument.loop_lag_max_ns + clock_ns) / SECOND_NS,
            starts=late + instrument.passed if late else 0,
            seen=instrument.held_up(round(loop_limit_s * SECOND_NS)) * instrument.started,
        )

    @property
    def longest_s(self) -> float:
        """Of one visit that met with all of it."""
        return self.start_s + self.after_start_s
