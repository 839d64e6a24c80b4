"""Mutants of the line by minute."""

from simulator.engine.readable.line.minute import ByMinute, MinuteLine
from simulator.engine.readable.visit import Visit
from simulator.system.line import Policy
from simulator.units import NS_PER_MINUTE
from tests.agreement.mutants.mutant import always, but, wrong


class LaterVisitorOfAMinuteFirst(MinuteLine):
    """A policy that opens lets the later visitor in first."""

    def let_everybody_in(self) -> None:
        for _, visit in sorted(self.present.items(), reverse=True):
            self.let_in(visit)


class EntriesThroughAnOpenLineDoNotCount(MinuteLine):
    def let_in(self, visit: Visit) -> None:
        super().let_in(visit)
        self.release.entries[self.release.this_minute()] -= self.policy is Policy.OPEN


class TheBlindSee(ByMinute):
    def seen_taken(self) -> int:
        return self.taken

    def seen_entries(self) -> int:
        return self.entries[self.this_minute()]


class ThisMinuteIsPublished(ByMinute):
    def publish(self) -> None:
        super().publish()
        self.published_entries = self.entries[self.this_minute()]


MUTANTS = (
    *wrong("by minute",
        always("AnyMinuteMayEnter", MinuteLine, is_first=True),
        but("NobodyLooksOnJoining", MinuteLine,
            may_enter=lambda self, visit: MinuteLine.may_enter(self, visit) and self.clock.now_ns > visit.joined_ns),
        but("OneMayEnterBeforeItOpens", MinuteLine,
            may_enter=lambda self, visit: self.is_first(visit) and self.release.has_room()),
        LaterVisitorOfAMinuteFirst,
        but("OneMoreThanSlots", ByMinute,
            has_room=lambda self: self.seen_taken() <= self.total and self.seen_entries() < self.said.per_minute)),
    *wrong("by minute, entries a minute",
        EntriesThroughAnOpenLineDoNotCount,
        always("EntriesOfAMinuteIgnored", ByMinute, seen_entries=0),
        but("AnnouncedWaitInWholeMinutes", ByMinute,
            calls_wait_ns=lambda self, places_taken: places_taken // self.said.per_minute * NS_PER_MINUTE),
        always("SlotsDoNotMakeTheAnnouncedWaitLonger", ByMinute, slots_wait_ns=0)),
    *wrong("by minute, ghosts",
        but("NoGhosts", MinuteLine, ghost_until_ns=lambda self, visit: self.clock.now_ns),
        but("GhostsFromTheEndOfPatience", MinuteLine,
            ghost_until_ns=lambda self, visit: self.clock.now_ns + self.release.said.ghost_ns),
        but("GhostsAnInstantLonger", MinuteLine,
            ghost_until_ns=lambda self, visit: MinuteLine.ghost_until_ns(self, visit) + 1),
        but("GhostsAreNotAnnounced", MinuteLine, places_taken=lambda self: len(self.present))),
    *wrong("by minute, blind",
        TheBlindSee, ThisMinuteIsPublished,
        but("SlotsArePublishedLive", ByMinute, seen_taken=lambda self: self.taken)),
)  # fmt: skip
