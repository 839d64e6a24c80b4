"""Mutants of what visitors do once they are in."""

from simulator.engine.readable.clients import Clients
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.visit import Attempt, Visit
from simulator.engine.readable.work import Work
from simulator.engine.readable.world import World
from simulator.outcomes.rows import Fate, Result
from simulator.system.people import Jitter
from simulator.timetable import draws
from simulator.units import MILLION
from tests.agreement.mutants.mutant import always, but, wrong

# Answers


class RefusalTakesNoTime(Clients):
    def answer(self, attempt: Attempt, result: Result, retry_after_ns: int) -> None:
        if result is Result.SUCCESS:
            super().answer(attempt, result, retry_after_ns)
        elif self.answer_is_seen(attempt):
            self.try_again(attempt, result, self.clock.now_ns, retry_after_ns)


class Secretive(Clients):
    """Clients that can give an attempt up without telling anybody."""

    def time_out_in_silence(self, attempt: Attempt) -> None:
        took_ns = self.clock.now_ns - attempt.sent_ns
        self.world.listener.decided(took_ns=took_ns, timed_out=True)
        self.try_again(attempt, Result.TIMED_OUT, self.clock.now_ns, 0)


class TheServerIsNeverTold(Secretive):
    def time_out(self, attempt: Attempt) -> None:
        if attempt.is_awaited:
            self.time_out_in_silence(attempt)


class TheServerIsAlwaysTold(Clients):
    def time_out(self, attempt: Attempt) -> None:
        awaited = attempt.is_awaited
        super().time_out(attempt)
        if awaited and not attempt.visit.people.cancels:
            self.work.drop(attempt)


class OnlyRunningWorkIsDropped(Secretive):
    def time_out(self, attempt: Attempt) -> None:
        job = attempt.own
        waits = job is not None and isinstance(job.instance, Pool) and job in job.instance.waiting
        if waits and attempt.is_awaited:
            self.time_out_in_silence(attempt)
        else:
            super().time_out(attempt)


# Retries


class BackoffDoesNotGrow(Clients):
    def backoff_ns(self, attempt: Attempt) -> int:
        retries = attempt.visit.people.retries
        return min(retries.cap_ns, retries.backoff_ns)


class BackoffGrowsAtOnce(Clients):
    def backoff_ns(self, attempt: Attempt) -> int:
        retries = attempt.visit.people.retries
        return min(retries.cap_ns, retries.backoff_ns << attempt.number + 1)


class JitterRoundedUp(Clients):
    def jittered_ns(self, attempt: Attempt) -> int:
        jittered = attempt.visit.people.retries.jitter is Jitter.FULL
        return min(self.backoff_ns(attempt), super().jittered_ns(attempt) + jittered)


class BudgetEmptyAtTheOpening(Clients):
    def __init__(self, world: World, work: Work) -> None:
        super().__init__(world, work)
        self.budgets = [0] * len(self.budgets)


class BudgetOverflows(Clients):
    def add_to_budget(self, visit: Visit) -> None:
        self.budgets[visit.group] += visit.people.retries.budget_millionths


class LastMillionIsKept(Clients):
    def takes_from_budget(self, visit: Visit) -> bool:
        unlimited = visit.people.retries.budget_millionths == 0
        return (unlimited or self.budgets[visit.group] > MILLION) and super().takes_from_budget(
            visit
        )


class BudgetIsAskedFirst(Clients):
    """Also who has no attempts or time left takes from it."""

    def may_retry(self, visit: Visit, number: int, at_ns: int) -> bool:
        return (
            self.takes_from_budget(visit)
            and self.has_attempts_left(visit, number)
            and self.has_time_left(visit, at_ns)
        )


class InsideAllAreOfTheFirstGroup(Clients):
    def enter(self, visit: Visit) -> None:
        visit.people = self.world.system.people[0]
        super().enter(visit)


class AllGroupsShareABudget(Clients):
    def add_to_budget(self, visit: Visit) -> None:
        super().add_to_budget(visit)
        self.budgets = [self.budgets[visit.group]] * len(self.budgets)

    def takes_from_budget(self, visit: Visit) -> bool:
        allowed = super().takes_from_budget(visit)
        self.budgets = [self.budgets[visit.group]] * len(self.budgets)
        return allowed


class RetryAfterIsAddedToTheBackoff(Clients):
    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        honours = self.honours_retry_after(attempt.visit)
        return self.jittered_ns(attempt) + (retry_after_ns if honours else 0)


class RetryAfterShortensTheBackoff(Clients):
    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        if retry_after_ns and self.honours_retry_after(attempt.visit):
            return retry_after_ns
        return self.jittered_ns(attempt)


class HonourIsDrawnForEachAttempt(Clients):
    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        honour = attempt.visit.people.honours_retry_after
        if self.timetable.uniform(draws.HONOUR, *attempt.name) < honour:
            return max(self.jittered_ns(attempt), retry_after_ns)
        return self.jittered_ns(attempt)


class WhoTimedOutIsInFlightForEver(Clients):
    def record(self, attempt: Attempt, result: Result, finished_ns: int) -> None:
        super().record(attempt, result, finished_ns)
        self.world.in_flight += result is Result.TIMED_OUT


# Steps


class OnlyTheFirstStepAddsToTheBudget(Clients):
    def add_to_budget(self, visit: Visit) -> None:
        if visit.awaits is not None and visit.awaits.step in [j[0] for j in self.journeys]:
            super().add_to_budget(visit)


class EverybodyTakesTheFirstJourney(Clients):
    def __init__(self, world: World, work: Work) -> None:
        super().__init__(world, work)
        self.journeys = [self.journeys[0]] * len(self.journeys)


MUTANTS = (
    *wrong("client timeout",
        but("TimeoutBeatsEqualAnswer", Clients,
            answer_is_seen=lambda self, attempt: Clients.answer_is_seen(self, attempt) and self.answer_ns(attempt) < attempt.deadline_ns),
        but("LateAnswersAreSeen", Clients,
            answer_is_seen=lambda self, attempt: attempt.is_awaited and self.answer_ns(attempt) < self.clock.end_ns)),
    *wrong("horizon and end",
        but("AnswerAtTheEndIsSeen", Clients,
            answer_is_seen=lambda self, attempt: attempt.is_awaited and self.answer_ns(attempt) <= attempt.deadline_ns)),
    *wrong("round trip",
        but("AnswerTakesNoTime", Clients, answer_ns=lambda self, attempt: self.clock.now_ns),
        RefusalTakesNoTime),
    *wrong("cancels", TheServerIsNeverTold, TheServerIsAlwaysTold, OnlyRunningWorkIsDropped),
    *wrong("retries",
        but("OneRetryMore", Clients,
            has_attempts_left=lambda self, visit, number: number <= visit.people.retries.attempts),
        but("BackoffWithoutCap", Clients,
            backoff_ns=lambda self, attempt: attempt.visit.people.retries.backoff_ns << attempt.number),
        BackoffDoesNotGrow, BackoffGrowsAtOnce),
    *wrong("jitter",
        but("JitterIgnored", Clients, jittered_ns=lambda self, attempt: self.backoff_ns(attempt)),
        JitterRoundedUp),
    *wrong("retry budget",
        always("BudgetIgnored", Clients, takes_from_budget=True), BudgetEmptyAtTheOpening,
        BudgetOverflows, LastMillionIsKept, BudgetIsAskedFirst),
    *wrong("several groups", InsideAllAreOfTheFirstGroup),
    *wrong("gives up after",
        always("NobodyGivesUpForTime", Clients, has_time_left=True),
        but("TimeRunsFromArrival", Clients,
            has_time_left=lambda self, visit, at_ns: at_ns - visit.arrived_ns <= visit.people.gives_up_after_ns),
        but("LastInstantIsTooLate", Clients,
            has_time_left=lambda self, visit, at_ns: at_ns - visit.let_in_ns < visit.people.gives_up_after_ns),
        # Who has time left at the answer may try again later.
        but("TimeIsUpWhenTheFailureIsSeen", Clients,
            has_time_left=lambda self, visit, at_ns: Clients.has_time_left(self, visit, self.clock.now_ns))),
    *wrong("honoured retry after",
        always("NobodyHonoursRetryAfter", Clients, honours_retry_after=False),
        RetryAfterIsAddedToTheBackoff, RetryAfterShortensTheBackoff, HonourIsDrawnForEachAttempt),
    *wrong("retry after", always("EverybodyHonoursRetryAfter", Clients, honours_retry_after=True)),
    *wrong("feedback on attempts in flight", WhoTimedOutIsInFlightForEver),
    *wrong("think time",
        always("NobodyThinks", Clients, think_ns=0),
        but("NobodyThinksOnEntry", Clients,
            enter=lambda self, visit: self.send(visit, self.journeys[visit.people.journey][0], 0)),
        but("ThinkingOfTheStepBefore", Clients,
            think_ns=lambda self, visit, step: Clients.think_ns(self, visit, max(0, step - 1)))),
    *wrong("several steps",
        but("OneStepIsAll", Clients,
            go_on=lambda self, visit, step, from_ns: self.world.leave(visit, Fate.SERVED, from_ns))),
    *wrong("several journeys", EverybodyTakesTheFirstJourney),
    *wrong("several groups", AllGroupsShareABudget, needs=("retry budget",)),
    *wrong("several steps", OnlyTheFirstStepAddsToTheBudget, needs=("retry budget",)),
)  # fmt: skip
