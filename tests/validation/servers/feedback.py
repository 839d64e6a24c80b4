"""A waiting line whose rate follows how many are in: raised by steps, cut by a factor (AIMD).

At the request itself, as docs/lines.md calls it. The line opens with the first who comes after nobody
was there; its owner's probes stand in none, as staff does not.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.validation.servers.applications import WAITS_S, factor_of
from tests.validation.servers.line import POLL_S, SERVERS

LIMIT = 12
"""In flight: above this the rate is cut."""
EVERY_S = 1.0
FIRST, LOWEST, HIGHEST, STEP = 10.0, 5.0, 60.0, 3.0
CUT = 0.7
CLOSES_AFTER_S = 3.0
"""Without anybody."""
PROBE = b"@probe-"
RELEASE = (
    f'{{ feedback = {{ signal = "in-flight", limit = {LIMIT}, every = "{EVERY_S:g} s",'
    f' first = "{FIRST:g}/s", lowest = "{LOWEST:g}/s", highest = "{HIGHEST:g}/s",'
    f' step = "{STEP:g}/s", cut = {CUT} }} }}'
)
"""The same as a launch says it."""


@dataclass(slots=True)
class Gate:
    """Who waits, who was called, and how fast they are called now."""

    waiting: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    in_flight: int = 0
    rate_per_s: float = FIRST
    ready_s: float = 0.0
    """When the next may be called."""
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Task[None] | None = None

    def lets_in(self, who: str) -> bool:
        """Whether he may enter now; who is new stands at the end."""
        if who not in self.known:
            self.join(who, time.monotonic())
            self.joined.set()
            if self.opened is None or self.opened.done():
                self.opened = asyncio.create_task(self.open())
        if who not in self.called:
            return False
        self.called.remove(who)
        return True

    def join(self, who: str, now_s: float) -> None:
        """Who finds nobody may be called at once; a turn that nobody took is not saved up."""
        if not self.waiting:
            self.ready_s = max(self.ready_s, now_s)
        self.known.add(who)
        self.waiting.append(who)
        self.call(now_s)

    def call(self, now_s: float) -> None:
        """Whoever's turn it is by now, in the rhythm of the rate although one call came late."""
        while self.waiting and self.ready_s <= now_s:
            self.called.add(self.waiting.popleft())
            self.ready_s += 1 / self.rate_per_s

    async def open(self) -> None:
        """Until nobody has been there for a while."""
        now_s = seen_s = time.monotonic()
        self.rate_per_s, self.ready_s, decides_s = FIRST, now_s, now_s + EVERY_S
        while now_s < seen_s + CLOSES_AFTER_S:
            next_s = min(decides_s, self.ready_s) if self.waiting else decides_s
            await self.until(next_s)
            now_s = time.monotonic()
            if self.waiting or self.in_flight:
                seen_s = now_s
            if now_s >= decides_s:
                self.rate_per_s = next_rate(self.rate_per_s, self.in_flight)
                decides_s += EVERY_S
            self.call(now_s)

    async def until(self, instant_s: float) -> None:
        """Or until somebody joins."""
        self.joined.clear()
        try:
            await asyncio.wait_for(self.joined.wait(), max(0.0, instant_s - time.monotonic()))
        except TimeoutError:
            return


def next_rate(rate_per_s: float, in_flight: int) -> float:
    """After one more period."""
    if in_flight > LIMIT:
        return max(LOWEST, rate_per_s * CUT)
    return min(HIGHEST, rate_per_s + STEP)


def feedback() -> Starlette:
    """For uvicorn: two are served at once, behind the line."""
    gate, servers = Gate(), asyncio.Semaphore(SERVERS)

    async def healthz(request: Request) -> JSONResponse:
        return JSONResponse({})

    async def signup(request: Request) -> JSONResponse:
        body = await request.body()
        who = request.headers.get("Idempotency-Key") or body.decode("utf-8", "replace")
        if PROBE not in body and not gate.lets_in(who):
            return JSONResponse({}, 202, {"Retry-After": str(POLL_S)})
        gate.in_flight += 1
        try:
            async with servers:
                await asyncio.sleep(WAITS_S * factor_of(body))
            return JSONResponse({"account": 1}, 201)
        finally:
            gate.in_flight -= 1
            gate.known.discard(who)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/signup", signup, methods=["POST"])]
    )
