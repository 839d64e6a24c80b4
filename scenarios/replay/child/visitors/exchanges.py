"""The requests of a locustfile's user, as attempts at the steps that they are named after.

An attempt begins when the client is asked and is seen when it has the whole answer, redirects included. It
is a success where Locust's event says so: by the status, or by what the user's own code found
(``catch_response``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import gevent
import requests
from geventhttpclient.useragent import BadStatusCode
from locust.event import EventHook
from locust.exception import CatchResponseError, LocustError

from scenarios.http.answers.alarm import is_alarming
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.answers.success import Judged, failed, judged_by_status, quoted
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import origin
from scenarios.http.requests.traced import Trace, with_marks
from scenarios.rehearsal.brought import Brought
from scenarios.replay.child.pinned import Fenced
from scenarios.replay.child.visitors.visit import AttemptRow, Stage, Visit, unheard
from scenarios.replay.child.visitors.walk import service_start_ns
from scenarios.replay.child.wire.faults import reason_of
from simulator.outcomes.answered import BY_LOCUSTFILE
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.units import FOREVER

KEY = "surgeproof"
"""Under which a request's attempt goes along in Locust's context."""
APART = re.compile(r"[^A-Za-z0-9_-]+")
UNJUDGED = "the locustfile never judged it"


@dataclass(slots=True, eq=False)
class Asked:
    """A request under way, or whose answer has not been judged yet."""

    step: int
    attempt: int
    sent_ns: int
    seen_ns: int = UNKNOWN
    timer: gevent.Timeout | None = None
    """Of the launch's client timeout."""
    too_late: bool = False
    """Whether it rang."""
    heard: Callable[[bool], None] = field(default_factory=lambda: unheard(""))
    """Tells the kill switch whether it failed."""

    def look(self) -> None:
        """Whether it has rung until now."""
        timer = self.timer
        self.too_late = timer is not None and timer.seconds is not None and not timer.pending


class Exchanges:
    """Everything that one user asks for."""

    def __init__(
        self,
        visit: Visit,
        stage: Stage,
        person: Person,
        brought: Brought,
        unfit: Callable[[str], None],
    ) -> None:
        self.visit, self.stage, self.person = visit, stage, person
        self.trace = Trace(stage.orders.run, visit.visitor, stage.orders.manners.traced)
        self.said = {name.lower() for name in stage.orders.manners.headers}
        """Headers that the launch itself gives every request."""
        self.brought, self.unfit = brought, unfit
        timeout_ns = stage.orders.people[visit.group].client_timeout_ns
        self.timeout_s = None if timeout_ns >= FOREVER else timeout_ns / 1e9
        self.numbers = {plain(name): numbers for name, numbers in brought.steps.items()}
        self.attempts: Counter[int] = Counter()
        self.results: dict[int, Result] = {}
        """What the last attempt at each step came to."""
        self.open: list[Asked] = []
        self.last_ns = visit.let_in_ns

    # Whether he has what he came for

    @property
    def all_served(self) -> bool:
        return all(
            self.results.get(number) is Result.SUCCESS
            for numbers in self.brought.steps.values()
            for number in numbers
        )

    def close(self) -> str:
        """When all tasks have been run: why the visit is not the planned one, or nothing."""
        self.fail_open(UNJUDGED)
        for name, numbers in self.brought.steps.items():
            if not all(self.attempts[number] for number in numbers):
                return f"never asked for {name}" if len(numbers) == 1 else f"too few of {name}"
        return ""

    def give_up(self, why: str) -> None:
        """His code ends here: what it did not judge has failed by that."""
        self.fail_open(why)
        self.last_ns = max(self.last_ns, self.stage.clock.now_ns())

    def fail_open(self, why: str) -> None:
        for asked in list(self.open):
            failed = Judged(Result.FAILED, why)
            self.settle(asked, Answer(status=0, error=why), failed, alarms=False)

    # Asking

    def listen_to(self, client: Any) -> None:
        """From now on each of its requests is an attempt."""
        send = client.request

        def request(
            method: str, url: str, name: str | None = None, *more: Any, **words: Any
        ) -> Any:
            called = name or client.request_name or urlsplit(url).path
            number = self.number_of(called)
            if number is None:
                self.unfit(self.unknown(called))
                raise LocustError(f"{called} is no step of the launch")
            asked = self.begin(number, called)
            words["context"] = {**(words.get("context") or {}), KEY: asked}
            if self.is_target(url):
                marks = self.trace.marks(number, asked.attempt)
                marks = {name: marks[name] for name in marks if name.lower() not in self.said}
                words["headers"] = with_marks(words.get("headers") or {}, marks)
            return self.timed(
                asked, client, lambda: send(method, url, name or called, *more, **words)
            )

        client.request = request

    def timed(self, asked: Asked, client: Any, send: Callable[[], Any]) -> Any:
        """Send it, and wait no longer than the launch's people do."""
        late = requests.ReadTimeout("timed out") if isinstance(client, requests.Session) else None
        asked.timer = gevent.Timeout.start_new(self.timeout_s, late)
        try:
            return send()
        finally:
            asked.seen_ns = self.stage.clock.now_ns()
            asked.look()
            asked.timer.close()
            asked.timer = None

    def is_target(self, url: str) -> bool:
        """Whether a request goes to the target, who alone is told whose it is."""
        base = self.stage.orders.url
        return origin(urljoin(f"{base}/", url)) == origin(base)

    def number_of(self, called: str) -> int | None:
        """The step that a request is an attempt at: of its times the first that is yet to be served."""
        numbers = self.numbers.get(plain(called))
        if numbers is None:
            return None
        under_way = {asked.step for asked in self.open}
        left = [n for n in numbers if self.results.get(n) is not Result.SUCCESS]
        return next((n for n in left if n not in under_way), (left or numbers)[-1])

    def unknown(self, called: str) -> str:
        steps = ", ".join(self.brought.steps)
        return (
            f'{self.brought.label} sent a request called "{called}", which is no step of its journey'
            f' ({steps}): give it the name of one (name="{next(iter(self.brought.steps))}"), or add a'
            " [[journey.step]] for it, so that it is predicted as well"
        )

    def begin(self, step: int, called: str) -> Asked:
        asked = Asked(step, self.attempts[step], self.stage.clock.now_ns())
        asked.heard = self.stage.begun(called)
        self.attempts[step] += 1
        self.open.append(asked)
        self.visit.beside.append(self.row(asked, Result.UNFINISHED, UNKNOWN, UNKNOWN))
        return asked

    def row(self, asked: Asked, result: Result, began_ns: int, seen_ns: int) -> AttemptRow:
        who = self.visit.visitor
        return (who, asked.step, asked.attempt, asked.sent_ns, began_ns, seen_ns, result)

    # Listening

    def heard_by(self, theirs: EventHook) -> EventHook:
        """The event of an answer, which we hear before everybody else does."""
        return Heard(self, theirs)

    def hear(self, asked: Asked, response: Any, error: Any) -> None:
        """An answer, and what Locust takes it for: ``error`` is nothing where it is a success."""
        if asked not in self.open:
            return  # it was given up before
        if asked.timer is not None:
            asked.look()
        answer = answer_of(response, error, too_late=asked.too_late)
        self.settle(asked, answer, judged_by(answer, error, self.person))

    def settle(self, asked: Asked, answer: Answer, judged: Judged, *, alarms: bool = True) -> None:
        """An attempt's end; ``alarms``: it may be the target's fault, and not the locustfile's."""
        seen_ns = self.stage.clock.now_ns() if asked.seen_ns == UNKNOWN else asked.seen_ns
        round_trip_ns = self.stage.orders.steps[asked.step].round_trip_ns
        began_ns = service_start_ns(answer, asked.sent_ns, seen_ns - round_trip_ns)
        self.open.remove(asked)
        self.visit.beside.remove(self.row(asked, Result.UNFINISHED, UNKNOWN, UNKNOWN))
        self.results[asked.step] = judged.result
        self.last_ns = max(self.last_ns, seen_ns)
        if alarms:
            self.stage.answered(answer)
        asked.heard(alarms and is_alarming(answer, judged))
        self.stage.tried(self.row(asked, judged.result, began_ns, seen_ns))
        self.stage.counted(asked.step, judged.result, answer.status, judged.reason)


class Heard(EventHook):
    """Locust's event of a request, of one user."""

    def __init__(self, exchanges: Exchanges, theirs: EventHook) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.exchanges, self.theirs = exchanges, theirs

    def fire(self, *, reverse: bool = False, **told: Any) -> None:
        asked = (told.get("context") or {}).pop(KEY, None)
        if isinstance(asked, Asked):
            self.exchanges.hear(asked, told.get("response"), told.get("exception"))
        self.theirs.fire(reverse=reverse, **told)  # type: ignore[no-untyped-call]
        super().fire(reverse=reverse, **told)  # type: ignore[no-untyped-call]


def plain(name: str) -> str:
    """How names are compared: a path or "Sign up" is no name that a step can have.

    >>> plain("/api/Users/"), plain("Sign up")
    ('api-users', 'sign-up')
    """
    return APART.sub("-", name).strip("-").lower()


def answer_of(response: Any, error: Any, *, too_late: bool) -> Answer:
    """What Locust's client got, as we know answers."""
    status = int(getattr(response, "status_code", 0) or 0)
    told: Mapping[str, str] = getattr(response, "headers", None) or {}
    why = broke_by(error)
    timed_out = too_late or why == TOO_LATE
    if timed_out or not status:
        return Answer(status=0, timed_out=timed_out, error=TOO_LATE if timed_out else why)
    return Answer(
        status=status,
        error=why,
        content=(getattr(response, "content", None) or b"") if error is not None else b"",
        content_type=told.get("content-type") or "",
        retry_after=told.get("retry-after"),
        date=told.get("date"),
        service_ns=durations_ns([told.get("server-timing") or ""]).get("service"),
    )


def judged_by(answer: Answer, error: Any, person: Person) -> Judged:
    """What an attempt came to: what Locust and the user's own code say."""
    if error is None:
        return Judged(Result.SUCCESS, BY_LOCUSTFILE)
    if (early := judged_by_status(answer)) is not None:
        return early
    if isinstance(error, CatchResponseError | str | AssertionError):
        return Judged(Result.FAILED, "the locustfile says no", quoted(str(error), person.hides))
    return failed(answer, "unexpected status", person.hides)


TOO_LATE = "timed out"
JUDGEMENTS = (CatchResponseError, AssertionError, requests.HTTPError, BadStatusCode)
"""Errors that speak of an answer that came whole."""


def broke_by(error: Any) -> str:
    """Why an exchange ended without a whole answer; empty where it did not."""
    if not isinstance(error, BaseException) or isinstance(error, JUDGEMENTS):
        return ""
    chain = list(causes(error))
    if any(isinstance(each, Fenced) for each in chain):
        return "it leads to another host, which was not allowed"
    if any(isinstance(each, TimeoutError | requests.Timeout | gevent.Timeout) for each in chain):
        return TOO_LATE
    known = [each for each in chain if isinstance(each, OSError) and each.errno is not None]
    return reason_of(known[-1]) if known else type(error).__name__


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it, however a library hands that on."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting += [found for found in inner if isinstance(found, BaseException)]
