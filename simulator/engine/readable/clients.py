"""What visitors do once they are in: step by step, with patience for answers and with retries."""

from __future__ import annotations

from simulator.engine.readable.visit import Attempt, Visit
from simulator.engine.readable.work import Work
from simulator.engine.readable.world import World
from simulator.engine.rules import SEND, TIMEOUT
from simulator.outcomes.rows import Fate, Result
from simulator.system.people import Jitter
from simulator.timetable import draws
from simulator.units import MILLION


class Clients:
    """Send attempts, wait for answers, and try again."""

    def __init__(self, world: World, work: Work) -> None:
        self.world, self.clock, self.timetable = world, world.clock, world.timetable
        self.work = work
        self.steps = world.system.steps
        self.journeys = [self.steps_of(index) for index in range(len(world.system.journeys))]
        """The numbers of the steps of each."""
        stations = world.system.stations
        self.round_trips_ns = [stations[step.station].round_trip_ns for step in self.steps]
        self.budgets = [self.full_budget(group) for group in range(len(world.system.people))]
        """Of each group, in millionths of a retry."""

    def steps_of(self, journey: int) -> range:
        first_step = self.world.system.first_step(journey)
        return range(first_step, first_step + len(self.world.system.journeys[journey].steps))

    # Step by step

    def enter(self, visit: Visit) -> None:
        first_step = self.journeys[visit.people.journey][0]
        think_ns = self.think_ns(visit, first_step)
        if think_ns == 0:
            self.send(visit, first_step, 0)
        else:
            self.plan_to_send(visit, first_step, 0, self.clock.now_ns + think_ns)

    def think_ns(self, visit: Visit, step: int) -> int:
        return self.world.drawn_ns(self.steps[step].think, draws.THINK, visit.visitor, step)

    def plan_to_send(self, visit: Visit, step: int, number: int, at_ns: int) -> None:
        key = (SEND, visit.visitor, step, number, 0)
        self.clock.at(at_ns, key, self.send, visit, step, number)

    def send(self, visit: Visit, step: int, number: int) -> None:
        now_ns = self.clock.now_ns
        attempt = Attempt(visit, step, number, now_ns, now_ns + visit.people.client_timeout_ns)
        visit.awaits = attempt
        self.world.in_flight += 1
        if number == 0:
            self.add_to_budget(visit)
        self.world.listener.sent(visit)
        self.clock.at(attempt.deadline_ns, attempt.key(TIMEOUT), self.time_out, attempt)
        self.work.begin(attempt)

    # Answers

    def answer_ns(self, attempt: Attempt) -> int:
        """When a client sees what is decided now about his attempt."""
        return self.clock.now_ns + self.round_trips_ns[attempt.step]

    def answer_is_seen(self, attempt: Attempt) -> bool:
        """Whether he still waits for it, and sees it in time; at the timeout is in time."""
        answer_ns = self.answer_ns(attempt)
        in_time = answer_ns <= attempt.deadline_ns and answer_ns < self.clock.end_ns
        return attempt.is_awaited and in_time

    def answer(self, attempt: Attempt, result: Result, retry_after_ns: int) -> None:
        """All work on an attempt is done, refused or lost; without a client it was wasted."""
        if not self.answer_is_seen(attempt):
            return
        if result is Result.SUCCESS:
            self.succeed(attempt)
        else:
            self.try_again(attempt, result, self.answer_ns(attempt), retry_after_ns)

    def succeed(self, attempt: Attempt) -> None:
        seen_ns = self.answer_ns(attempt)
        self.record(attempt, Result.SUCCESS, seen_ns)
        self.world.listener.decided(took_ns=seen_ns - attempt.sent_ns)
        self.go_on(attempt.visit, attempt.step + 1, seen_ns)

    def go_on(self, visit: Visit, step: int, from_ns: int) -> None:
        if step in self.journeys[visit.people.journey]:
            self.plan_to_send(visit, step, 0, from_ns + self.think_ns(visit, step))
        else:
            self.world.leave(visit, Fate.SERVED, from_ns)

    def time_out(self, attempt: Attempt) -> None:
        """The client gives an attempt up; the server may be told."""
        if not attempt.is_awaited:
            return
        took_ns = self.clock.now_ns - attempt.sent_ns
        self.world.listener.decided(took_ns=took_ns, timed_out=True)
        self.try_again(attempt, Result.TIMED_OUT, self.clock.now_ns, 0)
        if attempt.visit.people.cancels:
            self.work.drop(attempt)

    # Retries

    def try_again(
        self, attempt: Attempt, result: Result, seen_ns: int, retry_after_ns: int
    ) -> None:
        visit, following = attempt.visit, attempt.number + 1
        self.record(attempt, result, seen_ns)
        again_ns = seen_ns + self.pause_ns(attempt, retry_after_ns)
        if self.may_retry(visit, following, again_ns):
            self.plan_to_send(visit, attempt.step, following, again_ns)
        else:
            self.world.leave(visit, Fate.GAVE_UP, seen_ns)

    def may_retry(self, visit: Visit, number: int, at_ns: int) -> bool:
        return (
            self.has_attempts_left(visit, number)
            and self.has_time_left(visit, at_ns)
            and self.takes_from_budget(visit)
        )

    def has_attempts_left(self, visit: Visit, number: int) -> bool:
        return number < visit.people.retries.attempts

    def has_time_left(self, visit: Visit, at_ns: int) -> bool:
        return at_ns - visit.let_in_ns <= visit.people.gives_up_after_ns

    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        """How long a visitor waits after this attempt before he tries again."""
        pause_ns = self.jittered_ns(attempt)
        if retry_after_ns and self.honours_retry_after(attempt.visit):
            return max(pause_ns, retry_after_ns)
        return pause_ns

    def honours_retry_after(self, visit: Visit) -> bool:
        u = self.timetable.uniform(draws.HONOUR, visit.visitor)
        return u < visit.people.honours_retry_after

    def jittered_ns(self, attempt: Attempt) -> int:
        backoff_ns = self.backoff_ns(attempt)
        if attempt.visit.people.retries.jitter is Jitter.NONE:
            return backoff_ns
        return int(backoff_ns * self.timetable.uniform(draws.BACKOFF, *attempt.name))

    def backoff_ns(self, attempt: Attempt) -> int:
        retries = attempt.visit.people.retries
        return min(retries.cap_ns, retries.backoff_ns << attempt.number)

    # The retry budget

    def full_budget(self, group: int) -> int:
        return self.world.system.people[group].retries.budget_burst * MILLION

    def add_to_budget(self, visit: Visit) -> None:
        """Each first attempt of a step is worth a part of a retry of its group."""
        added = self.budgets[visit.group] + visit.people.retries.budget_millionths
        self.budgets[visit.group] = min(self.full_budget(visit.group), added)

    def takes_from_budget(self, visit: Visit) -> bool:
        """Whether the group can afford a retry, and then it has paid."""
        if visit.people.retries.budget_millionths == 0:
            return True
        if self.budgets[visit.group] < MILLION:
            return False
        self.budgets[visit.group] -= MILLION
        return True

    def record(self, attempt: Attempt, result: Result, finished_ns: int) -> None:
        """The end of an attempt, as its client sees it."""
        attempt.visit.awaits = None
        self.world.in_flight -= 1
        self.world.record(attempt, result, finished_ns)
