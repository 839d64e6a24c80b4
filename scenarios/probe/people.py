"""People for a probe, one after the other or several at once: each new, and each with his own browser.

Each has a connection of his own, as a visitor of a replay has unless the launch keeps them alive: what a
new connection costs the server is then part of what it is measured to cost.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scenarios.http.allow import Target, connect
from scenarios.http.answers.answer import Answer
from scenarios.http.browser import Browser
from scenarios.http.manners import Manners
from scenarios.http.requests.person import NoValue, Person, code_told
from scenarios.http.requests.sent import Sent, sent_of
from scenarios.http.rows import row_of_probe, rows_in
from scenarios.mail.boxes import Post
from scenarios.mail.office import Office
from scenarios.probe.ladder.rungs import Exchange
from scenarios.probe.prober import FIRST, key_of, require_success
from scenarios.probe.told_times import queue_told_ns, service_told_ns
from simulator.errors import Misbehaved
from simulator.scenario.document.data import Rows
from simulator.scenario.words.rehearsal.requests import Request

FORBIDDEN = 403
LIMITS = ("retry-after", "ratelimit", "ratelimit-policy", "ratelimit-limit", "ratelimit-reset",
          "x-ratelimit-limit", "x-ratelimit-reset")  # fmt: skip
"""Headers in which servers tell of their limits (RFC 9110; the IETF's draft; many an API)."""
LONGEST_TOLD = 80


@dataclass(slots=True)
class People:
    """Where new people come from."""

    target: Target
    wanted: Sequence[Request]
    manners: Manners
    ours: bool = False
    """Whether the target speaks the reference protocol."""
    id: str = ""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    many: int = 0
    served: int = 0
    """How many requests were served so far."""
    address: str = ""
    office: Office | None = None
    """Where mails to them are caught."""
    rows: Rows = field(default_factory=list)
    """Of the launch's table."""

    def __post_init__(self) -> None:
        self.id = f"probe-{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self.address = connect(self.target)
        self.rows = rows_in(self.manners.data)
        if self.office is not None:
            self.office.expect(self.id)

    @asynccontextmanager
    async def somebody(self) -> AsyncIterator[Somebody]:
        """Somebody new."""
        self.many += 1
        manners = self.manners
        row = row_of_probe(self.rows, self.many)
        person = Person.of(self.id, FIRST + self.many, row, secrets=manners.secrets)
        post = self.office.post_of(person) if self.office else None
        person = person._replace(mail=post)
        async with Browser(
            target=self.target,
            hosts=manners.hosts,
            common={"User-Agent": manners.user_agent},
            address=self.address,
        ) as browser:
            yield Somebody(self, browser, person, post)


@dataclass(slots=True)
class Somebody:
    """One person on his way through the launch's requests."""

    people: People
    browser: Browser
    person: Person
    post: Post | None = None

    async def take(self, step: int) -> Exchange:
        """Make one of the requests.

        A refusal is an answer like others; raises Misbehaved where it was neither served nor refused,
        Unreachable where there is no answer.
        """
        request = self.people.wanted[step]
        if self.post is not None:
            self.post.next_step()
            # Not in the loop: who has to wait for his mail waits here.
            sending = await asyncio.to_thread(self._filled, request)
        else:
            sending = self._filled(request)
        sent_ns = time.perf_counter_ns()
        answer = await self.browser.send(sending, follow=request.redirects == "follow")
        seen_ns = time.perf_counter_ns()
        refused = answer.refused or (answer.status == FORBIDDEN and self.people.served > 0)
        if not refused:
            self._learn(answer, request)
        return Exchange(
            request=request,
            sent_ns=sent_ns,
            seen_ns=seen_ns,
            status=answer.status,
            service_ns=service_told_ns(answer),
            queue_ns=queue_told_ns(answer),
            refused=refused,
            told=limits_told(answer.headers) if refused else "",
        )

    def _filled(self, request: Request) -> Sent:
        key = key_of(request, self.person)
        try:
            return sent_of(request, self.person, key | self.people.manners.headers)
        except NoValue as missing:
            raise Misbehaved(f"{request} cannot be sent: {missing}") from None

    def _learn(self, answer: Answer, request: Request) -> None:
        judged = require_success(answer, request, self.person, ours=self.people.ours)
        self.people.served += 1
        learned = {**self.person.learned, **judged.learned}
        code = code_told(answer.body) or self.person.code
        self.person = self.person._replace(code=code, learned=learned)


def limits_told(headers: Mapping[str, str]) -> str:
    """What a refusal says of its limit, as far as a line bears it."""
    said = [f"{name}: {headers[name]}" for name in LIMITS if name in headers]
    shown = "; ".join(said)
    return "".join(c for c in shown if c.isprintable())[:LONGEST_TOLD]
