"""What stations do for an attempt: its own service, its calls, and a seat that it may hold."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Attempt, Job
from simulator.engine.rules import FREED
from simulator.outcomes.rows import Result
from simulator.system.journeys import Hold, Step
from simulator.timetable import draws

if TYPE_CHECKING:
    from simulator.engine.readable.launch import Launch


class Work:
    """All stations, and the attempts that they work on."""

    def __init__(self, launch: Launch) -> None:
        self.launch, self.clock = launch, launch.clock
        self.steps = launch.system.steps
        self.services = [launch.system.service_of(step) for step in range(len(self.steps))]
        self.freed: deque[Pool] = deque()
        """Where servers have become free within this event, in order."""
        self.stations = [
            launch.station_type(launch, index, said)
            for index, said in enumerate(launch.system.stations)
        ]

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
        attempt.own = Job(attempt, 0)
        self.station_of(attempt).send(attempt.own)
        self.use_free_servers()

    def service_ns(self, job: Job) -> int:
        visitor, step, number = job.attempt.name
        if job.call == 0:
            return self.launch.drawn_ns(self.services[step], draws.SERVICE, visitor, step, number)
        call = self.steps[step].calls[job.call - 1]
        law = call.service or self.launch.system.stations[call.station].service
        return self.launch.drawn_ns(law, draws.SERVICE, visitor, step, job.luck)

    def served(self, job: Job) -> None:
        """A service is over: the calls follow one after the other, each while the server is held."""
        attempt = job.attempt
        if job is attempt.called:
            self.leave_called_station(attempt)
        if job.call < len(self.step_of(attempt).calls):
            self.send_call(attempt, job.call + 1)
        else:
            self.complete(attempt)
        self.use_free_servers()

    def send_call(self, attempt: Attempt, number: int) -> None:
        attempt.called = Job(attempt, number)
        call = self.step_of(attempt).calls[number - 1]
        self.stations[call.station].send(attempt.called)

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
            self.launch.clients.succeed(attempt)
        else:
            self.refuse(attempt, Result.TURNED_AWAY, self.stations[holds.station])

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
        lasts_ns = self.launch.drawn_ns(holds.lasts, draws.HOLD, *attempt.name)
        self.clock.at(self.clock.now_ns + lasts_ns, attempt.key(FREED), self.free_seat, instance)
        return True

    def free_seat(self, instance: Pool) -> None:
        instance.vacate()
        self.use_free_servers()

    # Ends before completion

    def turn_away(self, job: Job, result: Result, by: Station) -> None:
        """A station does not take, or no longer keeps, a job: the attempt ends with it."""
        attempt = job.attempt
        if job is attempt.called:
            attempt.called = None
            self.let_go(attempt.own)
        attempt.own = None
        self.refuse(attempt, result, by)

    def refuse(self, attempt: Attempt, result: Result, by: Station) -> None:
        retry_after_ns = by.said.retry_after_ns if result is Result.TURNED_AWAY else 0
        self.launch.clients.fail(attempt, result, retry_after_ns)

    def drop(self, attempt: Attempt) -> None:
        """Stop all work on an attempt, that of a called station first."""
        self.let_go(attempt.called)
        self.let_go(attempt.own)
        attempt.called = attempt.own = None

    def lose(self, instance: Pool) -> None:
        """An instance has failed, and with it every attempt that it worked on."""
        for attempt in instance.attempts():
            self.drop(attempt)
            self.launch.clients.fail(attempt, Result.FAILED)
        self.use_free_servers()

    def use_free_servers(self) -> None:
        """Servers take waiting jobs, in the order in which they became free."""
        while self.freed:
            self.freed.popleft().take_waiting()
