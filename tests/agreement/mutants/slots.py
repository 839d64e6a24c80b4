"""Mutants of session slots, and of the line by minute."""

from __future__ import annotations

from simulator.engine.readable.line.minute import ByMinute, MinuteLine
from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.visit import Visit
from simulator.system.line import Policy
from simulator.units import NS_PER_MINUTE
from tests.agreement.mutants.mutant import wrong


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
    def slots_wait_ns(self, places_taken: int) -> int:
        return self.needed(places_taken) // max(1, self.total) * self.held_ns


@wrong("slots", "slots_type")
class WhoIsInDoesNotCountInTheAnnouncedWait(BySlots):
    def needed(self, places_taken: int) -> int:
        return places_taken


@wrong("slots", "slots_type")
class AnnouncedWaitIsThatOfWholeSessions(BySlots):
    def note_held(self, held_ns: int) -> None:
        """However long slots are held."""


@wrong("slots", "slots_type")
class AnnouncedWaitRemembersAllSlots(BySlots):
    def weight(self) -> int:
        return self.freed


@wrong("slots", "slots_type")
class SlotIsHeldFromTheEntry(BySlots):
    def begin(self, visit: Visit) -> None:
        super().begin(visit)
        visit.slot_since_ns = self.clock.now_ns


@wrong("slots", "slots_type")
class SlotHeldForNothingIsForgotten(BySlots):
    def give_back(self, since_ns: int) -> None:
        held_ns, freed = self.held_ns, self.freed
        super().give_back(since_ns)
        if self.clock.now_ns - since_ns == self.kept_for_nothing_ns():
            self.held_ns, self.freed = held_ns, freed


@wrong("slots, calls a minute", "slots_type")
class CallsOfAMinuteDoNotMakeTheAnnouncedWaitLonger(BySlots):
    def calls_wait_ns(self, places_taken: int) -> int:
        return 0


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
    def calls_wait_ns(self, places_taken: int) -> int:
        return places_taken // self.said.per_minute * NS_PER_MINUTE


@wrong("by minute, entries a minute", "minute_type")
class SlotsDoNotMakeTheAnnouncedWaitLonger(ByMinute):
    def slots_wait_ns(self, places_taken: int) -> int:
        return 0


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
