"""Mutants of when a line is let in, by tokens, in batches or by feedback."""

from __future__ import annotations

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.launch import Launch
from simulator.engine.readable.line.release import ByFeedback, ByTokens, InBatches
from simulator.engine.readable.visit import Visit
from simulator.system import line as system_line
from simulator.system.line import Policy, Signal
from tests.agreement.mutants.mutant import wrong


@wrong("token bucket", "bucket_type")
class BurstIgnored(Bucket):
    def ready_ns(self) -> int:
        return self.full_at_ns


@wrong("token bucket", "bucket_type")
class BucketEmptyAtTheOpening(Bucket):
    def full_at_first_ns(self) -> int:
        return self.burst * self.spacing_ns


@wrong("token bucket", "bucket_type")
class BucketOverflows(Bucket):
    def take(self, now_ns: int) -> None:
        self.full_at_ns += self.spacing_ns


@wrong("token bucket", "tokens_type")
class WastedCallTakesNoToken(ByTokens):
    def called(self, visit: Visit, *, comes: bool) -> None:
        if not visit.is_in_line and self.launch.line.policy is not Policy.OPEN:
            self.bucket.full_at_ns -= self.bucket.spacing_ns


@wrong("change of release", "bucket_type")
class NewSpacingMakesTokens(Bucket):
    def set_spacing(self, spacing_ns: int, now_ns: int) -> None:
        self.spacing_ns = spacing_ns


@wrong("change of release", "bucket_type")
class NewSpacingForgetsTheTokenInTheMaking(Bucket):
    def set_spacing(self, spacing_ns: int, now_ns: int) -> None:
        missing_ns = max(0, self.full_at_ns - now_ns)
        self.full_at_ns = now_ns + -(-missing_ns // self.spacing_ns) * spacing_ns
        self.spacing_ns = spacing_ns


@wrong("change of release", "feedback_type")
class RateStaysWhereTheSpacingChanged(ByFeedback):
    def set_spacing(self, spacing_ns: int) -> None:
        ByTokens.set_spacing(self, spacing_ns)


@wrong("late opening", "tokens_type")
class TokensBeforeTheLineOpens(ByTokens):
    def __init__(self, launch: Launch, said: system_line.TokenBucket) -> None:
        super().__init__(launch, said)
        self.opens_ns = 0


@wrong("late opening", "tokens_type")
class BucketFillsFromTheLinesOpening(ByTokens):
    def __init__(self, launch: Launch, said: system_line.TokenBucket) -> None:
        super().__init__(launch, said)
        self.bucket.full_at_ns = self.opens_ns + (said.burst - 1) * said.spacing_ns


@wrong("batches", "batches_type")
class FirstBatchComesLate(InBatches):
    def start(self) -> None:
        self.opens_ns += self.every_ns
        super().start()


@wrong("batches", "batches_type")
class BatchesOfTheLaunchsOpening(InBatches):
    """They are planned from the opening of the launch on."""

    def start(self) -> None:
        self.opens_ns = -(-self.opens_ns // self.every_ns) * self.every_ns
        super().start()


@wrong("batches", "batches_type")
class WhatIsLeftOfABatchIsSaved(InBatches):
    saved = 0

    def release(self) -> None:
        size, waiting = self.size + self.saved, len(self.launch.line.queue)
        self.saved = max(0, size - waiting)
        self.size, said = size, self.size
        super().release()
        self.size = said


@wrong("batches", "batches_type")
class PartOfABatchIsAWait(InBatches):
    def announced_wait_ns(self, places_taken: int) -> int:
        return places_taken * self.every_ns // self.size


@wrong("change of policy", "tokens_type")
class OpeningTakesTokens(ByTokens):
    def called(self, visit: Visit, *, comes: bool) -> None:
        if self.launch.line.policy is Policy.OPEN:
            self.bucket.take(self.clock.now_ns)


@wrong("feedback on attempts in flight", "feedback_type")
class LimitItselfIsOver(ByFeedback):
    def is_over(self) -> bool:
        if self.said.signal is Signal.IN_FLIGHT:
            return self.launch.clients.in_flight >= self.said.limit
        return super().is_over()


@wrong("feedback on attempts in flight", "feedback_type")
class WhatWasServedCounts(ByFeedback):
    """Attempts in flight are those that a station still works on."""

    def is_over(self) -> bool:
        if self.said.signal is not Signal.IN_FLIGHT:
            return super().is_over()
        stations = self.launch.work.stations
        at_work = sum(i.load() for station in stations for i in station.instances)
        return at_work > self.said.limit


@wrong("feedback on slow answers", "feedback_type")
class TimeoutsAreNotLate(ByFeedback):
    def decided(self, *, took_ns: int, timed_out: bool = False) -> None:
        if not timed_out:
            super().decided(took_ns=took_ns)


@wrong("feedback on slow answers", "feedback_type")
class HalfOfAllMayBeLate(ByFeedback):
    def is_over(self) -> bool:
        if self.said.signal is Signal.P95:
            return 2 * self.late > self.answers
        return super().is_over()


@wrong("feedback on slow answers", "feedback_type")
class AnswersOfAllPeriods(ByFeedback):
    def decide(self) -> None:
        answers, late = self.answers, self.late
        super().decide()
        self.answers, self.late = answers, late


@wrong("feedback on slow answers", "feedback_type")
class AnswerAtTheLimitIsLate(ByFeedback):
    def decided(self, *, took_ns: int, timed_out: bool = False) -> None:
        super().decided(took_ns=took_ns + 1, timed_out=timed_out)


@wrong("late feedback", "feedback_type")
class FeedbackIsNeverLate(ByFeedback):
    def decide(self) -> None:
        self.measured_over.extend([self.is_over()] * self.said.delay_periods)
        super().decide()


@wrong("late feedback", "feedback_type")
class RateRisesBeforeAnyMeasurement(ByFeedback):
    def start(self) -> None:
        self.measured_over.extend([False] * self.said.delay_periods)
        super().start()


@wrong("feedback on attempts in flight", "feedback_type")
class RateHasNoBounds(ByFeedback):
    def next_rate(self, *, over: bool) -> int:
        if over:
            return max(1, self.rate * self.said.cut_thousandths // 1000)
        return self.rate + self.said.step_rate


@wrong("feedback on attempts in flight", "feedback_type")
class RateIsCutByTheStep(ByFeedback):
    def next_rate(self, *, over: bool) -> int:
        if over:
            return max(self.said.lowest_rate, self.rate - self.said.step_rate)
        return super().next_rate(over=over)
