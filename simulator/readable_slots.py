"""Release of the line by session slots: as many are in as there are sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import system_line
from simulator.engine import SESSION
from simulator.outcomes import UNKNOWN
from simulator.readable_clock import Appointment
from simulator.readable_release import KEY, Release
from simulator.readable_visit import Visit
from simulator.system_line import NS_PER_MINUTE

if TYPE_CHECKING:
    from simulator.readable import Launch


class BySlots(Release):
    """A call as soon as somebody waits, a slot is free, and this minute has not had its calls."""

    def __init__(self, launch: Launch, said: system_line.Slots) -> None:
        super().__init__(launch)
        self.said = said
        self.total = said.total
        self.taken = 0
        self.minute = self.calls_in_minute = 0
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
        return places_taken * self.said.session_ns // max(1, self.total)

    def set_total(self, total: int) -> None:
        """Fewer slots end no session."""
        self.total = total
        self.plan()

    # Slots

    def called(self, visit: Visit, *, comes: bool) -> None:
        """A call takes a slot; one that comes to nothing gives it back when it has expired."""
        self.taken += 1
        if not comes:
            back_ns = self.clock.now_ns + self.kept_for_nothing_ns()
            self.clock.at_the_line(back_ns, (SESSION, visit.visitor, 0, 0, 0), self.give_back)

    def kept_for_nothing_ns(self) -> int:
        return min(self.launch.system.waitlist.call_expires_ns, self.said.session_ns)

    def give_back(self) -> None:
        self.taken -= 1
        self.plan()

    def entered(self, visit: Visit) -> None:
        """Whoever was not called takes his slot now; the session begins."""
        if not self.holds_slot_already(visit):
            self.taken += 1
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
            self.give_back()
