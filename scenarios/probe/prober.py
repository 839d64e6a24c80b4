"""The probe's own visitors, one after the other, and what their requests took."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx
from asyncio_throttle.throttler import Throttler

from scenarios.http import bounded
from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.answers.success import is_ours, judge
from scenarios.http.bodies import Person, body_of, code_told
from simulator.errors import Misbehaved
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request

LONGEST_KEY = 200

Progress = Callable[[int, int], None]
"""Is told how many of how many people are done."""


@dataclass(slots=True)
class Times:
    """What one of the requests took, each time."""

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

    @property
    def round_trips_ns(self) -> list[int]:
        """What network and client took of every request: a request for nothing tells it too."""
        if not self.server_timing:
            return self.null_ns
        return [ns for times in self.of.values() for ns in overheads_ns(times)]


class Prober:
    """Sends one person after the other through all requests."""

    def __init__(
        self, client: httpx.AsyncClient, wanted: Sequence[Request], rate_per_s: float
    ) -> None:
        self.started_at = datetime.now(UTC)
        self.id = f"probe-{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self._client = client
        self._wanted = wanted
        self._people = 0
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
        person = Person(email=f"{self.id}-{self._people}@surgeproof.invalid", run=self.id)
        null_ns, health = await timed(bounded.request(self._client, "GET", "/healthz"))
        samples.null_ns.append(null_ns)
        ours = is_ours(json_object(health.content))
        for request in self._wanted:
            async with self._throttle:
                answer = await self._send(request, person, samples.of[request], ours=ours)
            person = replace(person, code=code_told(json_object(answer.content)) or person.code)

    async def _send(
        self, request: Request, person: Person, times: Times, *, ours: bool
    ) -> httpx.Response:
        body = body_of(request, person)
        key = {"Idempotency-Key": f"{person.email} {request}"[:LONGEST_KEY]}
        sending = bounded.request(
            self._client, request.method, request.path, json=body, headers=key
        )
        seen_ns, answer = await timed(sending)
        require_success(answer, told_code=person.code is not None, ours=ours)
        times.seen_ns.append(seen_ns)
        told_ns = durations_ns(answer.headers.get_list("server-timing"))
        if "service" in told_ns:
            times.service_ns.append(told_ns["service"])
            times.queue_ns.append(told_ns.get("queue", 0))
        return answer


async def timed(request: Awaitable[httpx.Response]) -> tuple[int, httpx.Response]:
    started_ns = time.perf_counter_ns()
    answer = await request
    return time.perf_counter_ns() - started_ns, answer


def require_success(answer: httpx.Response, *, told_code: bool, ours: bool = False) -> None:
    """Raise Misbehaved where the request was not served (:mod:`scenarios.http.answers.success`)."""
    status, where = answer.status_code, answer.url
    if status == 202 and "ticket" in json_object(answer.content):
        raise Misbehaved(f"{where} put the probe into its line; open the line while probing")
    if status == 503:
        raise Misbehaved(f"{where} turned the probe away; probe it while it is idle")
    if where.path.endswith("/verify") and status >= 400 and not told_code:
        raise Misbehaved(
            f"{where} answered {status}: the signup returned no verification code; a target of ours"
            " tells it with `surgeproof serve --outbox`"
        )
    if 300 <= status < 400:
        raise Misbehaved(f"{where} {bounded.redirect_in_words(answer)}")
    judged = judge(heard(answer), answer.request.method, where.path, ours=ours)
    if judged.result is not Result.SUCCESS:
        said = f": “{judged.said}”" if judged.said else ""
        wrong = f": {judged.kind}" if 200 <= status < 300 else ", not 2xx"
        raise Misbehaved(f"{where} answered {status}{wrong}{said}")


def heard(answer: httpx.Response) -> Answer:
    """The same answer as a visitor of the replay has it."""
    return Answer(
        status=answer.status_code,
        content=answer.content,
        content_type=answer.headers.get("content-type", ""),
        body=json_object(answer.content),
        retry_after=answer.headers.get("retry-after"),
    )


def overheads_ns(times: Times) -> list[int]:
    """What the client saw less what the server says that it waited and took."""
    told = zip(times.seen_ns, times.queue_ns, times.service_ns, strict=True)
    return [max(0, seen_ns - queue_ns - service_ns) for seen_ns, queue_ns, service_ns in told]
