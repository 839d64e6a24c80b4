"""Mutants of session slots, and of the line by minute."""

from simulator.engine.readable.line.minute import ByMinute, MinuteLine
from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.visit import Visit
from simulator.system.line import Policy
from simulator.units import NS_PER_MINUTE
from tests.agreement.mutants.mutant import always, wrong


class OneSlotMore(BySlots):
    def has_free_slot(self) -> bool:
        return self.taken <= self.total


class SlotIsTakenOnEntry(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        """A call takes nothing."""

    def holds_slot_already(self, visit: Visit) -> bool:
        return False


class WastedCallKeepsItsSlot(BySlots):
    def kept_for_nothing_ns(self) -> int:
        return self.said.session_ns


class WastedCallTakesNoSlot(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        if comes:
            super().called(visit, comes=comes)
        else:
            self.plan()


class OpenLineTakesNoSlots(BySlots):
    def entered(self, visit: Visit) -> None:
        if visit.calls > 0:
            super().entered(visit)


class SessionBeginsWithTheCall(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        super().called(visit, comes=comes)
        if comes:
            self.begin(visit)

    def begin(self, visit: Visit) -> None:
        if not visit.is_in or visit.calls == 0:
            super().begin(visit)


class AnnouncedWaitForgetsTheSlots(BySlots):
    def slots_wait_ns(self, places_taken: int) -> int:
        return self.needed(places_taken) // max(1, self.total) * self.held_ns


class WhoIsInDoesNotCountInTheAnnouncedWait(BySlots):
    def needed(self, places_taken: int) -> int:
        return places_taken


class AnnouncedWaitIsThatOfWholeSessions(BySlots):
    def note_held(self, held_ns: int) -> None:
        """However long slots are held."""


class AnnouncedWaitRemembersAllSlots(BySlots):
    def weight(self) -> int:
        return self.freed


class SlotIsHeldFromTheEntry(BySlots):
    def begin(self, visit: Visit) -> None:
        super().begin(visit)
        visit.slot_since_ns = self.clock.now_ns


class SlotHeldForNothingIsForgotten(BySlots):
    def give_back(self, since_ns: int) -> None:
        held_ns, freed = self.held_ns, self.freed
        super().give_back(since_ns)
        if self.clock.now_ns - since_ns == self.kept_for_nothing_ns():
            self.held_ns, self.freed = held_ns, freed


class CallsOfTheLastMinuteCount(BySlots):
    def minute_has_had_its_calls(self) -> bool:
        last = self.calls_in_minute if self.clock.now_ns // NS_PER_MINUTE != self.minute else 0
        full = super().minute_has_had_its_calls()
        self.calls_in_minute += last // 2
        return full


class OnlyRetriesRenewASession(BySlots):
    def sent(self, visit: Visit) -> None:
        if self.said.renews and visit.awaits is not None and visit.awaits.number > 0:
            super().sent(visit)


class SessionsEndWhenTheEndIsDecided(BySlots):
    """Not when the client sees it."""

    def left(self, visit: Visit, ended_ns: int) -> None:
        super().left(visit, min(ended_ns, self.clock.now_ns))


class NewSlotsWaitForAnEnd(BySlots):
    def set_total(self, total: int) -> None:
        self.total = total


class NobodyLooksOnJoining(MinuteLine):
    def may_enter(self, visit: Visit) -> bool:
        return super().may_enter(visit) and self.clock.now_ns > visit.joined_ns


class OneMayEnterBeforeItOpens(MinuteLine):
    def may_enter(self, visit: Visit) -> bool:
        return self.is_first(visit) and self.release.has_room()


class OneMoreThanSlots(ByMinute):
    def has_room(self) -> bool:
        return self.seen_taken() <= self.total and self.seen_entries() < self.said.per_minute


class LaterVisitorOfAMinuteFirst(MinuteLine):
    """A policy that opens lets the later visitor in first."""

    def let_everybody_in(self) -> None:
        for _, visit in sorted(self.present.items(), reverse=True):
            self.let_in(visit)


class EntriesThroughAnOpenLineDoNotCount(MinuteLine):
    def let_in(self, visit: Visit) -> None:
        super().let_in(visit)
        self.release.entries[self.release.this_minute()] -= self.policy is Policy.OPEN


class AnnouncedWaitInWholeMinutes(ByMinute):
    def calls_wait_ns(self, places_taken: int) -> int:
        return places_taken // self.said.per_minute * NS_PER_MINUTE


class NoGhosts(MinuteLine):
    def ghost_until_ns(self, visit: Visit) -> int:
        return self.clock.now_ns


class GhostsFromTheEndOfPatience(MinuteLine):
    def ghost_until_ns(self, visit: Visit) -> int:
        return self.clock.now_ns + self.release.said.ghost_ns


class GhostsAnInstantLonger(MinuteLine):
    def ghost_until_ns(self, visit: Visit) -> int:
        return super().ghost_until_ns(visit) + 1


class GhostsAreNotAnnounced(MinuteLine):
    def places_taken(self) -> int:
        return len(self.present)


class TheBlindSee(ByMinute):
    def seen_taken(self) -> int:
        return self.taken

    def seen_entries(self) -> int:
        return self.entries[self.this_minute()]


class ThisMinuteIsPublished(ByMinute):
    def publish(self) -> None:
        super().publish()
        self.published_entries = self.entries[self.this_minute()]


class SlotsArePublishedLive(ByMinute):
    def seen_taken(self) -> int:
        return self.taken


MUTANTS = (
    *wrong("slots", OneSlotMore, SlotIsTakenOnEntry, WastedCallKeepsItsSlot, WastedCallTakesNoSlot,
        OpenLineTakesNoSlots, SessionBeginsWithTheCall, AnnouncedWaitForgetsTheSlots,
        WhoIsInDoesNotCountInTheAnnouncedWait, AnnouncedWaitIsThatOfWholeSessions,
        AnnouncedWaitRemembersAllSlots, SlotIsHeldFromTheEntry, SlotHeldForNothingIsForgotten),
    *wrong("slots, calls a minute",
        always("CallsOfAMinuteDoNotMakeTheAnnouncedWaitLonger", BySlots, calls_wait_ns=0),
        always("CallsOfAMinuteIgnored", BySlots, minute_has_had_its_calls=False),
        CallsOfTheLastMinuteCount),
    *wrong("sessions renewed", always("SessionsAreNotRenewed", BySlots, sent=None),
        OnlyRetriesRenewASession),
    *wrong("sessions ended early", always("SessionsOutliveTheirVisits", BySlots, left=None),
        SessionsEndWhenTheEndIsDecided),
    *wrong("change of slots", always("NewSlotsAreIgnored", BySlots, set_total=None),
        NewSlotsWaitForAnEnd),
    *wrong("by minute", always("AnyMinuteMayEnter", MinuteLine, is_first=True),
        NobodyLooksOnJoining, OneMayEnterBeforeItOpens, LaterVisitorOfAMinuteFirst,
        OneMoreThanSlots),
    *wrong("by minute, entries a minute", EntriesThroughAnOpenLineDoNotCount,
        always("EntriesOfAMinuteIgnored", ByMinute, seen_entries=0), AnnouncedWaitInWholeMinutes,
        always("SlotsDoNotMakeTheAnnouncedWaitLonger", ByMinute, slots_wait_ns=0)),
    *wrong("by minute, ghosts", NoGhosts, GhostsFromTheEndOfPatience, GhostsAnInstantLonger,
        GhostsAreNotAnnounced),
    *wrong("by minute, blind", TheBlindSee, ThisMinuteIsPublished, SlotsArePublishedLive),
)  # fmt: skip
