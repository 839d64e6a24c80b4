"""Mutants of what stations do for an attempt: service, calls and seats."""

from __future__ import annotations

from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Attempt, Job
from simulator.engine.readable.work import Work
from simulator.outcomes.rows import Result
from simulator.system.journeys import Hold, Step
from simulator.timetable import draws
from tests.agreement.mutants.mutant import wrong


@wrong("own service", "work_type")
class StepsHaveNoServiceOfTheirOwn(Work):
    def __init__(self, launch: object) -> None:
        super().__init__(launch)  # type: ignore[arg-type]
        self.services = [self.launch.system.stations[step.station].service for step in self.steps]


@wrong("several stations", "work_type")
class AllWorkIsDoneAtTheFirstStation(Work):
    def station_of(self, attempt: Attempt) -> Station:
        return self.stations[0]


@wrong("calls", "work_type")
class NobodyIsCalled(Work):
    def served(self, job: Job) -> None:
        self.complete(job.attempt)
        self.use_free_servers()


@wrong("calls", "work_type")
class OnlyTheFirstCallIsMade(Work):
    def served(self, job: Job) -> None:
        if job.call == 0:
            super().served(job)
        else:
            self.leave_called_station(job.attempt)
            self.complete(job.attempt)
            self.use_free_servers()


@wrong("calls", "work_type")
class CalledWorkHasItsStationsService(Work):
    def service_ns(self, job: Job) -> int:
        if job.call == 0:
            return super().service_ns(job)
        visitor, step, _ = job.attempt.name
        law = self.launch.system.stations[self.steps[step].calls[job.call - 1].station].service
        return self.launch.drawn_ns(law, draws.SERVICE, visitor, step, job.luck)


@wrong("calls", "work_type")
class CalledWorkHasTheLuckOfItsAttempt(Work):
    def service_ns(self, job: Job) -> int:
        if job.call == 0:
            return super().service_ns(job)
        visitor, step, number = job.attempt.name
        call = self.steps[step].calls[job.call - 1]
        law = call.service or self.launch.system.stations[call.station].service
        return self.launch.drawn_ns(law, draws.SERVICE, visitor, step, number)


@wrong("calls", "work_type")
class CalledStationsRefusalIsSeenFromThere(Work):
    """A refused call counts with the round trip of the station that refused."""

    def turn_away(self, job: Job, result: Result, by: Station) -> None:
        if job.call:
            round_trips_ns, step = self.launch.clients.round_trips_ns, job.attempt.step
            said_ns, round_trips_ns[step] = round_trips_ns[step], by.said.round_trip_ns
            super().turn_away(job, result, by)
            round_trips_ns[step] = said_ns
        else:
            super().turn_away(job, result, by)


@wrong("calls", "work_type")
class RefusedCallKeepsTheServer(Work):
    """It is freed a little later: after what waits has been looked at."""

    def turn_away(self, job: Job, result: Result, by: Station) -> None:
        attempt = job.attempt
        if job is attempt.called:
            attempt.called = None
            self.refuse(attempt, result, by)
        else:
            super().turn_away(job, result, by)


@wrong("calls to its own station", "work_type")
class WhoCallsHisStationNeedsNoServer(Work):
    """A call to the station whose server is held is served by that server."""

    def send_call(self, attempt: Attempt, number: int) -> None:
        call = self.step_of(attempt).calls[number - 1]
        own = self.station_of(attempt)
        if self.stations[call.station] is not own or attempt.own is None:
            super().send_call(attempt, number)
            return
        instance = attempt.own.instance
        if instance is None:
            super().send_call(attempt, number)
            return
        instance.let_go(attempt.own)
        self.freed.clear()
        super().send_call(attempt, number)


@wrong("holds", "work_type")
class SeatsAreNotHeld(Work):
    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        return True


@wrong("holds", "work_type")
class SeatIsFreeAtOnce(Work):
    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        instance = self.stations[holds.station].instances[0]
        return instance.has_free_seat()


@wrong("holds", "work_type")
class WhoWaitsHasNoRightToASeat(Work):
    """A seat is taken though jobs wait for a server."""

    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        instance = self.stations[holds.station].instances[0]
        waiting, instance.waiting = instance.waiting, type(instance.waiting)()
        taken = super().takes_seat(attempt, holds)
        instance.waiting = waiting
        return taken


@wrong("holds", "work_type")
class SeatBeforeTheServerIsFreed(Work):
    def complete(self, attempt: Attempt) -> None:
        holds = self.step_of(attempt).holds
        seated = holds is None or self.takes_seat(attempt, holds)
        self.let_go(attempt.own)
        attempt.own = None
        if seated:
            self.launch.clients.succeed(attempt)
        else:
            assert holds is not None
            self.refuse(attempt, Result.TURNED_AWAY, self.stations[holds.station])


@wrong("holds", "work_type")
class WastedWorkHoldsNothing(Work):
    def takes_seat(self, attempt: Attempt, holds: Hold) -> bool:
        return not self.launch.clients.answer_is_seen(attempt) or super().takes_seat(attempt, holds)


@wrong("holds", "work_type")
class FullSeatsAreFailures(Work):
    """Not turned away by the station of the seat, but failed."""

    def refuse(self, attempt: Attempt, result: Result, by: Station) -> None:
        step: Step = self.step_of(attempt)
        seat = step.holds is not None and self.stations[step.holds.station] is by
        super().refuse(attempt, Result.FAILED if seat else result, by)


@wrong("retry after", "work_type")
class RetryAfterIsThatOfTheStep(Work):
    """Not of the station that refused."""

    def refuse(self, attempt: Attempt, result: Result, by: Station) -> None:
        super().refuse(attempt, result, self.station_of(attempt))


@wrong("retry after", "work_type")
class FailuresAskToWaitToo(Work):
    def refuse(self, attempt: Attempt, result: Result, by: Station) -> None:
        self.launch.clients.fail(attempt, result, by.said.retry_after_ns)


@wrong("failures", "work_type")
class OnlyWorkOfTheFailedInstanceIsLost(Work):
    """What is lost there is still worked on elsewhere."""

    def lose(self, instance: object) -> None:
        for attempt in instance.attempts():  # type: ignore[attr-defined]
            for job in (attempt.called, attempt.own):
                if job is not None and job.instance is instance:
                    self.let_go(job)
            self.launch.clients.fail(attempt, Result.FAILED)
        self.use_free_servers()


@wrong("failures", "work_type")
class FreeServersAreUsedAtOnceInAFailure(Work):
    def drop(self, attempt: Attempt) -> None:
        super().drop(attempt)
        if not attempt.is_awaited or attempt.deadline_ns > self.clock.now_ns:
            self.use_free_servers()
