"""Mutants of the line by minute."""

from simulator.engine.readable.line.minute import ByMinute, MinuteLine
from simulator.engine.readable.visit import Visit
from simulator.system.line import Policy
from simulator.units import NS_PER_MINUTE
from tests.agreement.mutants.mutant import always, wrong


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
