"""Need: how much of each knob the busiest moment takes, if nobody waits or tries again.

It is where a search begins to look, and from which a range is chosen; what holds is simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.advice.change.turn import Turn
from simulator.advice.size.knobs import Knob
from simulator.plan import peaks
from simulator.plan.plan import Plan
from simulator.system.capacity import Supply, resources_of
from simulator.system.line import Policy, TokenBucket

SUPPLIES = {
    Turn.SERVERS: Supply.SERVERS,
    Turn.INSTANCES: Supply.SERVERS,
    Turn.FLOOR: Supply.SERVERS,
    Turn.CEILING: Supply.SERVERS,
    Turn.CORES: Supply.CORES,
    Turn.QUOTA: Supply.TOKENS,
    Turn.PER_DAY: Supply.TOKENS,
}
"""What runs out where there is too little of it."""
ROOM = 4.0
"""A range that nobody gave reaches to so many times the need at least."""


def needed(knob: Knob, plan: Plan) -> float:
    """The value at which it would be just enough in the busiest moment; its own where that is unknown."""
    if knob.tweak.turn is Turn.RELEASE:
        return busiest_per_s(plan)
    supply = SUPPLIES.get(knob.tweak.turn)
    if supply is None or not knob.now:
        return knob.now
    rates = step_rates_per_s(plan)
    used = [
        each.utilisation(rates)
        for each in resources_of(plan.system)
        if (each.station, each.kind) == (knob.tweak.station, supply)
    ]
    return max(used, default=1.0) * knob.now


def step_rates_per_s(plan: Plan) -> list[float]:
    """How many come to each step in the busiest moment: at most as many as the line lets in."""
    system, demand = plan.system, plan.demand
    busiest = busiest_per_s(plan)
    line = system.waitlist
    if line.policy is not Policy.OPEN and isinstance(line.release, TokenBucket):
        busiest = min(busiest, line.release.rate_per_s)
    shares = [0.0] * len(system.journeys)
    for component in demand.components:
        journey = system.people[component.people].journey
        shares[journey] += float(component.mass.sum()) / max(demand.total, 1e-9)
    return [
        busiest * share
        for share, journey in zip(shares, system.journeys, strict=True)
        for _ in journey.steps
    ]


def busiest_per_s(plan: Plan) -> float:
    """How many people come a second in the busiest bin of the charts."""
    return peaks.peak(plan.demand, peaks.chart_bin_ns(plan), plan.horizon_ns).per_s


def roomy(knobs: Sequence[Knob], plan: Plan) -> tuple[Knob, ...]:
    """The knobs, those whose range nobody gave with room for what they need."""
    return tuple(knob if knob.asked else _up_to(knob, ROOM * needed(knob, plan)) for knob in knobs)


def wider(knob: Knob, factor: float) -> Knob:
    """The same up to so many times as much."""
    return _up_to(knob, knob.high * factor)


def _up_to(knob: Knob, high: float) -> Knob:
    return replace(knob, high=max(knob.high, knob.tweak.rounded(float(f"{high:.3g}"))))
