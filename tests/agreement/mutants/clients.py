"""Mutants of what visitors do once they are in."""

from __future__ import annotations

from simulator.engine.readable.clients import Clients
from simulator.engine.readable.visit import Attempt, Visit
from simulator.outcomes.rows import Fate, Result
from simulator.system.people import Jitter
from simulator.timetable import draws
from simulator.units import MILLION
from tests.agreement.mutants.mutant import wrong

# Answers


@wrong("client timeout", "clients_type")
class TimeoutBeatsEqualAnswer(Clients):
    def answer_is_seen(self, attempt: Attempt) -> bool:
        return super().answer_is_seen(attempt) and self.answer_ns(attempt) < attempt.deadline_ns


@wrong("client timeout", "clients_type")
class LateAnswersAreSeen(Clients):
    def answer_is_seen(self, attempt: Attempt) -> bool:
        return attempt.is_awaited and self.answer_ns(attempt) < self.clock.end_ns


@wrong("horizon and end", "clients_type")
class AnswerAtTheEndIsSeen(Clients):
    def answer_is_seen(self, attempt: Attempt) -> bool:
        return attempt.is_awaited and self.answer_ns(attempt) <= attempt.deadline_ns


@wrong("round trip", "clients_type")
class AnswerTakesNoTime(Clients):
    def answer_ns(self, attempt: Attempt) -> int:
        return self.clock.now_ns


@wrong("round trip", "clients_type")
class RefusalTakesNoTime(Clients):
    def fail(self, attempt: Attempt, result: Result, retry_after_ns: int = 0) -> None:
        if self.answer_is_seen(attempt):
            self.try_again(attempt, result, self.clock.now_ns, retry_after_ns)


class Secretive(Clients):
    """Clients that can give an attempt up without telling anybody."""

    def time_out_in_silence(self, attempt: Attempt) -> None:
        took_ns = self.clock.now_ns - attempt.sent_ns
        self.launch.line.release.decided(took_ns=took_ns, timed_out=True)
        self.try_again(attempt, Result.TIMED_OUT, self.clock.now_ns, 0)


@wrong("cancels", "clients_type")
class TheServerIsNeverTold(Secretive):
    def time_out(self, attempt: Attempt) -> None:
        if attempt.is_awaited:
            self.time_out_in_silence(attempt)


@wrong("cancels", "clients_type")
class TheServerIsAlwaysTold(Clients):
    def time_out(self, attempt: Attempt) -> None:
        awaited = attempt.is_awaited
        super().time_out(attempt)
        if awaited and not attempt.visit.people.cancels:
            self.launch.work.drop(attempt)
            self.launch.work.use_free_servers()


@wrong("cancels", "clients_type")
class OnlyRunningWorkIsDropped(Secretive):
    def time_out(self, attempt: Attempt) -> None:
        job = attempt.own
        waits = job is not None and job.instance is not None and job in job.instance.waiting
        if waits and attempt.is_awaited:
            self.time_out_in_silence(attempt)
        else:
            super().time_out(attempt)


# Retries


@wrong("retries", "clients_type")
class OneRetryMore(Clients):
    def has_attempts_left(self, visit: Visit, number: int) -> bool:
        return number <= visit.people.retries.attempts


@wrong("retries", "clients_type")
class BackoffWithoutCap(Clients):
    def backoff_ns(self, attempt: Attempt) -> int:
        return attempt.visit.people.retries.backoff_ns << attempt.number


@wrong("retries", "clients_type")
class BackoffDoesNotGrow(Clients):
    def backoff_ns(self, attempt: Attempt) -> int:
        retries = attempt.visit.people.retries
        return min(retries.cap_ns, retries.backoff_ns)


@wrong("retries", "clients_type")
class BackoffGrowsAtOnce(Clients):
    def backoff_ns(self, attempt: Attempt) -> int:
        retries = attempt.visit.people.retries
        return min(retries.cap_ns, retries.backoff_ns << attempt.number + 1)


@wrong("jitter", "clients_type")
class JitterIgnored(Clients):
    def jittered_ns(self, attempt: Attempt) -> int:
        return self.backoff_ns(attempt)


@wrong("jitter", "clients_type")
class JitterRoundedUp(Clients):
    def jittered_ns(self, attempt: Attempt) -> int:
        jittered = attempt.visit.people.retries.jitter is Jitter.FULL
        return min(self.backoff_ns(attempt), super().jittered_ns(attempt) + jittered)


@wrong("retry budget", "clients_type")
class BudgetIgnored(Clients):
    def takes_from_budget(self, visit: Visit) -> bool:
        return True


@wrong("retry budget", "clients_type")
class BudgetEmptyAtTheOpening(Clients):
    def __init__(self, launch: object) -> None:
        super().__init__(launch)  # type: ignore[arg-type]
        self.budgets = [0] * len(self.budgets)


@wrong("retry budget", "clients_type")
class BudgetOverflows(Clients):
    def add_to_budget(self, visit: Visit) -> None:
        self.budgets[visit.group] += visit.people.retries.budget_millionths


@wrong("retry budget", "clients_type")
class LastMillionIsKept(Clients):
    def takes_from_budget(self, visit: Visit) -> bool:
        unlimited = visit.people.retries.budget_millionths == 0
        return (unlimited or self.budgets[visit.group] > MILLION) and super().takes_from_budget(
            visit
        )


@wrong("retry budget", "clients_type")
class BudgetIsAskedFirst(Clients):
    """Also who has no attempts or time left takes from it."""

    def may_retry(self, visit: Visit, number: int, at_ns: int) -> bool:
        return (
            self.takes_from_budget(visit)
            and self.has_attempts_left(visit, number)
            and self.has_time_left(visit, at_ns)
        )


@wrong("several groups", "clients_type")
class AllGroupsShareABudget(Clients):
    def add_to_budget(self, visit: Visit) -> None:
        super().add_to_budget(visit)
        self.budgets = [self.budgets[visit.group]] * len(self.budgets)

    def takes_from_budget(self, visit: Visit) -> bool:
        allowed = super().takes_from_budget(visit)
        self.budgets = [self.budgets[visit.group]] * len(self.budgets)
        return allowed


@wrong("gives up after", "clients_type")
class NobodyGivesUpForTime(Clients):
    def has_time_left(self, visit: Visit, at_ns: int) -> bool:
        return True


@wrong("gives up after", "clients_type")
class TimeRunsFromArrival(Clients):
    def has_time_left(self, visit: Visit, at_ns: int) -> bool:
        return at_ns - visit.arrived_ns <= visit.people.gives_up_after_ns


@wrong("gives up after", "clients_type")
class LastInstantIsTooLate(Clients):
    def has_time_left(self, visit: Visit, at_ns: int) -> bool:
        return at_ns - visit.let_in_ns < visit.people.gives_up_after_ns


@wrong("gives up after", "clients_type")
class TimeIsUpWhenTheFailureIsSeen(Clients):
    """Who has time left at the answer may try again later."""

    def has_time_left(self, visit: Visit, at_ns: int) -> bool:
        return super().has_time_left(visit, self.clock.now_ns)


@wrong("honoured retry after", "clients_type")
class NobodyHonoursRetryAfter(Clients):
    def honours_retry_after(self, visit: Visit) -> bool:
        return False


@wrong("retry after", "clients_type")
class EverybodyHonoursRetryAfter(Clients):
    def honours_retry_after(self, visit: Visit) -> bool:
        return True


@wrong("honoured retry after", "clients_type")
class RetryAfterIsAddedToTheBackoff(Clients):
    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        honours = self.honours_retry_after(attempt.visit)
        return self.jittered_ns(attempt) + (retry_after_ns if honours else 0)


@wrong("honoured retry after", "clients_type")
class RetryAfterShortensTheBackoff(Clients):
    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        if retry_after_ns and self.honours_retry_after(attempt.visit):
            return retry_after_ns
        return self.jittered_ns(attempt)


@wrong("honoured retry after", "clients_type")
class HonourIsDrawnForEachAttempt(Clients):
    def pause_ns(self, attempt: Attempt, retry_after_ns: int) -> int:
        honour = attempt.visit.people.honours_retry_after
        if self.timetable.uniform(draws.HONOUR, *attempt.name) < honour:
            return max(self.jittered_ns(attempt), retry_after_ns)
        return self.jittered_ns(attempt)


# Steps


@wrong("think time", "clients_type")
class NobodyThinks(Clients):
    def think_ns(self, visit: Visit, step: int) -> int:
        return 0


@wrong("think time", "clients_type")
class NobodyThinksOnEntry(Clients):
    def enter(self, visit: Visit) -> None:
        self.send(visit, self.journeys[visit.people.journey][0], 0)


@wrong("think time", "clients_type")
class ThinkingOfTheStepBefore(Clients):
    def think_ns(self, visit: Visit, step: int) -> int:
        return super().think_ns(visit, max(0, step - 1))


@wrong("several steps", "clients_type")
class OneStepIsAll(Clients):
    def go_on(self, visit: Visit, step: int, from_ns: int) -> None:
        self.launch.leave(visit, Fate.SERVED, from_ns)


@wrong("several steps", "clients_type")
class OnlyTheFirstStepAddsToTheBudget(Clients):
    def add_to_budget(self, visit: Visit) -> None:
        if visit.awaits is not None and visit.awaits.step in [j[0] for j in self.journeys]:
            super().add_to_budget(visit)


@wrong("several journeys", "clients_type")
class EverybodyTakesTheFirstJourney(Clients):
    def __init__(self, launch: object) -> None:
        super().__init__(launch)  # type: ignore[arg-type]
        self.journeys = [self.journeys[0]] * len(self.journeys)
