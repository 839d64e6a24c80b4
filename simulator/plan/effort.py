"""How much work it is to simulate a launch, so that hours are told before they begin."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.plan.plan import Plan
from simulator.plan.published.fit import simulated_people
from simulator.plan.resolve import Resolved
from simulator.units import NS_PER_S

COMPILED_PER_S = 1_000_000
"""People that one core simulates in a second, with every rule: benchmark B (README, "How fast") takes
12 s for ten million on a slow machine, 5 s where every station is first come first served."""
FIT_ROUNDS = 5
"""So often is a launch simulated, more or less, until its demand is found: once of threads-2023, six
times of robinhood-2013, nine times of truth-social-2022."""
LONG_NS = 600 * NS_PER_S
"""What takes longer is told before it begins."""
PATIENT_NS = 60 * NS_PER_S
"""What checks a file does not take longer."""
TRIED_SIZES = 8
"""So many sizes of each of two disturbances are tried, at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Launches of so many people each, at so many people a second, some of them at once."""

    people: float
    """In each launch."""
    launches: int
    per_s: float
    at_once: int = 1

    @property
    def ns(self) -> float:
        """How long it takes: launches are not divided."""
        rounds = -(-self.launches // self.at_once)
        return rounds * self.people / self.per_s * NS_PER_S


def effort_of_fit(launch: Resolved) -> Effort | None:
    """Of finding the demand that leads to published outcomes; None where there is nothing to find."""
    if launch.fit is None:
        return None
    people = simulated_people(launch.fit)
    return Effort(people=people, launches=FIT_ROUNDS, per_s=COMPILED_PER_S)


def part_of(plan: Plan, people: int) -> Plan:
    """The same launch with so many people, if it has more: they come at the same times."""
    factor = min(1.0, people / max(1.0, plan.demand.total))
    return replace(plan, demand=plan.demand.window(0, plan.horizon_ns, factor))
