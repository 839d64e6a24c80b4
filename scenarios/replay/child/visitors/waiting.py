"""A visitor in the line: he joins, looks, is called and comes, or leaves.

Beyond what is simulated, targets break. Who cannot join, or whose ticket the line has forgotten,
asks for a place again when he would have looked, as a person reloads the page.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import gevent

from scenarios.http.requests.person import Person
from scenarios.replay.child.visitors.asking import Asked
from scenarios.replay.child.visitors.desk import FAILED_LOOK, Look, desk_of
from scenarios.replay.child.visitors.visit import Life, Lived, Session, Stage, Visit
from simulator.outcomes.looks import Told
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.timetable import draws

SHORTEST_LOOK_NS = 50_000_000
"""Nobody looks more often than this, whatever he is told."""


class Left(BaseException):
    """A request was abandoned because its visitor left: nobody's failure, so Locust must not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody who is in."""

    person: Person
    """With what the line told him."""
    first: Asked | None
    """His first attempt, where it was what let him in."""


class Waiting:
    """One visitor's time in the line."""

    def __init__(self, visit: Visit, stage: Stage, session: Session, person: Person) -> None:
        self.visit, self.stage, self.session = visit, stage, session
        self.desk = desk_of(visit, stage, session, person)
        self.orders, self.clock, self.luck = stage.orders, stage.clock, stage.luck
        self.people = stage.orders.people[visit.group]
        visit.joined_ns = self.clock.now_ns()
        self.leaves_ns = visit.arrived_ns + self.drawn_patience_ns()
        self.until_ns = min(self.leaves_ns, self.orders.horizon_ns)
        self.says_goodbye = False
        self.reloads = 0
        self.reloads_ns = visit.joined_ns + self.drawn_reload_ns()

    def drawn_patience_ns(self) -> int:
        return self.luck.duration_ns(self.people.patience, draws.PATIENCE, self.visit.visitor)

    def drawn_reload_ns(self) -> int:
        """How long after the last time he reloads the page."""
        law = self.people.refreshes
        return self.luck.duration_ns(law, draws.REFRESH, self.visit.visitor, 0, self.reloads)

    def wait(self) -> Lived[Entry | None]:
        """Stand in line until he is let in; None: he has met his fate."""
        self.stage.room.people += 1
        try:
            entry = yield from self.stand()
        finally:
            self.stage.room.people -= 1
        if entry is None and self.says_goodbye:
            self.desk.say_goodbye()
        return entry

    def stand(self) -> Lived[Entry | None]:
        """Look again and again."""
        look_ns = self.visit.joined_ns
        while True:
            look = self.ask()
            seen_ns = self.clock.now_ns()
            if look.first is not None:
                return self.come(look.first.sent_ns, look)
            if look.may_enter and seen_ns < self.until_ns:
                return self.come(seen_ns, look)
            look_ns = next_look_ns(look_ns, seen_ns, self.interval_ns(look))
            yield from self.reload_before(look_ns)
            if look_ns >= self.until_ns:
                yield from self.give_up()
                return None
            yield look_ns

    def come(self, entered_ns: int, look: Look) -> Entry | None:
        """Enter, if he comes when he is called at all."""
        if self.luck.uniform(draws.SHOWING_UP, self.visit.visitor) < self.people.shows_up:
            self.visit.let_in_ns = entered_ns
            return Entry(person=self.desk.person, first=look.first)
        self.stage.ended(self.visit, Fate.NO_SHOW, entered_ns)
        return None

    def reload_before(self, look_ns: int) -> Life:
        """Reload the page, as often as he does before his next look, and so go to the end."""
        while self.reloads_ns < min(look_ns, self.until_ns):
            yield self.reloads_ns
            if self.desk.has_place and not self.ask().may_enter:
                self.leave_place()
                self.ask()
            self.reloads += 1
            self.reloads_ns += self.drawn_reload_ns()

    def give_up(self) -> Life:
        """Stand until the line closes, or until patience ends, and leave."""
        if self.until_ns < self.leaves_ns:
            # Not at the horizon itself: the whole line would end at once, and hold the others up.
            self.stage.ended(self.visit, Fate.WAITING, UNKNOWN)
            return
        yield self.leaves_ns
        self.stage.ended(self.visit, Fate.RENEGED, self.clock.now_ns())
        self.says_goodbye = self.orders.leaves_aloud and not self.is_silent

    @property
    def is_silent(self) -> bool:
        return self.luck.uniform(draws.SILENCE, self.visit.visitor) < self.people.silent

    # What is asked

    def ask(self) -> Look:
        """Join the line, or look how far it is, and keep what it told."""
        sent_ns = self.clock.now_ns()
        look = self.asked()
        ticket = hashed(self.desk.person.ticket, self.orders.run)
        row = (self.visit.visitor, self.clock.now_ns(), look.told, look.position, look.wait_ns)
        self.stage.looked((*row, ticket, sent_ns))
        return look

    def leave_place(self) -> None:
        """Give up the place that one has; a line that did not hear of it may keep it."""
        sent_ns = self.clock.now_ns()
        if self.desk.say_goodbye():
            nothing = (UNKNOWN, UNKNOWN, UNKNOWN)
            row = (self.visit.visitor, self.clock.now_ns(), Told.LEFT, *nothing, sent_ns)
            self.stage.looked(row)
        self.desk.forget()

    def asked(self) -> Look:
        """Who leaves meanwhile leaves the request too."""
        if not self.desk.can_be_left:
            return self.desk.look()
        left_ns = max(0, self.until_ns - self.clock.now_ns())
        if left_ns > self.people.client_timeout_ns and self.desk.person.mail is None:
            return self.desk.look()  # he hears of it before he leaves, be it that nobody answered
        leaving = gevent.Timeout.start_new(left_ns / 1e9, exception=Left())
        try:
            return self.desk.look()
        except Left:
            self.session.close()
            return FAILED_LOOK
        finally:
            leaving.close()

    def interval_ns(self, look: Look) -> int:
        """In how long to look again: as the target says, else as planned."""
        return max(look.again_ns or self.orders.poll_every_ns, SHORTEST_LOOK_NS)


def hashed(ticket: str | None, run: str) -> int:
    """A ticket as it is kept: the same for the same ticket of a run, and of no use to anybody else."""
    if ticket is None:
        return UNKNOWN
    key, text = run.encode()[:64], ticket.encode(errors="surrogatepass")
    found = hashlib.blake2b(text, key=key, digest_size=8).digest()
    return int.from_bytes(found) >> 1


def next_look_ns(look_ns: int, seen_ns: int, every_ns: int) -> int:
    """The next instant of his rhythm; looks that a slow answer made him miss are left out."""
    missed = max(0, seen_ns - look_ns) // every_ns
    return look_ns + (missed + 1) * every_ns
