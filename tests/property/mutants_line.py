"""Mutants of who stands in line, for how long, and in which order."""

from __future__ import annotations

from simulator import draws
from simulator.draws import FOREVER
from simulator.engine import REFRESH
from simulator.outcomes import UNKNOWN, Fate
from simulator.readable_line import Line
from simulator.readable_queue import NUMBERED, SHUFFLED, AtRandom, ByRank, InOrder
from simulator.readable_visit import Visit
from simulator.system import LineKind, Policy
from tests.property.mutant import wrong


@wrong("open line", "line_type")
class OpenLineIsJoined(Line):
    def arrive(self, visit: Visit) -> None:
        if self.policy is Policy.OPEN and not self.is_full():
            self.join(visit)
        else:
            super().arrive(visit)


@wrong("first come, first called", "queue_types", Policy.FIFO)
class LastComeFirstCalled(InOrder):
    def stand(self, visit: Visit, stage: int, number: int) -> None:
        super().stand(visit, stage, -number)


@wrong("random calls", "queue_types", Policy.RANDOM)
class FirstOfTheListIsCalled(AtRandom):
    def next_index(self) -> int:
        return 0


@wrong("random calls", "queue_types", Policy.RANDOM)
class OneDrawForAllCalls(AtRandom):
    def first(self) -> Visit:
        visit = super().first()
        self.calls = 0
        return visit


@wrong("random calls", "queue_types", Policy.RANDOM)
class ListCloses(AtRandom):
    """Who is taken out leaves no gap for the last one."""

    def leave(self, visit: Visit) -> None:
        if self.index.pop(visit.visitor, None) is not None:
            self.standing.remove(visit)
            self.index = {other.visitor: i for i, other in enumerate(self.standing)}


@wrong("random calls", "queue_types", Policy.RANDOM)
class NobodyGoesToTheEndOfTheList(AtRandom):
    def to_the_end(self, visit: Visit) -> None:
        if visit.visitor not in self.index:
            self.join(visit)


@wrong("priority", "queue_types", Policy.PRIORITY)
class RankIsIgnored(ByRank):
    def rank(self, visit: Visit) -> int:
        return 0


@wrong("priority", "queue_types", Policy.PRIORITY)
class HighestRankFirst(ByRank):
    def rank(self, visit: Visit) -> int:
        return -super().rank(visit)


@wrong("callback list", "line_type")
class ListIsLeftAloud(Line):
    def leaves_silently(self, visit: Visit) -> bool:
        u = self.timetable.uniform(draws.SILENCE, visit.visitor)
        return u < visit.people.silent


@wrong("polls", "line_type")
class LookBeforeTheCall(Line):
    def first_look_ns(self, visit: Visit, from_ns: int) -> int:
        return super().first_look_ns(visit, from_ns + (self.waitlist.poll_every_ns > 0))


@wrong("polls", "line_type")
class LooksAreNotAwaited(Line):
    def first_look_ns(self, visit: Visit, from_ns: int) -> int:
        return from_ns


@wrong("polls", "line_type")
class LooksOfTheClock(Line):
    """Everybody looks at the same instants, whenever he joined."""

    def first_look_ns(self, visit: Visit, from_ns: int) -> int:
        every_ns = max(1, self.waitlist.poll_every_ns)
        return -(-from_ns // every_ns) * every_ns


@wrong("shuffle", "queue_types", Policy.FIFO)
class NobodyIsShuffled(InOrder):
    def is_shuffled(self) -> bool:
        return False


@wrong("shuffle", "queue_types", Policy.FIFO)
class TheCrowdStandsBehind(InOrder):
    def stand(self, visit: Visit, stage: int, number: int) -> None:
        super().stand(visit, NUMBERED + SHUFFLED - stage, number)


@wrong("shuffle", "queue_types", Policy.FIFO)
class AtTheEndLotsCountAgain(InOrder):
    """Who goes to the end before the opening stays in the crowd."""

    def to_the_end(self, visit: Visit) -> None:
        if self.is_shuffled():
            self.stand(visit, SHUFFLED, self.lot(visit))
        else:
            super().to_the_end(visit)


@wrong("full line", "line_type")
class OneMoreStandsInLine(Line):
    def is_full(self) -> bool:
        return self.places_taken() > self.waitlist.places


@wrong("full line", "line_type")
class FullLineTurnsNobodyAway(Line):
    def is_full(self) -> bool:
        return False


@wrong("full line", "line_type")
class HeBalksAtAFullLine(Line):
    """The wait is announced before it is seen that the line is full."""

    def arrive(self, visit: Visit) -> None:
        if self.policy is not Policy.OPEN and self.is_full() and self.balks(visit):
            self.launch.leave(visit, Fate.BALKED, self.clock.now_ns)
        else:
            super().arrive(visit)


@wrong("balking", "line_type")
class NobodyBalks(Line):
    def balks(self, visit: Visit) -> bool:
        return False


@wrong("balking", "line_type")
class HeCountsHimself(Line):
    def balks(self, visit: Visit) -> bool:
        would_wait_ns = self.launch.drawn_ns(visit.people.balks, draws.BALKING, visit.visitor)
        return self.release.announced_wait_ns(self.places_taken() + 1) > would_wait_ns


@wrong("balking", "line_type")
class EqualWaitIsTooLong(Line):
    def balks(self, visit: Visit) -> bool:
        would_wait_ns = self.launch.drawn_ns(visit.people.balks, draws.BALKING, visit.visitor)
        return self.release.announced_wait_ns(self.places_taken()) >= would_wait_ns


@wrong("silence", "line_type")
class TheSilentSayGoodbye(Line):
    def leaves_silently(self, visit: Visit) -> bool:
        return self.waitlist.kind is LineKind.LIST


@wrong("silence", "line_type")
class OneSilentGroupIsAllSilent(Line):
    def leaves_silently(self, visit: Visit) -> bool:
        return super().leaves_silently(visit) or visit.people.silent > 0


@wrong("patience", "line_type")
class PatienceIsForEver(Line):
    def begin_patience(self, visit: Visit) -> None:
        visit.loses_patience_ns = FOREVER


@wrong("patience", "line_type")
class WhoWasCalledHasPatience(Line):
    def lose_patience(self, visit: Visit) -> None:
        if visit.calls == 0:
            super().lose_patience(visit)


@wrong("patience", "line_type")
class WhoLeftStandsThereStill(Line):
    """Everybody's place stays until it is called."""

    def leaves_silently(self, visit: Visit) -> bool:
        return True


@wrong("no-shows", "line_type")
class EverybodyShowsUp(Line):
    def shows_up(self, visit: Visit, number: int) -> bool:
        return True


@wrong("no-shows", "line_type")
class WhoMissesOneCallMissesAll(Line):
    def shows_up(self, visit: Visit, number: int) -> bool:
        return super().shows_up(visit, 0)


@wrong("late answers", "line_type")
class CallsAreNoticedAtOnce(Line):
    def look_ns(self, visit: Visit, number: int) -> int:
        return self.first_look_ns(visit, self.clock.now_ns)


@wrong("late answers", "line_type")
class LookThenNotice(Line):
    """He looks, and enters when he would have noticed."""

    def look_ns(self, visit: Visit, number: int) -> int:
        answers_after = visit.people.answers_after
        after_ns = self.launch.drawn_ns(answers_after, draws.ANSWER, visit.visitor, 0, number)
        return self.first_look_ns(visit, self.clock.now_ns) + after_ns


@wrong("expiry, out", "line_type")
class CallsDoNotExpire(Line):
    def call_ends_ns(self) -> int:
        return FOREVER


@wrong("expiry, out", "line_type")
class CallExpiresAnInstantSooner(Line):
    def call_ends_ns(self) -> int:
        return super().call_ends_ns() - 1


@wrong("expiry, out", "line_type")
class ExpiredGoToTheEndAnyway(Line):
    def expire(self, visit: Visit) -> None:
        if visit.is_in_line:
            self.queue.to_the_end(visit)
            self.release.plan()


@wrong("expiry, to the end", "line_type")
class ExpiredAreOutAnyway(Line):
    def expire(self, visit: Visit) -> None:
        if visit.is_in_line:
            self.launch.leave(visit, Fate.NO_SHOW, self.clock.now_ns)


@wrong("expiry, to the end", "line_type")
class ExpiredGoToTheFront(Line):
    def expire(self, visit: Visit) -> None:
        super().expire(visit)
        self.queue.ahead(visit, 1 << 40)


@wrong("expiry, to the end", "line_type")
class PatienceBeginsAgain(Line):
    def expire(self, visit: Visit) -> None:
        super().expire(visit)
        if visit.is_in_line:
            self.begin_patience(visit)

    def lose_patience(self, visit: Visit) -> None:
        if self.clock.now_ns >= visit.loses_patience_ns:
            super().lose_patience(visit)


@wrong("refreshes", "line_type")
class NobodyRefreshes(Line):
    def plan_refresh(self, visit: Visit, number: int) -> None:
        pass


@wrong("refreshes", "line_type")
class RefreshOnlyOnce(Line):
    def plan_refresh(self, visit: Visit, number: int) -> None:
        if number == 0:
            super().plan_refresh(visit, number)


@wrong("refreshes", "line_type")
class RefreshGoesOnAfterACall(Line):
    def refresh(self, visit: Visit, number: int) -> None:
        if visit.is_in_line:
            if visit.calls == 0 or self.has_a_place(visit):
                self.queue.to_the_end(visit)
            self.plan_refresh(visit, number + 1)

    def has_a_place(self, visit: Visit) -> bool:
        standing = self.queue.index if isinstance(self.queue, AtRandom) else self.queue.standing  # type: ignore[attr-defined]
        return visit.visitor in standing


@wrong("refreshes", "line_type")
class RefreshKeepsTheSameLuck(Line):
    def plan_refresh(self, visit: Visit, number: int) -> None:
        after_ns = self.launch.drawn_ns(visit.people.refreshes, draws.REFRESH, visit.visitor)
        at_ns, key = self.clock.now_ns + max(1, after_ns), (REFRESH, visit.visitor, number, 0, 0)
        self.clock.at_the_line(at_ns, key, self.refresh, visit, number)


@wrong("referrals", "line_type")
class NobodyBringsAnybody(Line):
    def plan_referral(self, visit: Visit) -> None:
        pass


@wrong("referrals", "queue_types", Policy.FIFO)
class AheadByOnePlaceLess(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        super().ahead(visit, places - 1)


@wrong("referrals", "queue_types", Policy.FIFO)
class AheadOfTheWholeLine(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        super().ahead(visit, places + (1 << 40))


@wrong("referrals", "queue_types", Policy.FIFO)
class TheCrowdMovesAheadToo(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        if visit.visitor in self.standing and self.standing[visit.visitor][0][1] == SHUFFLED:
            self.stand(visit, SHUFFLED, 0)
        else:
            super().ahead(visit, places)


@wrong("change of policy", "line_type")
class OpeningCallsNobody(Line):
    def let_everybody_in(self) -> None:
        pass


@wrong("change of policy", "line_type")
class OpeningLetsEverybodyInAtOnce(Line):
    """Without their looks, answers and no-shows."""

    def let_everybody_in(self) -> None:
        while len(self.queue):
            visit = self.queue.first()
            if visit.is_in_line and visit.let_in_ns == UNKNOWN:
                visit.calls += 1
                self.release.called(visit, comes=True)
                self.let_in(visit)


@wrong("change of policy", "line_type")
class ClosingIsIgnored(Line):
    def set_policy(self, policy: Policy) -> None:
        if policy is Policy.OPEN:
            super().set_policy(policy)
