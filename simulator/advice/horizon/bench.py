"""Windows of a launch met by today's system, each by itself: how many people a second it holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from simulator.advice.horizon.found import Busiest, Course, Limit
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import predict
from simulator.plan.meaning.grace import grace_ns
from simulator.plan.plan import Plan
from simulator.system.capacity import resources_of
from simulator.system.later import shifted, within
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_MINUTE, NS_PER_S
from simulator.verdict.chance import certain
from simulator.verdict.criteria import Outcome
from simulator.verdict.objectives import outcome_of

WINDOW_NS = 15 * NS_PER_MINUTE
"""Long enough for a queue to grow where more come than are served: of 1 % too many, nine seconds."""
BINS = 200
FINENESS = 1.02
"""The border is found this closely, as a ratio of rates."""

Told = Callable[[str], None]


@dataclass(kw_only=True)
class Bench:
    """Windows of a launch, met by today's system."""

    plan: Plan
    engine: Engine
    launches: int
    told: Told | None
    tried: int = 0

    def limit(self, windows: Sequence[Busiest], courses: dict[Course, Demand]) -> Limit:
        """How many a second hold: between windows by halving, then by more or fewer in one of them."""
        ordered = sorted(windows, key=lambda each: each.per_s)
        first, last = 0, len(ordered)
        while first < last:
            middle = (first + last) // 2
            window = ordered[middle]
            if self.holds(courses[window.course], window.at_ns, 1.0):
                first = middle + 1
            else:
                last = middle
        if first == len(ordered):
            most = ordered[-1].per_s if ordered else 0.0
            return Limit(held_per_s=most, failed_per_s=math.inf, station=None)
        beyond = ordered[first]
        held = ordered[first - 1].per_s / beyond.per_s if first else 0.0
        held, failed = self._narrowed(courses[beyond.course], beyond.at_ns, held)
        return Limit(
            held_per_s=held * beyond.per_s,
            failed_per_s=failed * beyond.per_s,
            station=self.scarcest(courses[beyond.course], beyond.at_ns),
        )

    def _narrowed(self, demand: Demand, at_ns: int, held: float) -> tuple[float, float]:
        """The factors of a window's people that hold and do not, close to one another."""
        failed = 1.0
        while not held and failed > FINENESS - 1.0:
            if self.holds(demand, at_ns, failed / 2):
                held = failed / 2
            else:
                failed /= 2
        while held and failed / held > FINENESS:
            middle = math.sqrt(held * failed)
            if self.holds(demand, at_ns, middle):
                held = middle
            else:
                failed = middle
        return held, failed

    def holds(self, demand: Demand, at_ns: int, factor: float) -> bool:
        """Whether today's system holds in a window, with so many times the people."""
        plan = self.window(demand, at_ns, factor)
        self.tried += 1
        if self.told:
            self.told(f"window {self.tried}")
        if not plan.demand.total:
            return True
        launches = predict(plan, self.engine, self.launches).launches
        return certain([self._held(summary) for summary in launches])

    def _held(self, summary: Summary) -> bool:
        return outcome_of(self.plan.objectives, summary, closes=True) is Outcome.HOLDS

    def scarcest(self, demand: Demand, at_ns: int) -> int:
        """The station that is needed the most in a window."""
        plan = self.window(demand, at_ns, 1.0)
        shares = predict(plan, self.engine, 1).launches[0].step_shares
        most = max(resources_of(plan.system), key=lambda resource: resource.utilisation(shares))
        return most.station

    def window(self, demand: Demand, at_ns: int, factor: float) -> Plan:
        """The window by itself: nobody is there when it begins."""
        system = shifted(self.plan.system, at_ns)
        end_ns = WINDOW_NS + grace_ns(system, WINDOW_NS)
        return replace(
            self.plan,
            demand=demand.window(at_ns, at_ns + WINDOW_NS, factor),
            system=within(system, end_ns),
            horizon_ns=WINDOW_NS,
            end_ns=end_ns,
            bin_ns=max(NS_PER_S, WINDOW_NS // BINS),
        )
