"""Mutants of when a line is let in, by tokens, in batches or by feedback."""

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.line.release import ByFeedback, ByTokens, InBatches
from simulator.engine.readable.visit import Visit
from simulator.system.line import Signal
from tests.agreement.mutants.mutant import but, wrong


class BucketOverflows(Bucket):
    def take(self, now_ns: int) -> None:
        self.full_at_ns += self.spacing_ns


class WastedCallTakesNoToken(ByTokens):
    is_wasted = False

    def called(self, visit: Visit, *, comes: bool) -> None:
        self.is_wasted = not visit.is_in_line

    def release(self) -> None:
        self.is_wasted = False
        super().release()
        if self.is_wasted:
            self.bucket.full_at_ns -= self.bucket.spacing_ns
            self.plan()


class NewSpacingMakesTokens(Bucket):
    def set_spacing(self, spacing_ns: int, now_ns: int) -> None:
        self.spacing_ns = spacing_ns


class NewSpacingForgetsTheTokenInTheMaking(Bucket):
    def set_spacing(self, spacing_ns: int, now_ns: int) -> None:
        missing_ns = max(0, self.full_at_ns - now_ns)
        self.full_at_ns = now_ns + -(-missing_ns // self.spacing_ns) * spacing_ns
        self.spacing_ns = spacing_ns


class TokensBeforeTheLineOpens(ByTokens):
    def start(self) -> None:
        self.opens_ns = 0


class BucketFillsFromTheLinesOpening(ByTokens):
    def start(self) -> None:
        self.bucket.full_at_ns = self.opens_ns + (self.bucket.burst - 1) * self.bucket.spacing_ns


class FirstBatchComesLate(InBatches):
    def start(self) -> None:
        self.opens_ns += self.every_ns
        super().start()


class BatchesOfTheLaunchsOpening(InBatches):
    """They are planned from the opening of the launch on."""

    def start(self) -> None:
        self.opens_ns = -(-self.opens_ns // self.every_ns) * self.every_ns
        super().start()


class WhatIsLeftOfABatchIsSaved(InBatches):
    saved = 0

    def release(self) -> None:
        size, waiting = self.size + self.saved, len(self.queue)
        self.saved = max(0, size - waiting)
        self.size, said = size, self.size
        super().release()
        self.size = said


class LimitItselfIsOver(ByFeedback):
    def is_over(self) -> bool:
        if self.said.signal is Signal.IN_FLIGHT:
            return self.world.in_flight >= self.said.limit
        return super().is_over()


class TimeoutsAreNotLate(ByFeedback):
    def decided(self, *, took_ns: int, timed_out: bool = False) -> None:
        if not timed_out:
            super().decided(took_ns=took_ns)


class HalfOfAllMayBeLate(ByFeedback):
    def is_over(self) -> bool:
        if self.said.signal is Signal.P95:
            return 2 * self.late > self.answers
        return super().is_over()


class AnswersOfAllPeriods(ByFeedback):
    def decide(self) -> None:
        answers, late = self.answers, self.late
        super().decide()
        self.answers, self.late = answers, late


class FeedbackIsNeverLate(ByFeedback):
    def decide(self) -> None:
        self.measured_over.extend([self.is_over()] * self.said.delay_periods)
        super().decide()


class RateRisesBeforeAnyMeasurement(ByFeedback):
    def start(self) -> None:
        self.measured_over.extend([False] * self.said.delay_periods)
        super().start()


class RateHasNoBounds(ByFeedback):
    def next_rate(self, *, over: bool) -> int:
        if over:
            return max(1, self.rate * self.said.cut_thousandths // 1000)
        return self.rate + self.said.step_rate


class RateIsCutByTheStep(ByFeedback):
    def next_rate(self, *, over: bool) -> int:
        if over:
            return max(self.said.lowest_rate, self.rate - self.said.step_rate)
        return super().next_rate(over=over)


MUTANTS = (
    *wrong("token bucket",
        but("BurstIgnored", Bucket, ready_ns=lambda self: self.full_at_ns),
        but("BucketEmptyAtTheOpening", Bucket, full_at_first_ns=lambda self: self.burst * self.spacing_ns),
        BucketOverflows, WastedCallTakesNoToken),
    *wrong("change of release", NewSpacingMakesTokens, NewSpacingForgetsTheTokenInTheMaking),
    *wrong("late opening", TokensBeforeTheLineOpens, BucketFillsFromTheLinesOpening),
    *wrong("feedback on attempts in flight",
        LimitItselfIsOver, RateHasNoBounds, RateIsCutByTheStep),
    *wrong("feedback on slow answers",
        TimeoutsAreNotLate, HalfOfAllMayBeLate, AnswersOfAllPeriods,
        but("AnswerAtTheLimitIsLate", ByFeedback,
            decided=lambda self, *, took_ns, timed_out=False: ByFeedback.decided(self, took_ns=took_ns + 1, timed_out=timed_out))),
    *wrong("late feedback", FeedbackIsNeverLate, RateRisesBeforeAnyMeasurement),
    *wrong("batches",
        FirstBatchComesLate, BatchesOfTheLaunchsOpening, WhatIsLeftOfABatchIsSaved,
        but("PartOfABatchIsAWait", InBatches,
            announced_wait_ns=lambda self, places_taken: places_taken * self.every_ns // self.size)),
    *wrong("change of release",
        but("RateStaysWhereTheSpacingChanged", ByFeedback,
            set_spacing=ByTokens.set_spacing),
        needs=("feedback on attempts in flight",)),
)  # fmt: skip
