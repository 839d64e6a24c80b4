"""Mutants of session slots."""

from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.visit import Visit
from simulator.units import NS_PER_MINUTE
from tests.agreement.mutants.mutant import always, but, wrong


class SlotIsTakenOnEntry(BySlots):
    def called(self, visit: Visit, *, comes: bool) -> None:
        """A call takes nothing."""

    def holds_slot_already(self, visit: Visit) -> bool:
        return False


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


class NewSlotsWaitForAnEnd(BySlots):
    def set_total(self, total: int) -> None:
        self.total = total


MUTANTS = (
    *wrong("slots",
        but("OneSlotMore", BySlots, has_free_slot=lambda self: self.taken <= self.total),
        SlotIsTakenOnEntry,
        but("WastedCallKeepsItsSlot", BySlots, kept_for_nothing_ns=lambda self: self.said.session_ns),
        WastedCallTakesNoSlot, OpenLineTakesNoSlots, SessionBeginsWithTheCall,
        but("AnnouncedWaitForgetsTheSlots", BySlots,
            slots_wait_ns=lambda self, places_taken: self.needed(places_taken) // max(1, self.total) * self.held_ns),
        but("WhoIsInDoesNotCountInTheAnnouncedWait", BySlots, needed=lambda self, places_taken: places_taken),
        always("AnnouncedWaitIsThatOfWholeSessions", BySlots, note_held=None),
        but("AnnouncedWaitRemembersAllSlots", BySlots, weight=lambda self: self.freed),
        SlotIsHeldFromTheEntry, SlotHeldForNothingIsForgotten),
    *wrong("slots, calls a minute",
        always("CallsOfAMinuteDoNotMakeTheAnnouncedWaitLonger", BySlots, calls_wait_ns=0),
        always("CallsOfAMinuteIgnored", BySlots, minute_has_had_its_calls=False),
        CallsOfTheLastMinuteCount),
    *wrong("sessions renewed",
        always("SessionsAreNotRenewed", BySlots, sent=None), OnlyRetriesRenewASession),
    *wrong("sessions ended early",
        always("SessionsOutliveTheirVisits", BySlots, left=None),
        # Not when the client sees it.
        but("SessionsEndWhenTheEndIsDecided", BySlots,
            left=lambda self, visit, ended_ns: BySlots.left(self, visit, min(ended_ns, self.clock.now_ns)))),
    *wrong("change of slots",
        always("NewSlotsAreIgnored", BySlots, set_total=None), NewSlotsWaitForAnEnd),
)  # fmt: skip
