"""The SimPy model that one would write first: a process a visitor, and a Resource for whatever is scarce.

It is here for its cost alone: it draws its luck as it goes, and ties fall as they may.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from simulator.system.line import TokenBucket
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.timetable import Timetable

Waits = Generator[simpy.Event, Any, None]
Succeeds = Generator[simpy.Event, Any, bool]


class Naive:
    """One launch with a line, a group of people and a journey of any number of steps."""

    def __init__(self, timetable: Timetable, system: System) -> None:
        self.timetable, self.system = timetable, system
        (self.people,) = system.people
        self.env = simpy.Environment()
        self.gate = simpy.Resource(self.env, 1)
        self.pools = [simpy.Resource(self.env, station.servers) for station in system.stations]
        self.random = np.random.default_rng(timetable.seed)
        self.served = self.gave_up = self.reneged = self.attempts = 0

    def play(self) -> None:
        self.env.process(self.arrivals())
        self.env.run(until=self.timetable.end_ns)

    def arrivals(self) -> Waits:
        for chunk in self.timetable.arrivals():
            for arrived_ns in chunk.arrived_ns.tolist():
                yield self.env.timeout(arrived_ns - self.env.now)
                self.env.process(self.visit())

    def visit(self) -> Waits:
        turn = self.gate.request()
        patience_ns = self.random.exponential(self.people.patience.location)
        yield turn | self.env.timeout(patience_ns)
        if not turn.triggered:
            turn.cancel()
            self.reneged += 1
            return
        self.env.process(self.hold_gate(turn))
        for step in self.system.steps:
            if not (yield from self.step(step.station)):
                self.gave_up += 1
                return
        self.served += 1

    def hold_gate(self, turn: simpy.resources.resource.Request) -> Waits:
        yield self.env.timeout(self.spacing_ns())
        self.gate.release(turn)

    def spacing_ns(self) -> int:
        release = self.system.waitlist.release
        assert isinstance(release, TokenBucket)
        past = [change.value for change in self.system.changes if change.at_ns <= self.env.now]
        return [release.spacing_ns, *past][-1]

    def step(self, number: int) -> Succeeds:
        station, retries = self.system.stations[number], self.people.retries
        for attempt in range(retries.attempts):
            self.attempts += 1
            if len(self.pools[number].queue) < station.waiting_room:
                work = self.env.process(self.serve(number, station))
                yield work | self.env.timeout(self.people.client_timeout_ns)
                if work.triggered:
                    return True
            pause_ns = min(retries.cap_ns, retries.backoff_ns * 2**attempt)
            yield self.env.timeout(self.random.uniform() * pause_ns)
        return False

    def serve(self, number: int, station: Station) -> Waits:
        with self.pools[number].request() as server:
            yield server
            law = station.service
            yield self.env.timeout(self.random.lognormal(law.location, law.scale))
