"""Release of the line by session slots: as many are in as there are sessions."""

from __future__ import annotations

from collections.abc import Callable

from simulator.engine.readable.line.queue import Queue
from simulator.engine.readable.line.release import KEY, Release
from simulator.engine.readable.visit import Visit
from simulator.engine.readable.world import Appointment, World
from simulator.engine.rules import SESSION
from simulator.outcomes.rows import UNKNOWN
from simulator.system import line as system_line
from simulator.units import NS_PER_MINUTE


class BySlots(Release):
    """A call as soon as somebody waits, a slot is free, and this minute has not had its calls."""

    def __init__(
        self, world: World, queue: Queue, call_first: Callable[[], None], said: system_line.Slots
    ) -> None:
        super().__init__(world, queue, call_first)
        self.said = said
        self.total = said.total
        self.taken = 0
        self.minute = self.calls_in_minute = 0
        self.held_ns, self.freed = said.session_ns, 0
        """How long a slot is held, of late; and how many have become free."""
        self.appointment = Appointment(self.clock.at_the_line, self.release)

    def plan(self) -> None:
        if self.anybody_waits() and self.has_free_slot():
            self.appointment.move(max(self.clock.now_ns, self.opens_ns), KEY)

    def has_free_slot(self) -> bool:
        return self.taken < self.total

    def release(self) -> None:
        if not (self.anybody_waits() and self.has_free_slot()):
            return
        if self.minute_has_had_its_calls():
            self.appointment.move((self.minute + 1) * NS_PER_MINUTE, KEY)
            return
        self.calls_in_minute += 1
        self.call_first()
        self.plan()

    def minute_has_had_its_calls(self) -> bool:
        minute = self.clock.now_ns // NS_PER_MINUTE
        if minute != self.minute:
            self.minute, self.calls_in_minute = minute, 0
        return self.calls_in_minute >= self.said.per_minute

    def announced_wait_ns(self, places_taken: int) -> int:
        """By the rate at which slots become free, or that at which people may be called."""
        return max(self.slots_wait_ns(places_taken), self.calls_wait_ns(places_taken))

    def slots_wait_ns(self, places_taken: int) -> int:
        return self.needed(places_taken) * self.held_ns // max(1, self.total)

    def needed(self, places_taken: int) -> int:
        """How many slots have to become free before the next one to come is let in."""
        return max(0, places_taken + 1 + self.taken - self.total)

    def calls_wait_ns(self, places_taken: int) -> int:
        return places_taken * NS_PER_MINUTE // self.said.per_minute

    def set_total(self, total: int) -> None:
        """Fewer slots end no session."""
        self.total = total
        self.plan()

    # Slots

    def called(self, visit: Visit, *, comes: bool) -> None:
        """A call takes a slot; one that comes to nothing gives it back when it has expired."""
        self.take(visit)
        if not comes:
            since_ns = self.clock.now_ns
            back_ns = since_ns + self.kept_for_nothing_ns()
            key = (SESSION, visit.visitor, 0, 0, 0)
            self.clock.at_the_line(back_ns, key, self.give_back, since_ns)

    def take(self, visit: Visit) -> None:
        self.taken += 1
        visit.slot_since_ns = self.clock.now_ns

    def kept_for_nothing_ns(self) -> int:
        return min(self.world.system.waitlist.call_expires_ns, self.said.session_ns)

    def give_back(self, since_ns: int) -> None:
        self.taken -= 1
        self.note_held(self.clock.now_ns - since_ns)
        self.plan()

    def note_held(self, held_ns: int) -> None:
        """A slot is free that was held for so long."""
        self.freed += 1
        if self.freed == 1:
            self.held_ns = held_ns
        else:
            self.held_ns += (held_ns - self.held_ns) // self.weight()

    def weight(self) -> int:
        """Of how many the latest one is one, in the mean of those that are remembered."""
        return min(self.freed, self.said.remembers)

    def entered(self, visit: Visit) -> None:
        """Whoever was not called takes his slot now; the session begins."""
        if not self.holds_slot_already(visit):
            self.take(visit)
        self.begin(visit)

    def holds_slot_already(self, visit: Visit) -> bool:
        return visit.calls > 0

    # Sessions

    def begin(self, visit: Visit) -> None:
        visit.session_ends_ns = self.clock.now_ns + self.said.session_ns
        self.plan_end(visit)

    def plan_end(self, visit: Visit) -> None:
        key = (SESSION, visit.visitor, 0, 0, 0)
        self.clock.at_the_line(visit.session_ends_ns, key, self.end_if_due, visit)

    def sent(self, visit: Visit) -> None:
        """Under way, a session may last from each attempt on."""
        if self.said.renews and visit.session_ends_ns != UNKNOWN:
            visit.session_ends_ns = self.clock.now_ns + self.said.session_ns

    def left(self, visit: Visit, ended_ns: int) -> None:
        """A session may end with its visit."""
        if self.said.early and UNKNOWN < ended_ns < visit.session_ends_ns:
            visit.session_ends_ns = ended_ns
            self.plan_end(visit)

    def end_if_due(self, visit: Visit) -> None:
        if visit.session_ends_ns == UNKNOWN:
            return
        if self.clock.now_ns < visit.session_ends_ns:
            self.plan_end(visit)
        else:
            visit.session_ends_ns = UNKNOWN
            self.give_back(visit.slot_since_ns)
