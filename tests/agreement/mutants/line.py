"""Mutants of who stands in line, and for how long."""

from simulator.engine.readable.line.line import Line
from simulator.engine.readable.line.queue import AtRandom
from simulator.engine.readable.line.release import ByTokens
from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.visit import Visit
from simulator.engine.rules import REFRESH
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import LineKind, Policy
from simulator.timetable import draws
from simulator.units import FOREVER
from tests.agreement.mutants.mutant import always, but, wrong


class OpenLineIsJoined(Line):
    def arrive(self, visit: Visit) -> None:
        if self.policy is Policy.OPEN and not self.is_full():
            self.join(visit)
        else:
            super().arrive(visit)


class ListIsLeftAloud(Line):
    def leaves_silently(self, visit: Visit) -> bool:
        u = self.timetable.uniform(draws.SILENCE, visit.visitor)
        return u < visit.people.silent


class LooksOfTheClock(Line):
    """Everybody looks at the same instants, whenever he joined."""

    def first_look_ns(self, visit: Visit, from_ns: int) -> int:
        every_ns = max(1, self.waitlist.poll_every_ns)
        return -(-from_ns // every_ns) * every_ns


class HeBalksAtAFullLine(Line):
    """The wait is announced before it is seen that the line is full."""

    def arrive(self, visit: Visit) -> None:
        if self.policy is not Policy.OPEN and self.is_full() and self.balks(visit):
            self.world.leave(visit, Fate.BALKED, self.clock.now_ns)
        else:
            super().arrive(visit)


class HeCountsHimself(Line):
    def balks(self, visit: Visit) -> bool:
        would_wait_ns = self.world.drawn_ns(visit.people.balks, draws.BALKING, visit.visitor)
        return self.release.announced_wait_ns(self.places_taken() + 1) > would_wait_ns


class EqualWaitIsTooLong(Line):
    def balks(self, visit: Visit) -> bool:
        would_wait_ns = self.world.drawn_ns(visit.people.balks, draws.BALKING, visit.visitor)
        return self.release.announced_wait_ns(self.places_taken()) >= would_wait_ns


class PatienceIsForEver(Line):
    def begin_patience(self, visit: Visit) -> None:
        visit.loses_patience_ns = FOREVER


class WhoWasCalledHasPatience(Line):
    def lose_patience(self, visit: Visit) -> None:
        if visit.calls == 0:
            super().lose_patience(visit)


class LookThenNotice(Line):
    """He looks, and enters when he would have noticed."""

    def look_ns(self, visit: Visit, number: int) -> int:
        answers_after = visit.people.answers_after
        after_ns = self.world.drawn_ns(answers_after, draws.ANSWER, visit.visitor, 0, number)
        return self.first_look_ns(visit, self.clock.now_ns) + after_ns


class ExpiredGoToTheEndAnyway(Line):
    def expire(self, visit: Visit) -> None:
        if visit.is_in_line:
            self.queue.to_the_end(visit)
            self.release.plan()


class ExpiredAreOutAnyway(Line):
    def expire(self, visit: Visit) -> None:
        if visit.is_in_line:
            self.world.leave(visit, Fate.NO_SHOW, self.clock.now_ns)


class ExpiredGoToTheFront(Line):
    def expire(self, visit: Visit) -> None:
        super().expire(visit)
        self.queue.ahead(visit, 1 << 40)


class PatienceBeginsAgain(Line):
    def expire(self, visit: Visit) -> None:
        super().expire(visit)
        if visit.is_in_line:
            self.begin_patience(visit)

    def lose_patience(self, visit: Visit) -> None:
        if self.clock.now_ns >= visit.loses_patience_ns:
            super().lose_patience(visit)


class RefreshOnlyOnce(Line):
    def plan_refresh(self, visit: Visit, number: int) -> None:
        if number == 0:
            super().plan_refresh(visit, number)


class RefreshGoesOnAfterACall(Line):
    def refresh(self, visit: Visit, number: int) -> None:
        if visit.is_in_line:
            if visit.calls == 0 or self.has_a_place(visit):
                self.queue.to_the_end(visit)
            self.plan_refresh(visit, number + 1)

    def has_a_place(self, visit: Visit) -> bool:
        standing = self.queue.index if isinstance(self.queue, AtRandom) else self.queue.standing  # type: ignore[attr-defined]
        return visit.visitor in standing


class SecondRefreshRepeatsTheFirst(Line):
    def plan_refresh(self, visit: Visit, number: int) -> None:
        after_ns = self.world.drawn_ns(
            visit.people.refreshes, draws.REFRESH, visit.visitor, 0, max(0, number - 1)
        )
        key = (REFRESH, visit.visitor, number, 0, 0)
        self.clock.at_the_line(self.clock.now_ns + after_ns, key, self.refresh, visit, number)


class OpeningLetsEverybodyInAtOnce(Line):
    """Without their looks, answers and no-shows."""

    def let_everybody_in(self) -> None:
        while len(self.queue):
            visit = self.queue.first()
            if visit.is_in_line and visit.let_in_ns == UNKNOWN:
                visit.calls += 1
                self.release.called(visit, comes=True)
                self.let_in(visit)


class OpeningTakesTokens(Line):
    def let_everybody_in(self) -> None:
        while len(self.queue):
            self.call_first()
            if isinstance(self.release, ByTokens):
                self.release.bucket.take(self.clock.now_ns)


class OpeningTakesNoSlots(Line):
    def let_everybody_in(self) -> None:
        while len(self.queue):
            self.call_first()
            if isinstance(self.release, BySlots):
                self.release.taken -= 1


class CallsOfAnOpeningCount(Line):
    def let_everybody_in(self) -> None:
        while len(self.queue):
            self.call_first()
            if isinstance(self.release, BySlots):
                self.release.minute_has_had_its_calls()
                self.release.calls_in_minute += 1


class ClosingIsIgnored(Line):
    def set_policy(self, policy: Policy) -> None:
        if policy is Policy.OPEN:
            super().set_policy(policy)


MUTANTS = (
    *wrong("open line", OpenLineIsJoined),
    *wrong("callback list", ListIsLeftAloud),
    *wrong("polls",
        but("LookBeforeTheCall", Line,
            first_look_ns=lambda self, visit, from_ns: Line.first_look_ns(self, visit, from_ns + (self.waitlist.poll_every_ns > 0))),
        but("LooksAreNotAwaited", Line, first_look_ns=lambda self, visit, from_ns: from_ns),
        LooksOfTheClock),
    *wrong("full line",
        but("OneMoreStandsInLine", Line, is_full=lambda self: self.places_taken() > self.waitlist.places),
        always("FullLineTurnsNobodyAway", Line, is_full=False), HeBalksAtAFullLine),
    *wrong("balking",
        always("NobodyBalks", Line, balks=False), HeCountsHimself, EqualWaitIsTooLong),
    *wrong("silence",
        but("TheSilentSayGoodbye", Line, leaves_silently=lambda self, visit: self.waitlist.kind is LineKind.LIST),
        but("OneSilentGroupIsAllSilent", Line,
            leaves_silently=lambda self, visit: Line.leaves_silently(self, visit) or visit.people.silent > 0)),
    *wrong("patience",
        PatienceIsForEver, WhoWasCalledHasPatience,
        # Everybody's place stays until it is called.
        always("WhoLeftStandsThereStill", Line, leaves_silently=True)),
    *wrong("no-shows",
        always("EverybodyShowsUp", Line, shows_up=True),
        but("WhoMissesOneCallMissesAll", Line, shows_up=lambda self, visit, number: Line.shows_up(self, visit, 0))),
    *wrong("late answers",
        but("CallsAreNoticedAtOnce", Line,
            look_ns=lambda self, visit, number: self.first_look_ns(visit, self.clock.now_ns)),
        LookThenNotice),
    *wrong("expiry, out",
        but("CallsDoNotExpire", Line, call_ends_ns=lambda self: FOREVER),
        but("CallExpiresAnInstantSooner", Line, call_ends_ns=lambda self: Line.call_ends_ns(self) - 1),
        ExpiredGoToTheEndAnyway),
    *wrong("expiry, to the end", ExpiredAreOutAnyway, ExpiredGoToTheFront, PatienceBeginsAgain),
    *wrong("refreshes",
        always("NobodyRefreshes", Line, plan_refresh=None), RefreshOnlyOnce,
        RefreshGoesOnAfterACall, SecondRefreshRepeatsTheFirst),
    *wrong("referrals", always("NobodyBringsAnybody", Line, plan_referral=None)),
    *wrong("change of policy",
        always("OpeningCallsNobody", Line, let_everybody_in=None), OpeningLetsEverybodyInAtOnce,
        OpeningTakesTokens, ClosingIsIgnored),
    *wrong("slots, calls a minute", CallsOfAnOpeningCount, needs=("change of policy",)),
    *wrong("change of policy", OpeningTakesNoSlots, needs=("slots",)),
)  # fmt: skip
