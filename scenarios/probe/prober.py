"""The probe's own visitors, one after the other, and what their requests took."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from asyncio_throttle.throttler import Throttler

from scenarios.http.allow import Target
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, is_ours, judge, quoted
from scenarios.http.browser import Browser
from scenarios.http.manners import Manners
from scenarios.http.requests.person import NoValue, Person, code_told
from scenarios.http.requests.sent import REQUEST_START, sent_now, sent_of
from scenarios.http.rows import row_of_probe, rows_in
from scenarios.mail.office import Office
from scenarios.probe.measured import SHORTEST_NS
from simulator.errors import Misbehaved
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import REDIRECTS, Request

T = TypeVar("T")
LONGEST_KEY = 200
FIRST = 100_000_000_000
"""Before the number of the first person: as long as those of a replay's visitors, which a form may be
particular about."""

Progress = Callable[[int, int], None]
"""Is told how many of how many people are done."""


@dataclass(slots=True)
class Times:
    """What one of the requests took, each time."""

    at_ns: list[int] = field(default_factory=list)
    """When it was sent, on the clock of the probe."""
    seen_ns: list[int] = field(default_factory=list)
    queue_ns: list[int] = field(default_factory=list)
    service_ns: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Samples:
    """What the probe's requests took."""

    of: dict[Request, Times]
    null_ns: list[int] = field(default_factory=list)

    @property
    def server_timing(self) -> bool:
        """Whether every single answer told its times."""
        return all(len(times.service_ns) == len(times.seen_ns) for times in self.of.values())

    def services_ns(self, request: Request) -> list[float]:
        """What each one of a request cost: as told, else as seen less a request for nothing.

        Less the mean of those, as each by itself is another wait.
        """
        times = self.of[request]
        if self.server_timing:
            return [max(SHORTEST_NS, float(ns)) for ns in times.service_ns]
        nothing_ns = sum(self.null_ns) / max(1, len(self.null_ns))
        return [max(SHORTEST_NS, ns - nothing_ns) for ns in times.seen_ns]

    @property
    def round_trips_ns(self) -> list[int]:
        """What network and client took of every request: a request for nothing tells it too."""
        if not self.server_timing:
            return self.null_ns
        return [ns for times in self.of.values() for ns in overheads_ns(times)]


class Prober:
    """Sends one person after the other through all requests."""

    def __init__(
        self,
        target: Target,
        wanted: Sequence[Request],
        manners: Manners,
        rate_per_s: float,
        office: Office | None = None,
    ) -> None:
        self.started_at = datetime.now(UTC)
        self.id = f"probe-{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self._target, self._manners = target, manners
        self._wanted, self._office = wanted, office
        if office is not None:
            office.expect(self.id)
        self._people, self._rows = 0, rows_in(manners.data)
        # One a period: of several a period the throttle would let all go at its start.
        self._throttle = Throttler(rate_limit=1, period=1 / rate_per_s, retry_interval=0.001)

    async def sample(self, people: int, progress: Progress) -> Samples:
        samples = Samples({request: Times() for request in self._wanted})
        for done in range(people):
            await self._sample_one(samples)
            progress(done + 1, people)
        return samples

    async def _sample_one(self, samples: Samples) -> None:
        """Ask for nothing, then be somebody new, and ask for everything."""
        self._people += 1
        manners = self._manners
        row = row_of_probe(self._rows, self._people)
        person = Person.of(self.id, FIRST + self._people, row, secrets=manners.secrets)
        post = self._office.post_of(person) if self._office else None
        person = person._replace(mail=post)
        async with Browser(
            target=self._target, hosts=manners.hosts, common={"User-Agent": manners.user_agent}
        ) as browser:
            ours = await self._ask_for_nothing(browser, person, samples)
            for request in self._wanted:
                if post is not None:
                    post.next_step()
                async with self._throttle:
                    times = samples.of[request]
                    judged, code = await self._send(browser, request, person, times, ours=ours)
                learned = {**person.learned, **judged.learned}
                person = person._replace(code=code or person.code, learned=learned)

    async def _ask_for_nothing(self, browser: Browser, person: Person, samples: Samples) -> bool:
        """What that takes, and whether the target is ours; where nothing may be asked, nothing is known.

        It is asked for twice, and the second is timed: on a connection that is open, as it is for what
        follows.
        """
        health = self._manners.health
        if health is None or str(health) in map(str, self._wanted):  # a step is not nothing
            samples.null_ns.append(0)
            return False
        nothing = sent_of(health, person, self._manners.headers)
        await browser.send(nothing)
        null_ns, answer = await timed(browser.send(nothing))
        samples.null_ns.append(null_ns)
        return is_ours(answer.body)

    async def _send(
        self, browser: Browser, request: Request, person: Person, times: Times, *, ours: bool
    ) -> tuple[Judged, str | None]:
        """What it came to, and the code that it told."""
        key = key_of(request, person)
        try:
            # Not in the loop: who has to wait for his mail waits here.
            sent = await asyncio.to_thread(sent_of, request, person, key | self._manners.headers)
        except NoValue as missing:
            raise Misbehaved(f"{request} cannot be sent: {missing}") from None
        sending = browser.send(sent, follow=request.redirects == "follow")
        at_ns = time.perf_counter_ns()
        seen_ns, answer = await timed(sending)
        judged = require_success(answer, request, person, ours=ours)
        times.at_ns.append(at_ns)
        times.seen_ns.append(seen_ns)
        if answer.service_ns is not None:
            times.service_ns.append(answer.service_ns)
            times.queue_ns.append(answer.queue_ns or 0)
        return judged, code_told(answer.body)


def key_of(request: Request, person: Person) -> dict[str, str]:
    """Headers of each request: by which a repeat is known, and when it was sent."""
    return {
        "Idempotency-Key": f"{person.email} {request}"[:LONGEST_KEY],
        REQUEST_START: sent_now(),
    }


async def timed(request: Awaitable[T]) -> tuple[int, T]:
    started_ns = time.perf_counter_ns()
    answer = await request
    return time.perf_counter_ns() - started_ns, answer


def require_success(answer: Answer, request: Request, person: Person, *, ours: bool) -> Judged:
    """What a served request came to.

    Raises Misbehaved where it was not served (:mod:`scenarios.http.answers.success`).
    """
    status, where = answer.status, answer.asked
    path = urlsplit(where).path
    if status == 202 and "ticket" in answer.body:
        raise Misbehaved(f"{where} put the probe into its line; open the line while probing")
    if status == 503:
        raise Misbehaved(f"{where} turned the probe away; probe it while it is idle")
    if path.endswith("/verify") and status >= 400 and person.code is None and request.is_bare:
        raise Misbehaved(
            f"{where} answered {status}: the signup returned no verification code; a target of ours"
            " tells it with `surgeproof serve --outbox`"
        )
    judged = judge(answer, request, person, ours=ours)
    if judged.result is Result.SUCCESS:
        return judged
    if status in REDIRECTS and request.redirects is None:
        leads = quoted(answer.headers.get("location", ""), person.hides)
        raise Misbehaved(
            f'{where} answered {status}, a redirect to {leads}: write redirects = "expect" (or'
            ' "follow") in the step\'s request, or use the address that it leads to'
        )
    said = f": “{judged.said}”" if judged.said else ""
    raise Misbehaved(f"{where} answered {status}: {judged.kind}{said}")


def overheads_ns(times: Times) -> list[int]:
    """What the client saw less what the server says that it waited and took."""
    told = zip(times.seen_ns, times.queue_ns, times.service_ns, strict=True)
    return [max(0, seen_ns - queue_ns - service_ns) for seen_ns, queue_ns, service_ns in told]
