"""The line by minute: nobody is called; people enter when they look, an earlier minute first."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable

from simulator.engine.readable.line.line import Line, NewRelease
from simulator.engine.readable.line.queue import Queue
from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.visit import Visit
from simulator.engine.readable.world import World
from simulator.engine.rules import CONTROL, ENTRY, PUBLISH
from simulator.system import line as system_line
from simulator.units import NS_PER_MINUTE


class ByMinute(BySlots):
    """Slots that people take at their own looks, as far as what they see allows it."""

    def __init__(
        self, world: World, queue: Queue, call_first: Callable[[], None], said: system_line.Slots
    ) -> None:
        super().__init__(world, queue, call_first, said)
        self.entries: Counter[int] = Counter()
        """In each minute since the opening."""
        self.published_taken = self.published_entries = 0

    def start(self) -> None:
        if self.said.blind_ns:
            self.plan_publication(0)

    def plan_publication(self, at_ns: int) -> None:
        self.clock.at_the_line(at_ns, (CONTROL, PUBLISH, 0, 0, 0), self.publish)

    def publish(self) -> None:
        self.published_taken = self.taken
        self.published_entries = self.entries[self.this_minute() - 1]
        self.plan_publication(self.clock.now_ns + self.said.blind_ns)

    def plan(self) -> None:
        """Nobody is called."""

    def this_minute(self) -> int:
        return self.clock.now_ns // NS_PER_MINUTE

    def seen_taken(self) -> int:
        return self.published_taken if self.said.blind_ns else self.taken

    def seen_entries(self) -> int:
        return self.published_entries if self.said.blind_ns else self.entries[self.this_minute()]

    def has_room(self) -> bool:
        """Whether one more may enter, by the numbers that are seen."""
        return self.seen_taken() < self.total and self.seen_entries() < self.said.per_minute

    def entered(self, visit: Visit) -> None:
        self.entries[self.this_minute()] += 1
        super().entered(visit)


class MinuteLine(Line):
    """All who joined in the same minute are alike."""

    release: ByMinute

    def __init__(
        self, world: World, queue: Queue, release: NewRelease, enter: Callable[[Visit], None]
    ) -> None:
        super().__init__(world, queue, release, enter)
        self.present: dict[int, Visit] = {}
        self.places: Counter[int] = Counter()
        """How many there are of each minute, ghosts included."""
        self.earliest = 0
        """Nobody has a place in a minute before this one."""
        self.ghosts: list[tuple[int, int]] = []
        """Until when those who left keep a place, and in which minute: a heap."""

    def places_taken(self) -> int:
        self.lay_ghosts()
        return len(self.present) + len(self.ghosts)

    def lay_ghosts(self) -> None:
        """Take away the places of those who have been gone for long enough."""
        while self.ghosts and self.ghosts[0][0] <= self.clock.now_ns:
            _, minute = heapq.heappop(self.ghosts)
            self.places[minute] -= 1

    def join(self, visit: Visit) -> None:
        visit.joined_ns = self.clock.now_ns
        self.begin_patience(visit)
        self.present[visit.visitor] = visit
        self.places[minute_of(visit)] += 1
        self.look(visit)

    def look(self, visit: Visit) -> None:
        if not visit.is_in_line:
            return
        if self.may_enter(visit):
            self.let_in(visit)
        else:
            key = (ENTRY, visit.visitor, 0, 0, 0)
            next_ns = self.clock.now_ns + self.waitlist.poll_every_ns
            self.clock.at_the_line(next_ns, key, self.look, visit)

    def may_enter(self, visit: Visit) -> bool:
        is_open = self.clock.now_ns >= self.waitlist.opens_ns
        return is_open and self.is_first(visit) and self.release.has_room()

    def is_first(self, visit: Visit) -> bool:
        """Whether nobody has a place in an earlier minute than he."""
        self.lay_ghosts()
        minute = minute_of(visit)
        while self.earliest < minute and self.places[self.earliest] == 0:
            del self.places[self.earliest]
            self.earliest += 1
        return self.earliest >= minute

    def let_in(self, visit: Visit) -> None:
        if self.present.pop(visit.visitor, None) is not None:
            self.places[minute_of(visit)] -= 1
        super().let_in(visit)

    def lose_patience(self, visit: Visit) -> None:
        if visit.is_in_line:
            del self.present[visit.visitor]
            heapq.heappush(self.ghosts, (self.ghost_until_ns(visit), minute_of(visit)))
        super().lose_patience(visit)

    def ghost_until_ns(self, visit: Visit) -> int:
        """Until when who loses patience now keeps his place: some time after his last look."""
        waited_ns = self.clock.now_ns - visit.joined_ns
        last_look_ns = self.clock.now_ns - waited_ns % self.waitlist.poll_every_ns
        return last_look_ns + self.release.said.ghost_ns

    def let_everybody_in(self) -> None:
        for _, visit in sorted(self.present.items()):
            self.let_in(visit)


def minute_of(visit: Visit) -> int:
    """The minute in which he joined."""
    return visit.joined_ns // NS_PER_MINUTE
