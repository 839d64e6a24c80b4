"""The desk of a line: where a visitor asks for his place, and how far it is.

There are three: that of the reference protocol, one that the launch's own words describe, and the one
that stands at the very request that people want, which is answered with "wait" until it is served.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.looks import (
    again_in_ns,
    announced_ns,
    judge_look,
    place_in,
    says_wait,
    told,
)
from scenarios.http.answers.success import Judged, judge_place, lets_in
from scenarios.http.requests.person import NoValue, Person
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.visitors.asking import (
    Asked,
    ask_for_step,
    judge_of_step,
    request_of,
)
from scenarios.replay.child.visitors.visit import Session, Stage, Visit
from simulator.outcomes.answered import LINE, WAITS
from simulator.outcomes.looks import Told
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.scenario.words.rehearsal.lines import Line

FORGOTTEN = (404, 410)
"""A line that does not know a place any more takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look told."""

    may_enter: bool
    again_ns: int | None
    """In how long to look again, if it says so."""
    first: Asked | None = None
    """The first attempt at the step that one wants, where the answer that let him in was its answer."""
    told: Told = Told.NOTHING
    position: int = UNKNOWN
    wait_ns: int = UNKNOWN
    """What was announced."""


FAILED_LOOK = Look(may_enter=False, again_ns=None)


class Desk(ABC):
    """What a visitor and a line say to each other."""

    can_be_left = True
    """Whether who leaves while a look is under way leaves the request too."""

    def __init__(self, visit: Visit, stage: Stage, session: Session, person: Person) -> None:
        self.visit, self.stage, self.session, self.person = visit, stage, session, person
        self.line = stage.orders.manners.line
        self.has_place = False

    @abstractmethod
    def look(self) -> Look:
        """Ask for a place, or look how far it is."""

    def say_goodbye(self) -> bool:
        """Tell the line that he leaves, if it wants to know; whether it has heard it."""
        return False

    def forget(self) -> None:
        """He has no place any more."""
        self.has_place = False

    def heard(self, answer: Answer, look: Look, *, had_place: bool, waits: bool) -> Look:
        """What somebody was told of his place, for who audits the line; ``waits``: to wait for his turn."""
        what = Told.NOTHING
        if look.may_enter:
            what = Told.LETS_IN
        elif waits:
            what = Told.WAITS if had_place else Told.PLACED
        elif had_place and answer.status in FORGOTTEN:
            what = Told.FORGOTTEN
        if not waits:
            return replace(look, told=what)
        position = self.position_in(answer)
        wait_ns = announced_ns(answer, self.line)
        return replace(look, told=what, position=position or UNKNOWN, wait_ns=wait_ns)

    def position_in(self, answer: Answer) -> int:
        """The place that an answer tells; 0: none."""
        return place_in(answer, self.line)

    def send(
        self, sent: Sent, rule: Callable[[Answer], Judged], *, follow: bool = False
    ) -> tuple[Answer, Judged]:
        people = self.stage.orders.people[self.visit.group]
        answer, judged = self.session.send(
            sent, timeout_ns=people.client_timeout_ns, rule=rule, follow=follow
        )
        self.counted(answer, judged)
        return answer, judged

    def counted(self, answer: Answer, judged: Judged) -> None:
        self.stage.answered(answer)
        self.stage.counted(LINE, judged.result, answer.status, judged.reason)


class ByProtocol(Desk):
    """The reference protocol: POST /line, GET and DELETE /line/{ticket}."""

    def look(self) -> Look:
        had_place = self.has_place
        answer, judged = self.say("GET" if had_place else "POST")
        ticket = ticket_after(answer, judged, self.person.ticket if self.has_place else None)
        if ticket != self.person.ticket:
            self.person = self.person._replace(ticket=ticket)
        self.has_place = ticket is not None
        may_enter = ticket is not None and lets_in(answer, judged)
        look = Look(may_enter=may_enter, again_ns=answer.again_in_ns)
        waits = self.has_place and judged == Judged(Result.SUCCESS, WAITS)
        return self.heard(answer, look, had_place=had_place, waits=waits)

    def position_in(self, answer: Answer) -> int:
        return answer.place_in_line

    def say_goodbye(self) -> bool:
        return self.has_place and self.say("DELETE")[0].is_2xx

    def say(self, method: str) -> tuple[Answer, Judged]:
        path = self.stage.orders.manners.line_path
        asked, name = path, path
        if method != "POST":
            asked, name = place(path, self.person.ticket or ""), f"{path}/[ticket]"
        rule = partial(judge_place, method=method, ours=self.stage.ours)
        try:
            carried = self.stage.templates.place.headers_of(self.person)
        except NoValue:
            carried = {}
        return self.send(Sent(method=method, path=asked, name=name, headers=carried), rule)


class ByWords(Desk):
    """A line with requests of its own, as the launch file has them."""

    def look(self) -> Look:
        line = self.line
        assert line.join is not None, "else the line stands at the step"
        had_place = self.has_place
        answer, judged = self.say("ask" if had_place and line.ask is not None else "join")
        if judged.result is not Result.SUCCESS:
            if answer.status in FORGOTTEN:
                self.forget()
            failed = replace(FAILED_LOOK, again_ns=again_in_ns(answer, line))
            return self.heard(answer, failed, had_place=had_place, waits=False)
        self.person = told(self.person, judged, line)
        self.has_place = line.ticket is None or self.person.ticket is not None
        may_enter = self.has_place and judged.kind != WAITS
        look = Look(may_enter=may_enter, again_ns=again_in_ns(answer, line))
        return self.heard(answer, look, had_place=had_place, waits=self.has_place and not may_enter)

    def say_goodbye(self) -> bool:
        leaves = self.line.leave is not None and self.has_place
        return leaves and self.say("leave")[1].result is Result.SUCCESS

    def forget(self) -> None:
        gone = {*self.line.captures}
        kept = {name: text for name, text in self.person.learned.items() if name not in gone}
        self.person = self.person._replace(ticket=None, learned=kept)
        self.has_place = False

    def say(self, word: str) -> tuple[Answer, Judged]:
        template = self.stage.templates.line[word]
        request = template.request
        try:
            sent = template.sent(self.person)
        except NoValue as missing:
            answer = Answer(status=0, error=str(missing))
            judged = Judged(Result.FAILED, str(missing))
            self.counted(answer, judged)
            return answer, judged
        rule = partial(judge_look, line=self.line, request=request, person=self.person)
        return self.send(sent, rule, follow=request.redirects == "follow")


class AtTheStep(Desk):
    """The line stands at the first step's own request: who is not told to wait has entered.

    Whatever else he is answered, or not at all, is the first attempt's answer, which began when he
    asked. So he lets no request go that the target may be serving: patience is for the line.
    """

    can_be_left = False

    def look(self) -> Look:
        orders = self.stage.orders
        self.visit.step = orders.journeys[orders.people[self.visit.group].journey][0]
        request = request_of(self.visit, self.stage)
        rule = partial(
            judge_at_the_step,
            line=self.line,
            person=self.person,
            otherwise=judge_of_step(request, self.stage, self.person),
        )
        asked = ask_for_step(self.visit, self.stage, self.session, self.person, rule)
        if asked.judged != TOLD_TO_WAIT:
            served = asked.judged.result is Result.SUCCESS  # whoever was not may be in, or not
            what = Told.LETS_IN if served else Told.NOTHING
            return Look(may_enter=True, again_ns=None, first=asked, told=what)
        self.visit.sent_ns = UNKNOWN
        self.stage.counted(LINE, asked.judged.result, asked.answer.status, asked.judged.reason)
        had_place, self.has_place = self.has_place, True
        look = Look(may_enter=False, again_ns=again_in_ns(asked.answer, self.line))
        return self.heard(asked.answer, look, had_place=had_place, waits=True)


TOLD_TO_WAIT = Judged(Result.SUCCESS, WAITS)


def judge_at_the_step(
    answer: Answer, line: Line, person: Person, otherwise: Callable[[Answer], Judged]
) -> Judged:
    return TOLD_TO_WAIT if says_wait(answer, line, person) else otherwise(answer)


def desk_of(visit: Visit, stage: Stage, session: Session, person: Person) -> Desk:
    """Where the target of a launch has its line."""
    line = stage.orders.manners.line
    kind: type[Desk] = ByWords if line.join is not None else AtTheStep
    if line.preset == "surgeproof":
        kind = ByProtocol
    return kind(visit, stage, session, person)


def place(path: str, ticket: str) -> str:
    """Where a place in the line is looked up; whatever the target calls it is one piece of a path."""
    return f"{path}/{quote(ticket, safe='', errors='replace')}"


def ticket_after(answer: Answer, judged: Judged, ticket: str | None) -> str | None:
    """The ticket he holds after an answer: a line that does not know it any more takes it."""
    if answer.status in FORGOTTEN:
        return None
    given, is_fine = answer.body.get("ticket"), judged.result is Result.SUCCESS
    if ticket is None and is_fine and isinstance(given, str) and given:
        return given
    return ticket
