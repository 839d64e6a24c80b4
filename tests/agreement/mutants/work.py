"""Mutants of what stations do for an attempt: service, calls and seats."""

from collections.abc import Callable

from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Attempt, Job
from simulator.engine.readable.work import Answer, Work
from simulator.engine.readable.world import World
from simulator.engine.rules import COMPLETION
from simulator.outcomes.rows import Result
from simulator.system import stations as system_stations
from simulator.system.journeys import Hold, Step
from simulator.timetable import draws
from tests.agreement.mutants.mutant import always, but, wrong


class StepsHaveNoServiceOfTheirOwn(Work):
    def __init__(
        self, world: World, station: Callable[[int, Told], Station], answer: Answer
    ) -> None:
        super().__init__(world, station, answer)
        self.services = [world.system.stations[step.station].service for step in self.steps]


class OnlyTheFirstCallIsMade(Work):
    def served(self, job: Job) -> None:
        if job.call == 0:
            super().served(job)
        else:
            self.leave_called_station(job.attempt)
            self.complete(job.attempt)


class CalledStationsRefusalIsSeenFromThere(Work):
    """A refused call counts with the round trip of the station that refused."""

    def refuse(self, attempt: Attempt, result: Result, by: system_stations.Station) -> None:
        own_ns = self.station_of(attempt).said.round_trip_ns
        later_ns = max(0, by.round_trip_ns - own_ns)
        if later_ns == 0:
            super().refuse(attempt, result, by)
        else:
            at_ns, key = self.clock.now_ns + later_ns, attempt.key(COMPLETION)
            self.clock.at(at_ns, key, super().refuse, attempt, result, by)


class RefusedCallKeepsTheServer(Work):
    """It is freed a little later: after what waits has been looked at."""

    def turn_away(self, job: Job, result: Result, by: system_stations.Station) -> None:
        attempt = job.attempt
        if job is attempt.called:
            attempt.called = None
            self.refuse(attempt, result, by)
        else:
            super().turn_away(job, result, by)


class WhoCallsHisStationNeedsNoServer(Work):
    """A call to the station whose server is held is served by that server."""

    def send_call(self, attempt: Attempt, number: int) -> None:
        step = self.step_of(attempt)
        if step.calls[number - 1].station == step.station:
            self.let_go(attempt.own)
            self.freed.clear()
        super().send_call(attempt, number)


class SeatIsFreeAtOnce(Work):
    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        instance = self.stations[holds.station].instances[0]
        return instance.has_free_seat()


class WhoWaitsHasNoRightToASeat(Work):
    """A seat is taken though jobs wait for a server."""

    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        instance = self.stations[holds.station].instances[0]
        waiting, instance.waiting = instance.waiting, type(instance.waiting)()
        taken = super().takes_seat(attempt, holds)
        instance.waiting = waiting
        return taken


class SeatBeforeTheServerIsFreed(Work):
    def complete(self, attempt: Attempt) -> None:
        holds = self.step_of(attempt).holds
        seated = holds is None or self.takes_seat(attempt, holds)
        self.let_go(attempt.own)
        attempt.own = None
        if seated:
            self.answer(attempt, Result.SUCCESS, 0)
        else:
            assert holds is not None
            self.refuse(attempt, Result.TURNED_AWAY, self.stations[holds.station].said)


class FullSeatsAreFailures(Work):
    """Not turned away by the station of the seat, but failed."""

    def refuse(self, attempt: Attempt, result: Result, by: system_stations.Station) -> None:
        step: Step = self.step_of(attempt)
        seat = step.holds is not None and self.stations[step.holds.station].said is by
        super().refuse(attempt, Result.FAILED if seat else result, by)


class OnlyWorkOfTheFailedInstanceIsLost(Work):
    """What is lost there is still worked on elsewhere."""

    def turn_away(self, job: Job, result: Result, by: system_stations.Station) -> None:
        if result is Result.FAILED and job.instance is not None:
            job.instance.let_go(job)
            self.refuse(job.attempt, result, by)
        else:
            super().turn_away(job, result, by)


class FreeServersAreUsedAtOnceInAFailure(Work):
    def drop(self, attempt: Attempt) -> None:
        super().drop(attempt)
        if not attempt.is_awaited or attempt.deadline_ns > self.clock.now_ns:
            self.use_free_servers()


MUTANTS = (
    *wrong("own service", StepsHaveNoServiceOfTheirOwn),
    *wrong("several stations",
        but("AllWorkIsDoneAtTheFirstStation", Work, station_of=lambda self, attempt: self.stations[0])),
    *wrong("calls",
        but("NobodyIsCalled", Work, served=lambda self, job: self.complete(job.attempt)),
        OnlyTheFirstCallIsMade,
        but("CalledWorkHasItsStationsService", Work,
            service_of=lambda self, call: self.world.system.stations[call.station].service),
        CalledStationsRefusalIsSeenFromThere, RefusedCallKeepsTheServer,
        but("CalledWorkHasTheLuckOfItsAttempt", Pool,
            drawn_service_ns=lambda self, job: self.world.drawn_ns(job.service, draws.SERVICE, *job.attempt.name))),
    *wrong("calls to its own station", WhoCallsHisStationNeedsNoServer),
    *wrong("holds",
        always("SeatsAreNotHeld", Work, takes_seat=True), SeatIsFreeAtOnce,
        WhoWaitsHasNoRightToASeat, SeatBeforeTheServerIsFreed,
        but("WastedWorkHoldsNothing", Work,
            takes_seat=lambda self, attempt, holds: not attempt.is_awaited or Work.takes_seat(self, attempt, holds)),
        FullSeatsAreFailures),
    *wrong("failures", OnlyWorkOfTheFailedInstanceIsLost, FreeServersAreUsedAtOnceInAFailure),
    *wrong("retry after",
        # Not of the station that refused.
        but("RetryAfterIsThatOfTheStep", Work,
            refuse=lambda self, attempt, result, by: Work.refuse(self, attempt, result, self.station_of(attempt).said)),
        needs=("calls",)),
    *wrong("retry after",
        but("FailuresAskToWaitToo", Work,
            refuse=lambda self, attempt, result, by: self.answer(attempt, result, by.retry_after_ns)),
        needs=("failures",)),
)  # fmt: skip
