"""A visitor in the line: he joins, looks, is called and comes, or leaves.

Beyond what is simulated, targets break. Who cannot join, or whose ticket the line has forgotten,
asks for a place again when he would have looked, as a person reloads the page.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import quote

import gevent

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, judge_place, lets_in
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.visitors.visit import Session, Stage, Visit
from simulator.outcomes.answered import LINE
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.timetable import draws

SHORTEST_LOOK_NS = 50_000_000
"""Nobody looks more often than this, whatever he is told."""


class Left(BaseException):
    """A request was abandoned because its visitor left: nobody's failure, so Locust must not see it."""


class Waiting:
    """One visitor's time in the line."""

    def __init__(self, visit: Visit, stage: Stage, session: Session) -> None:
        self.visit, self.stage, self.session = visit, stage, session
        self.orders, self.clock, self.luck = stage.orders, stage.clock, stage.luck
        self.people = stage.orders.people[visit.group]
        self.path = stage.orders.manners.line_path
        self.ticket: str | None = None
        visit.joined_ns = self.clock.now_ns()
        self.leaves_ns = visit.arrived_ns + self.drawn_patience_ns()
        self.until_ns = min(self.leaves_ns, self.orders.horizon_ns)
        self.reloads = 0
        self.reloads_ns = visit.joined_ns + self.drawn_reload_ns()

    def drawn_patience_ns(self) -> int:
        return self.luck.duration_ns(self.people.patience, draws.PATIENCE, self.visit.visitor)

    def drawn_reload_ns(self) -> int:
        """How long after the last time he reloads the page."""
        law = self.people.refreshes
        return self.luck.duration_ns(law, draws.REFRESH, self.visit.visitor, 0, self.reloads)

    def wait(self) -> str | None:
        """Look again and again: the ticket of who is let in; None: he has met his fate."""
        look_ns = self.visit.joined_ns
        while True:
            answer, may_enter = self.ask()
            seen_ns = self.clock.now_ns()
            if self.ticket is not None and may_enter and seen_ns < self.until_ns:
                return self.come(seen_ns)
            look_ns = next_look_ns(look_ns, seen_ns, self.interval_ns(answer))
            self.reload_before(look_ns)
            if look_ns >= self.until_ns:
                self.give_up()
                return None
            self.clock.sleep_until(look_ns)

    def come(self, seen_ns: int) -> str | None:
        """Enter, if he comes when he is called at all."""
        if self.luck.uniform(draws.SHOWING_UP, self.visit.visitor) < self.people.shows_up:
            self.visit.let_in_ns = seen_ns
            return self.ticket
        self.stage.ended(self.visit, Fate.NO_SHOW, seen_ns)
        return None

    def reload_before(self, look_ns: int) -> None:
        """Reload the page, as often as he does before his next look, and so go to the end."""
        while self.reloads_ns < min(look_ns, self.until_ns):
            self.clock.sleep_until(self.reloads_ns)
            if self.ticket is not None and not self.ask()[1]:
                self.say_goodbye()
                self.ticket = None
                self.ask()
            self.reloads += 1
            self.reloads_ns += self.drawn_reload_ns()

    def give_up(self) -> None:
        """Stand until the line closes, or until patience ends, and leave."""
        if self.until_ns < self.leaves_ns:
            # Not at the horizon itself: the whole line would end at once, and hold the others up.
            self.stage.ended(self.visit, Fate.WAITING, UNKNOWN)
            return
        self.clock.sleep_until(self.leaves_ns)
        self.stage.ended(self.visit, Fate.RENEGED, self.clock.now_ns())
        if self.orders.leaves_aloud and not self.is_silent:
            self.say_goodbye()

    @property
    def is_silent(self) -> bool:
        return self.luck.uniform(draws.SILENCE, self.visit.visitor) < self.people.silent

    # What is sent

    def ask(self) -> tuple[Answer, bool]:
        """Join the line, or look how far it is: the answer, and whether it lets him in.

        Who leaves meanwhile leaves the request too.
        """
        left_s = max(0, self.until_ns - self.clock.now_ns()) / 1e9
        leaving = gevent.Timeout.start_new(left_s, exception=Left())
        try:
            asked = self.send("POST") if self.ticket is None else self.send("GET", self.ticket)
        except Left:
            self.session.close()
            return Answer(status=0), False
        finally:
            leaving.close()
        answer, judged = asked
        self.ticket = ticket_after(answer, judged, self.ticket)
        return replace(answer, content=b""), lets_in(answer, judged)

    def say_goodbye(self) -> None:
        if self.ticket is not None:
            self.send("DELETE", self.ticket)

    def send(self, method: str, ticket: str | None = None) -> tuple[Answer, Judged]:
        answer, judged = self.session.send(
            Sent(
                method=method,
                path=self.path if ticket is None else place(self.path, ticket),
                name=self.path if ticket is None else f"{self.path}/[ticket]",
            ),
            timeout_ns=self.people.client_timeout_ns,
            rule=partial(judge_place, method=method, ours=self.stage.ours),
        )
        self.stage.answered(answer)
        self.stage.counted(LINE, judged.result, answer.status, judged.reason)
        return answer, judged

    def interval_ns(self, answer: Answer) -> int:
        """In how long to look again: as the target says, else as planned."""
        return max(answer.again_in_ns or self.orders.poll_every_ns, SHORTEST_LOOK_NS)


def place(path: str, ticket: str) -> str:
    """Where a place in the line is looked up; whatever the target calls it is one piece of a path."""
    return f"{path}/{quote(ticket, safe='', errors='replace')}"


def ticket_after(answer: Answer, judged: Judged, ticket: str | None) -> str | None:
    """The ticket he holds after an answer: a line that does not know it any more takes it."""
    if answer.status in (404, 410):
        return None
    told, is_fine = answer.body.get("ticket"), judged.result is Result.SUCCESS
    if ticket is None and is_fine and isinstance(told, str) and told:
        return told
    return ticket


def next_look_ns(look_ns: int, seen_ns: int, every_ns: int) -> int:
    """The next instant of his rhythm; looks that a slow answer made him miss are left out."""
    missed = max(0, seen_ns - look_ns) // every_ns
    return look_ns + (missed + 1) * every_ns
