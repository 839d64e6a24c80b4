"""Measuring gently what one signup costs.

One request at a time and at most so many a second, so that nothing waits and the service time is
seen alone. Each signup has a request for nothing beside it, which measures what client, network and
event loop add. Where the target sends ``Server-Timing``, it tells its own service time; elsewhere
that is the difference of the two means.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from asyncio_throttle.throttler import Throttler

from scenarios.allow import headers
from scenarios.answer import milliseconds_ns
from scenarios.capacity import find_capacity
from scenarios.measured import Figures, Probe, Step
from simulator.errors import Misbehaved, Unreachable, UsageError

__all__ = ["Probe", "probe"]

WARM_UP = 5
RATE_PER_S = 30.0
"""A cap; one request at a time is gentle enough. Slower is not better: a processor that idles between
requests serves each of them more slowly than a busy one (37 ms at 10/s and 31 ms at 30/s were
measured within minutes), and a launch keeps it busy."""
TIMEOUT_S = 10.0
BUSY = 0.5
"""A wait for a worker longer than this share of the service time is not the probe's own doing."""
DURATION = re.compile(r"\b(queue|service)\s*;[^,]*?\bdur=([0-9.]+)")

Progress = Callable[[int, int], None]
"""Is told how many of how many signups are done."""


def probe(
    url: str,
    *,
    requests: int = 60,
    rate_per_s: float = RATE_PER_S,
    servers: int | None = None,
    waiting_room: int | None = None,
    progress: Progress | None = None,
) -> Probe:
    """Measure a target that is idle; ``servers`` and ``waiting_room`` overrule what it tells.

    Raises UsageError, Unreachable or Misbehaved where nothing can be measured.
    """
    if requests < 2 or not 0 < rate_per_s <= 1000:
        raise UsageError("a probe needs at least 2 requests and a rate above 0 and up to 1000/s")
    address = address_of(url)
    try:
        return asyncio.run(
            measure(address, requests, rate_per_s, (servers, waiting_room), progress or ignore)
        )
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise Unreachable(f"nobody answers at {address}; is the target running?") from None
    except httpx.HTTPError as error:
        raise Unreachable(
            f"{address} stopped answering in the middle of the probe ({type(error).__name__})"
        ) from None


def ignore(done: int, of: int) -> None:
    """Progress that nobody watches."""


def address_of(url: str) -> str:
    """The base address, without a slash at its end.

    Raises UsageError where it is none.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UsageError(f"{url!r} is not an address: {error}") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise UsageError(f"{url!r} is not an address; one looks like http://127.0.0.1:8080")
    return url.rstrip("/")


async def measure(
    url: str,
    requests: int,
    rate_per_s: float,
    given: tuple[int | None, int | None],
    progress: Progress,
) -> Probe:
    # A proxy would be measured along with the target.
    async with httpx.AsyncClient(
        base_url=url, headers=headers(), timeout=TIMEOUT_S, trust_env=False
    ) as client:
        capacity = await find_capacity(client, *given)
        prober = Prober(client, rate_per_s)
        cold = await prober.sample(WARM_UP, ignore)
        started_ns = time.perf_counter_ns()
        samples = await prober.sample(requests, progress)
        elapsed_ns = time.perf_counter_ns() - started_ns
    step, round_trip = judge(samples)
    return Probe(
        id=prober.id,
        url=url,
        measured_at=f"{prober.started_at:%Y-%m-%d %H:%M:%S} UTC",
        rate_per_s=rate_per_s,
        capacity=capacity,
        steps=(step,),
        round_trip=round_trip,
        null=Figures.of(samples.null_ns),
        first_ns=cold.seen_ns[0],
        warm_up=WARM_UP,
        utilisation=step.service.mean_ns * requests / elapsed_ns / max(1, capacity.servers),
        server_timing=samples.server_timing,
    )


@dataclass(slots=True)
class Samples:
    """What the probe's requests took."""

    null_ns: list[int] = field(default_factory=list)
    seen_ns: list[int] = field(default_factory=list)
    queue_ns: list[int] = field(default_factory=list)
    service_ns: list[int] = field(default_factory=list)

    @property
    def server_timing(self) -> bool:
        """Whether every single answer told its times."""
        return len(self.service_ns) == len(self.seen_ns)


class Prober:
    """Signs people up, one at a time."""

    def __init__(self, client: httpx.AsyncClient, rate_per_s: float) -> None:
        self.started_at = datetime.now(UTC)
        self.id = f"probe-{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self._client = client
        self._people = 0
        # One a period: of several a period the throttle would let all go at its start.
        self._throttle = Throttler(rate_limit=1, period=1 / rate_per_s, retry_interval=0.001)

    async def sample(self, requests: int, progress: Progress) -> Samples:
        samples = Samples()
        for done in range(requests):
            async with self._throttle:
                await self._sample_one(samples)
            progress(done + 1, requests)
        return samples

    async def _sample_one(self, samples: Samples) -> None:
        """Ask for nothing, then sign somebody up."""
        self._people += 1
        person = {
            "email": f"{self.id}-{self._people}@surgeproof.invalid",
            "password": secrets.token_urlsafe(12),
        }
        null_ns, _ = await timed(self._client.get("/healthz"))
        seen_ns, answer = await timed(self._client.post("/signup", json=person))
        require_success(answer)
        samples.null_ns.append(null_ns)
        samples.seen_ns.append(seen_ns)
        told = dict(DURATION.findall(answer.headers.get("server-timing", "")))
        service_ns = milliseconds_ns(told.get("service", ""))
        if service_ns is not None:
            samples.service_ns.append(service_ns)
            samples.queue_ns.append(milliseconds_ns(told.get("queue", "")) or 0)


async def timed(request: Awaitable[httpx.Response]) -> tuple[int, httpx.Response]:
    started_ns = time.perf_counter_ns()
    answer = await request
    return time.perf_counter_ns() - started_ns, answer


def require_success(answer: httpx.Response) -> None:
    """Raise Misbehaved where nobody was signed up."""
    status, where = answer.status_code, answer.url
    if status == 202:
        raise Misbehaved(f"{where} put the probe into its line; open the line while probing")
    if status == 503:
        raise Misbehaved(f"{where} turned the probe away; probe it while it is idle")
    if not 200 <= status < 300:
        raise Misbehaved(f"{where} answered {status}, not 201: {answer.text[:200]}")


def judge(samples: Samples) -> tuple[Step, Figures]:
    """The cost of a signup, and the round trip.

    Raises Misbehaved where the samples cannot tell.
    """
    seen, null = Figures.of(samples.seen_ns), Figures.of(samples.null_ns)
    if samples.server_timing:
        service, round_trip = Figures.of(samples.service_ns), Figures.of(overheads_ns(samples))
        require_idle(Figures.of(samples.queue_ns), service)
    else:
        service, round_trip = seen.less(null), null
    if service.mean_ns <= 0:
        raise Misbehaved("a signup took no longer than a request for nothing: no cost to measure")
    return Step(name="signup", service=service, seen=seen), round_trip


def overheads_ns(samples: Samples) -> list[int]:
    """What the client saw less what the server says that it waited and took."""
    told = zip(samples.seen_ns, samples.queue_ns, samples.service_ns, strict=True)
    return [max(0, seen_ns - queue_ns - service_ns) for seen_ns, queue_ns, service_ns in told]


def require_idle(queue: Figures, service: Figures) -> None:
    if queue.mean_ns > BUSY * service.mean_ns:
        raise Misbehaved(
            f"the probe's signups waited {queue.mean_ns / 1e6:.1f} ms for a worker, so somebody else"
            " is using the target; probe it while it is idle"
        )
