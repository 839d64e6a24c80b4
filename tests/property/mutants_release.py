"""Mutants of when a line is let in."""

from __future__ import annotations

from simulator import system
from simulator.readable import Launch
from simulator.readable_bucket import Bucket
from simulator.readable_minute import ByMinute, MinuteLine
from simulator.readable_release import ByFeedback, ByTokens, InBatches
from simulator.readable_slots import BySlots
from simulator.readable_visit import Visit
from simulator.system import NS_PER_MINUTE, Policy, Signal
from tests.property.mutant import wrong

# Tokens


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
    def __init__(self, launch: Launch, said: system.TokenBucket) -> None:
        super().__init__(launch, said)
        self.opens_ns = 0


@wrong("late opening", "tokens_type")
class BucketFillsFromTheLinesOpening(ByTokens):
    def __init__(self, launch: Launch, said: system.TokenBucket) -> None:
        super().__init__(launch, said)
        self.bucket.full_at_ns = self.opens_ns + (said.burst - 1) * said.spacing_ns


# Batches


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


# Slots


@wrong("slots", "slots_type")
class OneSlotMore(BySlots):
    def has_free_slot(self) -> bool:
        return self.taken <= self.total


@wrong("slots", "slots_type")
class SlotIsTakenOnEntry(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        """A call takes nothing."""

    def holds_slot_already(self, visit: Visit) -> bool:
        return False


@wrong("slots", "slots_type")
class WastedCallKeepsItsSlot(BySlots):
    def kept_for_nothing_ns(self) -> int:
        return self.said.session_ns


@wrong("slots", "slots_type")
class WastedCallTakesNoSlot(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        if comes:
            super().called(visit, comes=comes)
        else:
            self.plan()


@wrong("slots", "slots_type")
class OpenLineTakesNoSlots(BySlots):
    def entered(self, visit: Visit) -> None:
        if visit.calls > 0:
            super().entered(visit)


@wrong("slots", "slots_type")
class SessionBeginsWithTheCall(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        super().called(visit, comes=comes)
        if comes:
            self.begin(visit)

    def begin(self, visit: Visit) -> None:
        if not visit.is_in or visit.calls == 0:
            super().begin(visit)


@wrong("slots", "slots_type")
class AnnouncedWaitForgetsTheSlots(BySlots):
    def announced_wait_ns(self, places_taken: int) -> int:
        return places_taken // max(1, self.total) * self.said.session_ns


@wrong("slots, calls a minute", "slots_type")
class CallsOfAMinuteIgnored(BySlots):
    def minute_has_had_its_calls(self) -> bool:
        return False


@wrong("slots, calls a minute", "slots_type")
class CallsOfAnOpeningCount(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        super().called(visit, comes=comes)
        if self.launch.line.policy is Policy.OPEN:
            self.minute_has_had_its_calls()
            self.calls_in_minute += 1


@wrong("slots, calls a minute", "slots_type")
class CallsOfTheLastMinuteCount(BySlots):
    def minute_has_had_its_calls(self) -> bool:
        last = self.calls_in_minute if self.clock.now_ns // NS_PER_MINUTE != self.minute else 0
        full = super().minute_has_had_its_calls()
        self.calls_in_minute += last // 2
        return full


@wrong("sessions renewed", "slots_type")
class SessionsAreNotRenewed(BySlots):
    def sent(self, visit: Visit) -> None:
        pass


@wrong("sessions renewed", "slots_type")
class OnlyRetriesRenewASession(BySlots):
    def sent(self, visit: Visit) -> None:
        if self.said.renews and visit.awaits is not None and visit.awaits.number > 0:
            super().sent(visit)


@wrong("sessions ended early", "slots_type")
class SessionsOutliveTheirVisits(BySlots):
    def left(self, visit: Visit, ended_ns: int) -> None:
        pass


@wrong("sessions ended early", "slots_type")
class SessionsEndWhenTheEndIsDecided(BySlots):
    """Not when the client sees it."""

    def left(self, visit: Visit, ended_ns: int) -> None:
        super().left(visit, min(ended_ns, self.clock.now_ns))


@wrong("change of slots", "slots_type")
class NewSlotsAreIgnored(BySlots):
    def set_total(self, total: int) -> None:
        pass


@wrong("change of slots", "slots_type")
class NewSlotsWaitForAnEnd(BySlots):
    def set_total(self, total: int) -> None:
        self.total = total


@wrong("change of policy", "slots_type")
class OpeningTakesNoSlots(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        super().called(visit, comes=comes)
        self.taken -= self.launch.line.policy is Policy.OPEN


@wrong("change of policy", "tokens_type")
class OpeningTakesTokens(ByTokens):
    def called(self, visit: Visit, *, comes: bool) -> None:
        if self.launch.line.policy is Policy.OPEN:
            self.bucket.take(self.clock.now_ns)


# By minute


@wrong("by minute", "minute_line_type")
class AnyMinuteMayEnter(MinuteLine):
    def is_first(self, visit: Visit) -> bool:
        return True


@wrong("by minute", "minute_line_type")
class NobodyLooksOnJoining(MinuteLine):
    def may_enter(self, visit: Visit) -> bool:
        return super().may_enter(visit) and self.clock.now_ns > visit.joined_ns


@wrong("by minute", "minute_line_type")
class OneMayEnterBeforeItOpens(MinuteLine):
    def may_enter(self, visit: Visit) -> bool:
        return self.is_first(visit) and self.release.has_room()


@wrong("by minute", "minute_type")
class OneMoreThanSlots(ByMinute):
    def has_room(self) -> bool:
        return self.seen_taken() <= self.total and self.seen_entries() < self.said.per_minute


@wrong("by minute", "minute_line_type")
class LaterVisitorOfAMinuteFirst(MinuteLine):
    """A policy that opens lets the later visitor in first."""

    def let_everybody_in(self) -> None:
        for _, visit in sorted(self.present.items(), reverse=True):
            self.let_in(visit)


@wrong("by minute, entries a minute", "minute_type")
class EntriesOfAMinuteIgnored(ByMinute):
    def seen_entries(self) -> int:
        return 0


@wrong("by minute, entries a minute", "minute_type")
class EntriesThroughAnOpenLineDoNotCount(ByMinute):
    def entered(self, visit: Visit) -> None:
        super().entered(visit)
        self.entries[self.this_minute()] -= self.launch.line.policy is Policy.OPEN


@wrong("by minute, entries a minute", "minute_type")
class AnnouncedWaitInWholeMinutes(ByMinute):
    def announced_wait_ns(self, places_taken: int) -> int:
        return places_taken // self.said.per_minute * NS_PER_MINUTE


@wrong("by minute, ghosts", "minute_line_type")
class NoGhosts(MinuteLine):
    def ghost_until_ns(self, visit: Visit) -> int:
        return self.clock.now_ns


@wrong("by minute, ghosts", "minute_line_type")
class GhostsFromTheEndOfPatience(MinuteLine):
    def ghost_until_ns(self, visit: Visit) -> int:
        return self.clock.now_ns + self.release.said.ghost_ns


@wrong("by minute, ghosts", "minute_line_type")
class GhostsAnInstantLonger(MinuteLine):
    def ghost_until_ns(self, visit: Visit) -> int:
        return super().ghost_until_ns(visit) + 1


@wrong("by minute, ghosts", "minute_line_type")
class GhostsAreNotAnnounced(MinuteLine):
    def places_taken(self) -> int:
        return len(self.present)


@wrong("by minute, blind", "minute_type")
class TheBlindSee(ByMinute):
    def seen_taken(self) -> int:
        return self.taken

    def seen_entries(self) -> int:
        return self.entries[self.this_minute()]


@wrong("by minute, blind", "minute_type")
class ThisMinuteIsPublished(ByMinute):
    def publish(self) -> None:
        super().publish()
        self.published_entries = self.entries[self.this_minute()]


@wrong("by minute, blind", "minute_type")
class SlotsArePublishedLive(ByMinute):
    def seen_taken(self) -> int:
        return self.taken


# Feedback


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
