"""What stations do for an attempt: its own service, its calls, and a seat that it may hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Attempt, Job
from simulator.engine.readable.world import World
from simulator.engine.rules import FREED
from simulator.outcomes.rows import Result
from simulator.system import stations as system_stations
from simulator.system.journeys import Call, Hold, Step
from simulator.timetable import draws
from simulator.timetable.laws import Duration

Answer = Callable[[Attempt, Result, int], None]
"""Tells a client what became of his attempt, and how long to wait before the next one."""


class Work:
    """All stations, and the attempts that they work on."""

    def __init__(
        self, world: World, station: Callable[[int, Told], Station], answer: Answer
    ) -> None:
        self.world, self.clock, self.answer = world, world.clock, answer
        self.steps = world.system.steps
        self.services = [world.system.service_of(step) for step in range(len(self.steps))]
        self.freed: deque[Pool] = deque()
        """Where servers have become free within this event, in order."""
        told = Told(self.served, self.turn_away, self.freed.append)
        self.stations = [station(number, told) for number in range(len(world.system.stations))]

    def start(self) -> None:
        for station in self.stations:
            station.start()

    def close(self, end_ns: int) -> None:
        """What goes on at the end has gone on until then."""
        for station in self.stations:
            for instance in station.instances:
                instance.account_until(end_ns)

    def step_of(self, attempt: Attempt) -> Step:
        return self.steps[attempt.step]

    def station_of(self, attempt: Attempt) -> Station:
        return self.stations[self.step_of(attempt).station]

    # From being sent to being complete

    def begin(self, attempt: Attempt) -> None:
        attempt.own = Job(attempt, 0, self.services[attempt.step])
        self.station_of(attempt).send(attempt.own)

    def served(self, job: Job) -> None:
        """A service is over: the calls follow one after the other, each while the server is held."""
        attempt = job.attempt
        if job is attempt.called:
            self.leave_called_station(attempt)
        if job.call < len(self.step_of(attempt).calls):
            self.send_call(attempt, job.call + 1)
        else:
            self.complete(attempt)

    def send_call(self, attempt: Attempt, number: int) -> None:
        call = self.step_of(attempt).calls[number - 1]
        attempt.called = Job(attempt, number, self.service_of(call))
        self.stations[call.station].send(attempt.called)

    def service_of(self, call: Call) -> Duration:
        return call.service or self.world.system.stations[call.station].service

    def leave_called_station(self, attempt: Attempt) -> None:
        """Who waits there is served before this attempt calls again."""
        self.let_go(attempt.called)
        attempt.called = None
        self.use_free_servers()

    def complete(self, attempt: Attempt) -> None:
        self.let_go(attempt.own)
        attempt.own = None
        holds = self.step_of(attempt).holds
        if holds is None or self.takes_seat(attempt, holds):
            self.answer(attempt, Result.SUCCESS, 0)
        else:
            self.refuse(attempt, Result.TURNED_AWAY, self.stations[holds.station].said)

    def let_go(self, job: Job | None) -> None:
        if job is not None and job.instance is not None:
            job.instance.let_go(job)

    # Seats

    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        """Hold a server for a while, if one is free; whether there was one."""
        instance = self.stations[holds.station].instances[0]
        if not instance.has_free_seat():
            return False
        instance.occupy()
        lasts_ns = self.world.drawn_ns(holds.lasts, draws.HOLD, *attempt.name)
        self.clock.at(self.clock.now_ns + lasts_ns, attempt.key(FREED), instance.vacate)
        return True

    # Ends before completion

    def turn_away(self, job: Job, result: Result, by: system_stations.Station) -> None:
        """A station does not take, or no longer keeps, a job: the attempt ends with it."""
        self.drop(job.attempt)
        self.refuse(job.attempt, result, by)

    def refuse(self, attempt: Attempt, result: Result, by: system_stations.Station) -> None:
        self.answer(attempt, result, by.retry_after_ns if result is Result.TURNED_AWAY else 0)

    def drop(self, attempt: Attempt) -> None:
        """Stop all work on an attempt, that of a called station first."""
        self.let_go(attempt.called)
        self.let_go(attempt.own)
        attempt.called = attempt.own = None

    # Free servers

    def use_free_servers(self) -> None:
        """After each event servers take waiting jobs, in the order in which they became free."""
        while self.freed:
            self.freed.popleft().take_waiting()
