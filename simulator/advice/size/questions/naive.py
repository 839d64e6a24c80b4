"""The naive answer: the peak rate times the mean service, rounded up, and nothing about waiting.

What a spreadsheet says. Its rate is that of the busiest minute of the likely demand; everybody who
comes then takes every step of his journey then, nobody tries twice, and no line spreads them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulator.advice.change.turn import Turn
from simulator.advice.size.answers.cases import Naive
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player
from simulator.plan.peaks import peak
from simulator.plan.plan import Plan
from simulator.plan.sized import of_size
from simulator.system.capacity import Resource, Supply, resources_of
from simulator.system.system import System
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S

BUSIEST_NS = 60 * NS_PER_S

SUPPLIES = {
    Turn.SERVERS: Supply.SERVERS,
    Turn.CORES: Supply.CORES,
    Turn.QUOTA: Supply.TOKENS,
    Turn.INSTANCES: Supply.SERVERS,
}
"""What the rule says something of."""


def naive(player: Player, launches: Sequence[int]) -> Naive:
    """The rule's answer, and what becomes of it in these launches."""
    candidate = naive_candidate(player.plan, player.knobs)
    tried = player.tried(candidate, launches)
    return Naive(
        values=candidate.values,
        cost=tried.cost,
        holds=(tried.holds, len(tried.trials)),
        lost=tried.lost,
    )


def naive_candidate(plan: Plan, knobs: Sequence[Knob]) -> Candidate:
    """What the rule makes of each knob; what it says nothing of stays as it is.

    Of a station that can be had in more instances and in larger ones, the first of the two in the
    list of knobs grows.
    """
    rates = step_rates(plan)
    resources = resources_of(plan.system)
    values, grown = [], set()
    for knob in knobs:
        turn, station = knob.tweak.turn, knob.tweak.station
        kind = SUPPLIES.get(turn)
        if kind is None or (station, kind) in grown:
            values.append(knob.now)
            continue
        grown.add((station, kind))
        found = next(one for one in resources if (one.station, one.kind) == (station, kind))
        values.append(_value(knob, plan.system, found, rates))
    return Candidate(values=tuple(values))


def step_rates(plan: Plan) -> list[float]:
    """Attempts of each step a second in the busiest minute, if each is made once."""
    demand = of_size(plan.demand)
    busiest = peak(demand, min(BUSIEST_NS, plan.horizon_ns), plan.horizon_ns)
    by_journey = [0.0] * len(plan.system.journeys)
    for part in demand.components:
        people = Demand(components=(part,))
        came = people.expected_by(busiest.at_ns + busiest.width_ns) - people.expected_by(
            busiest.at_ns
        )
        by_journey[plan.system.people[part.people].journey] += came * NS_PER_S / busiest.width_ns
    return [
        rate
        for journey, rate in zip(plan.system.journeys, by_journey, strict=True)
        for _ in journey.steps
    ]


def _value(knob: Knob, system: System, resource: Resource, rates: Sequence[float]) -> float:
    needed = sum(rate * need for rate, need in zip(rates, resource.needs, strict=True))
    station = system.stations[knob.tweak.station]
    each = {Turn.SERVERS: station.instances, Turn.CORES: station.instances}.get(knob.tweak.turn, 1)
    if knob.tweak.turn is Turn.INSTANCES:
        each = station.servers
    value = needed / max(1, each)
    return float(max(1, math.ceil(value - 1e-9))) if knob.tweak.whole else value or knob.now
