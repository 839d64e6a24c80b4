"""A visitor who knows waiting lines: from the planned instant to a fate.

He joins the line (or, without one, goes straight to the signup), looks whether he has been let in
as often as he is told to, leaves when his patience ends, signs up once let in, and tries again
after a failure, with the pauses that the plan drew for him. The same rules, for simulated
visitors, are in :mod:`simulator.engine`; here the target decides who is let in and served.

Beyond what is simulated, targets break. Who cannot join, or whose ticket the line has forgotten,
asks for a place again when he would have looked, as a person reloads the page. An attempt at the
signup that breaks (FAILED) is followed by another like any that failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

import gevent

from scenarios.answer import Answer
from scenarios.clock import Clock
from scenarios.orders import Orders
from simulator import draws
from simulator.outcomes import UNKNOWN, Fate, Result
from simulator.system_people import Jitter
from simulator.timetable import Timetable

STEP = 0
"""The number of the one step that is sent (:mod:`scenarios.sendable`)."""

SHORTEST_LOOK_NS = 50_000_000
"""Nobody looks more often than this, whatever he is told."""

AttemptRow = tuple[int, int, int, int, int, int, int]
VisitRow = tuple[int, int, int, int, int, int, int]


@dataclass(slots=True, eq=False)
class Visit:
    """What is known of one visit so far."""

    visitor: int
    group: int
    arrived_ns: int
    joined_ns: int = UNKNOWN
    let_in_ns: int = UNKNOWN
    attempt: int = 0
    sent_ns: int = UNKNOWN
    """Of the attempt under way; UNKNOWN between attempts."""

    @property
    def waits(self) -> bool:
        return self.joined_ns != UNKNOWN and self.let_in_ns == UNKNOWN

    def row(self, fate: Fate, ended_ns: int = UNKNOWN) -> VisitRow:
        return (
            self.visitor,
            self.group,
            self.arrived_ns,
            self.joined_ns,
            self.let_in_ns,
            ended_ns,
            fate,
        )

    def tried(self, result: Result, started_ns: int, finished_ns: int) -> AttemptRow:
        return (
            self.visitor,
            STEP,
            self.attempt,
            self.sent_ns,
            started_ns,
            finished_ns,
            result,
        )

    def cut_short(self) -> tuple[VisitRow, list[AttemptRow]]:
        """The rows of somebody who is under way when everything ends."""
        if self.let_in_ns == UNKNOWN:
            return self.row(Fate.WAITING), []
        unfinished = [self.tried(Result.UNFINISHED, UNKNOWN, UNKNOWN)]
        return self.row(Fate.UNFINISHED), unfinished if self.sent_ns != UNKNOWN else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all visitors of a replay share."""

    orders: Orders
    luck: Timetable
    clock: Clock
    tried: Callable[[AttemptRow], None]
    """Writes an attempt down."""
    ended: Callable[[Visit, Fate, int], None]
    """Writes the end of a visit down: its fate and instant."""
    answered: Callable[[Answer], None]
    """Hears of each answer, for the kill switch."""


class Session(Protocol):
    """How a visitor reaches the target (:class:`scenarios.session.SurgeSession`)."""

    def send(
        self,
        method: str,
        path: str,
        *,
        name: str,
        timeout_ns: int,
        good: tuple[int, ...],
        body: dict[str, str] | None = None,
    ) -> Answer:
        """One request and its answer."""
        ...

    def close(self) -> None:
        """The next request gets a connection of its own."""
        ...


class Left(BaseException):
    """A request was abandoned because its visitor left: nobody's failure, so Locust must not see it."""


class Visitor:
    """One visit being made through a session."""

    def __init__(self, visit: Visit, stage: Stage, session: Session) -> None:
        self.visit, self.stage, self.session = visit, stage, session
        self.orders, self.clock = stage.orders, stage.clock
        self.people = stage.orders.people[visit.group]

    def go(self) -> None:
        """Make the visit."""
        if self.orders.lined:
            self.stand_in_line()
        else:
            self.visit.let_in_ns = self.clock.now_ns()
            self.sign_up(ticket=None)

    def end(self, fate: Fate, ended_ns: int) -> None:
        self.stage.ended(self.visit, fate, ended_ns)

    # The line

    def stand_in_line(self) -> None:
        """Look again and again until let in, out of patience, or the line closes."""
        visit = self.visit
        visit.joined_ns = look_ns = self.clock.now_ns()
        leaves_ns = visit.arrived_ns + self.stage.luck.duration_ns(
            self.people.patience, draws.PATIENCE, visit.visitor
        )
        until_ns = min(leaves_ns, self.orders.horizon_ns)
        ticket: str | None = None
        while True:
            answer = self.ask(ticket, until_ns)
            ticket = ticket_after(answer, ticket)
            seen_ns = self.clock.now_ns()
            if ticket is not None and answer.status == 200 and seen_ns < until_ns:
                visit.let_in_ns = seen_ns
                self.sign_up(ticket)
                return
            look_ns = next_look_ns(look_ns, seen_ns, self.interval_ns(answer))
            if look_ns >= until_ns:
                break
            self.clock.sleep_until(look_ns)
        if until_ns < leaves_ns:
            # Not at the horizon itself: the whole line would end at once, and hold the others up.
            self.end(Fate.WAITING, UNKNOWN)
        else:
            self.clock.sleep_until(leaves_ns)
            self.end(Fate.RENEGED, self.clock.now_ns())
            self.leave(ticket)

    def ask(self, ticket: str | None, until_ns: int) -> Answer:
        """Join the line, or look how far it is; who leaves meanwhile leaves the request too."""
        path, timeout_ns = self.orders.endpoints.line_path, self.people.client_timeout_ns
        left_s = max(0, until_ns - self.clock.now_ns()) / 1e9
        leaving = gevent.Timeout.start_new(left_s, exception=Left())
        try:
            if ticket is None:
                return self.send("POST", path, path, timeout_ns)
            return self.send("GET", place(path, ticket), f"{path}/[ticket]", timeout_ns)
        except Left:
            self.session.close()
            return Answer(status=0)
        finally:
            leaving.close()

    def leave(self, ticket: str | None) -> None:
        """Say so, where people do that."""
        if ticket is None or not self.orders.leaves_aloud:
            return
        path = self.orders.endpoints.line_path
        name, timeout_ns = f"{path}/[ticket]", self.people.client_timeout_ns
        self.send("DELETE", place(path, ticket), name, timeout_ns)

    def interval_ns(self, answer: Answer) -> int:
        """In how long to look again: as the target says, else as planned."""
        return max(answer.again_in_ns or self.orders.poll_every_ns, SHORTEST_LOOK_NS)

    # The signup

    def sign_up(self, ticket: str | None) -> None:
        """Try until served, or out of attempts."""
        visit, retries = self.visit, self.people.retries
        unheard = False
        for visit.attempt in range(retries.attempts):
            result, seen_ns = self.try_once(ticket, unheard=unheard)
            if result is Result.SUCCESS:
                self.end(Fate.SERVED, seen_ns)
                return
            unheard = unheard or result is not Result.TURNED_AWAY
            if visit.attempt + 1 < retries.attempts:
                self.clock.sleep_until(seen_ns + self.pause_ns())
        self.end(Fate.GAVE_UP, seen_ns)

    def try_once(self, ticket: str | None, *, unheard: bool) -> tuple[Result, int]:
        """One attempt: its result, and when the visitor saw it."""
        visit, ends = self.visit, self.orders.endpoints
        visit.sent_ns = self.clock.now_ns()
        answer = self.send(
            ends.signup_method,
            ends.signup_path,
            ends.signup_path,
            self.people.client_timeout_ns,
            body=self.form(ticket),
            good=(200, 201, 409) if unheard else (200, 201),
        )
        seen_ns = self.clock.now_ns()
        result = result_of(answer, unheard=unheard)
        began_ns = service_start_ns(answer, visit.sent_ns, seen_ns - self.orders.round_trip_ns)
        self.stage.tried(visit.tried(result, began_ns, seen_ns))
        visit.sent_ns = UNKNOWN
        return result, seen_ns

    def form(self, ticket: str | None) -> dict[str, str]:
        """What he fills in: an address that no other visitor of any other run has."""
        filled = {
            "email": f"visitor-{self.visit.visitor}@{self.orders.run}.example",
            "password": f"rehearsal of {self.orders.run}",
        }
        return filled if ticket is None else {**filled, "ticket": ticket}

    def pause_ns(self) -> int:
        """How long he waits after this attempt before he tries again."""
        visit, retries = self.visit, self.people.retries
        pause_ns = min(retries.cap_ns, retries.backoff_ns << visit.attempt)
        if retries.jitter is Jitter.NONE:
            return pause_ns
        luck = self.stage.luck.uniform(draws.BACKOFF, visit.visitor, STEP, visit.attempt)
        return int(pause_ns * luck)

    def send(
        self,
        method: str,
        path: str,
        name: str,
        timeout_ns: int,
        *,
        body: dict[str, str] | None = None,
        good: tuple[int, ...] = (200, 202, 204),
    ) -> Answer:
        answer = self.session.send(
            method, path, name=name, timeout_ns=timeout_ns, good=good, body=body
        )
        self.stage.answered(answer)
        return answer


def place(path: str, ticket: str) -> str:
    """Where a place in the line is looked up; whatever the target calls it is one piece of a path."""
    return f"{path}/{quote(ticket, safe='', errors='replace')}"


def ticket_after(answer: Answer, ticket: str | None) -> str | None:
    """The ticket he holds after an answer: a line that does not know it any more takes it."""
    if answer.status in (404, 410):
        return None
    told = answer.body.get("ticket")
    if ticket is None and answer.status in (200, 202) and isinstance(told, str) and told:
        return told
    return ticket


def next_look_ns(look_ns: int, seen_ns: int, every_ns: int) -> int:
    """The next instant of his rhythm; looks that a slow answer made him miss are left out."""
    missed = max(0, seen_ns - look_ns) // every_ns
    return look_ns + (missed + 1) * every_ns


def result_of(answer: Answer, *, unheard: bool) -> Result:
    """What an attempt came to.

    ``unheard``: an earlier one of his ended without an answer. If the address is taken now (409),
    that one had served him: the client had left, the server had not.
    """
    if answer.status in (200, 201) or (answer.status == 409 and unheard):
        return Result.SUCCESS
    if answer.refused:
        return Result.TURNED_AWAY
    return Result.TIMED_OUT if answer.timed_out else Result.FAILED


def service_start_ns(answer: Answer, sent_ns: int, completed_ns: int) -> int:
    """When the server began, by what it says of the service's length.

    Counted back from the completion, which is one planned round trip before the answer was seen, as
    in the simulator. UNKNOWN where the server says nothing, or refused.
    """
    if answer.service_ns is None or answer.refused:
        return UNKNOWN
    return max(sent_ns, completed_ns - answer.service_ns)
