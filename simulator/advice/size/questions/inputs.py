"""Inputs: what the answer rests on, each between a low and a high value.

Those for which the file gives a range have it; of the others a factor is assumed, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.advice.change.turn import OF_CAPACITY
from simulator.advice.size.knobs import Knob
from simulator.plan.plan import Plan
from simulator.plan.sized import is_uncertain, of_size
from simulator.system.stations import StationKind
from simulator.system.uncertain import Matter, Uncertain
from simulator.timetable import draws
from simulator.timetable.demand import Demand
from simulator.timetable.volume import Volume

ASSUMED = Volume(low=0.8, high=1.25)
"""Where the file gives no range: a quarter more, or as much less."""
LOW, HIGH = 0.1, 0.9
"""The percentiles that a file's low and high values are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One figure that may be otherwise."""

    key: str
    """Its path in the file."""
    low: float
    high: float
    """Factors of the likely value."""
    assumed: bool
    matter: Matter | None
    """None: it is the volume of the demand."""
    name: str = ""
    """Of the station or the group of people."""
    at: Callable[[Plan, float], Plan]
    """The likely plan with the input at one of its ends."""

    def grows(self, knob: Knob, stations: Sequence[str], factor: float) -> float:
        """How many times as much of a knob the end takes, at a guess."""
        if self.matter is None:
            return factor
        own = knob.tweak.turn in OF_CAPACITY and stations[knob.tweak.station] == self.name
        return factor if own and self.matter is Matter.SERVICE else 1.0


def likely_plan(plan: Plan) -> Plan:
    """The plan with every figure at its likely value, for certain."""
    return replace(plan, demand=of_size(plan.demand), uncertain=(), wandering=())


def inputs_of(plan: Plan, surges: Sequence[str] = ()) -> tuple[Input, ...]:
    """The volume, the services, the patience and the retries; ``surges`` are the names in the file."""
    return tuple(_inputs(plan, surges))


def _inputs(plan: Plan, surges: Sequence[str]) -> Iterator[Input]:
    yield _volume(plan.demand, surges)
    given = {(each.matter, each.name): each for each in plan.uncertain}
    for matter, name, key in _figures(plan):
        known = given.get((matter, name))
        found = known or Uncertain(
            key=key, matter=matter, name=name, spread=ASSUMED, further=_further(plan, name)
        )
        yield Input(
            key=found.key,
            low=found.spread.low,
            high=found.spread.high,
            assumed=known is None,
            matter=matter,
            name=name,
            at=_applied(found),
        )


def _applied(found: Uncertain) -> Callable[[Plan, float], Plan]:
    return lambda plan, factor: replace(plan, system=found.applied(plan.system, factor))


def _volume(demand: Demand, surges: Sequence[str]) -> Input:
    key = f"surge.{surges[0]}.volume" if len(surges) == 1 else "surge.*.volume"
    if not is_uncertain(demand):
        return Input(
            key=key, low=ASSUMED.low, high=ASSUMED.high, assumed=True, matter=None,
            at=lambda plan, factor: replace(plan, demand=of_size(demand, factor)),
        )  # fmt: skip
    likely = of_size(demand).total
    ends = {of_size(demand, luck=luck).total / likely: luck for luck in (LOW, HIGH)}
    return Input(
        key=key, low=min(ends), high=max(ends), assumed=False, matter=None,
        at=lambda plan, factor: replace(plan, demand=of_size(demand, luck=ends[factor])),
    )  # fmt: skip


def _figures(plan: Plan) -> Iterator[tuple[Matter, str, str]]:
    """What there is to be wrong about, with its path in the file."""
    system = plan.system
    for station in system.stations:
        if station.kind is not StationKind.QUOTA:
            yield Matter.SERVICE, station.name, f"station.{station.name}.service"
    people = {each.name: each for each in system.people}
    for name, group in people.items():
        if system.has_line and group.patience.law != draws.NEVER:
            yield Matter.PATIENCE, name, f"people.{name}.patience"
        if group.retries.attempts > 1:
            yield Matter.RETRIES, name, f"people.{name}.retries.attempts"


def _further(plan: Plan, name: str) -> float:
    """How many attempts a group makes after the first; of a station none."""
    groups = [each for each in plan.system.people if each.name == name]
    return float(max((each.retries.attempts for each in groups), default=1) - 1)
