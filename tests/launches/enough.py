"""An engine that is easy to know: a launch holds where a station has as many servers as it needs."""

from collections.abc import Callable

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.knobs import Knob
from simulator.advice.size.player import Player
from simulator.advice.size.prices import Prices
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.timetable.volume import Volume

S = 1_000_000_000
COME = 10
"""So many visits, whatever the demand: all are served, or none."""
SERVERS = Prices(currency="", priced=None, per_hour=(1.0,), paid_for_ns=S)
"""Nothing has a price: servers are counted."""


class Enough:
    """Serves everybody where there are enough servers, and nobody where there are not."""

    name = "compiled"  # so that its launches are played by threads

    def __init__(self, needed: Callable[[Timetable, System], float]) -> None:
        self.needed = needed
        self.played: list[tuple[int, int]] = []
        """Launch and servers."""

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        servers = system.stations[0].servers
        self.played.append((timetable.launch, servers))
        fate = Fate.SERVED if servers >= self.needed(timetable, system) else Fate.GAVE_UP
        visits = [(n, 0, 0, UNKNOWN, 0, S, fate) for n in range(COME)]
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=timetable.horizon_ns,
            end_ns=timetable.end_ns,
            blocks=[Block.of(visits, [])],
        )

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        return summarise(self.simulate(timetable, system), bin_ns=bin_ns, layout=layout)


def needs_of_demand(timetable: Timetable, _: System) -> float:
    """A server for each hundred people who are expected."""
    return timetable.demand.total / 100.0


def plan(people: float = 1000.0, volume: Volume | None = None) -> Plan:
    """A thousand people in ten seconds: ten servers are needed."""
    return Plan(
        subject=Subject.LAUNCH, scenario="shop", variant=None,
        demand=Demand(components=(Component.of(0, [0, 10 * S], [people], volume=volume),)),
        system=System(
            people=(People(name="everybody"),),
            stations=(Station(name="web", servers=10, service=Duration.fixed(S // 10)),),
        ),
        objectives=Objectives(journeys=(JourneyObjective(journey="signup", errors=0.0),)),
        horizon_ns=10 * S, end_ns=20 * S, bin_ns=S,
    )  # fmt: skip


def knob(now: float = 10, low: float = 1, high: float = 1000) -> Knob:
    """The servers."""
    tweak = Tweak(turn=Turn.SERVERS, station=0, now=now)
    return Knob(key="station.web.servers", tweak=tweak, low=low, high=high)


def player(engine: Enough, of: Plan | None = None, prices: Prices = SERVERS) -> Player:
    """With one knob, the servers."""
    return Player(plan=of or plan(), knobs=(knob(),), prices=prices, engine=engine)
