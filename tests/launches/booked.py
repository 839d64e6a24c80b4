"""Launches that are worked out by hand: who comes when, what serves, and what became of them."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Journey, Step
from simulator.system.line import Policy, Release, TokenBucket, Waitlist
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import Change, Lever, System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import Ints


@dataclass(frozen=True, kw_only=True)
class Booked(Timetable):
    """A timetable whose arrivals are not drawn."""

    booked: tuple[Ints, ...] = field(default_factory=tuple)

    @cached_property
    def counts(self) -> tuple[Ints, ...]:
        return self.booked


def at(*instants_ns: int, horizon_ns: int = 1_000, end_ns: int = 1_000) -> Booked:
    """Somebody at each of these instants; a block of one nanosecond leaves him no choice."""
    return groups_at(instants_ns, horizon_ns=horizon_ns, end_ns=end_ns)


def groups_at(
    *instants_ns: tuple[int, ...], horizon_ns: int = 1_000, end_ns: int = 1_000
) -> Booked:
    """The same of several groups, each at its instants; visitors are numbered group by group."""
    components, booked = [], []
    for group, instants in enumerate(instants_ns):
        starts, counts = np.unique(np.array(instants, np.int64), return_counts=True)
        edges = np.unique(np.concatenate([starts, starts + 1]))
        components.append(Component.of(group, edges, np.zeros(len(edges) - 1)))
        booked.append(np.zeros(len(edges) - 1, np.int64))
        booked[-1][np.searchsorted(edges, starts)] = counts
    return Booked(
        demand=Demand(components=tuple(components)),
        horizon_ns=horizon_ns,
        end_ns=end_ns,
        booked=tuple(booked),
    )


PATIENT = People(name="patient")
POOL = Station(name="signup", servers=1, waiting_room=10, service=Duration.fixed(10))
PLENTY = replace(POOL, servers=100)
"""A station at which nobody waits."""
CLOSED = replace(POOL, servers=0, waiting_room=0)
"""A station that turns everybody away."""


def system(
    people: People | tuple[People, ...] = PATIENT,
    station: Station | tuple[Station, ...] = POOL,
    waitlist: Waitlist | None = None,
    *changes: Change,
    steps: tuple[Step, ...] = (Step(),),
) -> System:
    return System(
        people=people if isinstance(people, tuple) else (people,),
        stations=station if isinstance(station, tuple) else (station,),
        journeys=(Journey(steps=steps),),
        waitlist=waitlist or Waitlist(),
        changes=changes,
    )


def line(spacing_ns: int, burst: int = 1, **words: Any) -> Waitlist:
    """A line that is let in by tokens."""
    return line_by(TokenBucket(spacing_ns=spacing_ns, burst=burst), **words)


def line_by(release: Release, **words: Any) -> Waitlist:
    return replace(Waitlist(policy=Policy.FIFO, release=release), **words)


def change(at_ns: int, lever: Lever, value: int, station: int = 0) -> Change:
    return Change(at_ns=at_ns, lever=lever, value=value, station=station)


def seen(engine: Engine, timetable: Timetable, played: System, *names: str) -> dict[str, list[Any]]:
    """Columns of the visits or attempts; and what became of each visit, or of each attempt, and when.

    Visits are in the order in which they came, attempts by visitor, step and number; UNKNOWN is never.
    """
    rows = engine.simulate(timetable, played).rows()
    visits, attempts = rows.visits, rows.attempts
    told: dict[str, Any] = {
        **{name: visits[name].tolist() for name in visits.dtype.names or ()},
        **{name: attempts[name].tolist() for name in attempts.dtype.names or ()},
        "fates": [(Fate(visit["fate"]), int(visit["ended"])) for visit in visits],
        "results": [(Result(each["result"]), int(each["finished"])) for each in attempts],
    }
    return {name: told[name] for name in names}


def entries(engine: Engine, timetable: Timetable, played: System) -> list[int]:
    """When each was let in."""
    return seen(engine, timetable, played, "let_in")["let_in"]


def results(engine: Engine, timetable: Timetable, played: System) -> list[tuple[Result, int]]:
    """What became of each attempt, and when its client saw it."""
    return seen(engine, timetable, played, "results")["results"]
