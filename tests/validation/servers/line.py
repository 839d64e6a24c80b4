"""A waiting line of slots in front of a signup: as many are in as there are sessions, the others ask again.

At the request itself, as docs/lines.md calls it: who is told 202 with Retry-After sends the same again.
Who is called has a session from then on; it ends with his answer, and then the next one is called.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.validation.servers.applications import WAITS_S, factor_of

TOTAL = 30
"""Sessions: enough to keep the servers busy although who is called comes only at his next look, so that
it is the servers that drain the line."""
SERVERS = 2
POLL_S = 1
RELEASE = f'{{ slots = {{ total = {TOTAL}, session = "5 min", early_release = true }} }}'
"""The same as a launch says it."""


@dataclass(slots=True)
class Sessions:
    """Who waits, who was called, and how many sessions are taken."""

    total: int
    waiting: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    taken: int = 0

    def lets_in(self, who: str) -> bool:
        """Whether he may enter now; who is new stands at the end."""
        if who not in self.known:
            self.known.add(who)
            self.waiting.append(who)
            self.call()
        if who not in self.called:
            return False
        self.called.remove(who)
        return True

    def call(self) -> None:
        while self.waiting and self.taken < self.total:
            self.called.add(self.waiting.popleft())
            self.taken += 1

    def left(self, who: str) -> None:
        """His session is over; should he come again, he stands at the end."""
        self.known.discard(who)
        self.taken -= 1
        self.call()


def slots() -> Starlette:
    """For uvicorn: two are served at once, behind a line of sessions."""
    sessions, servers = Sessions(TOTAL), asyncio.Semaphore(SERVERS)

    async def healthz(request: Request) -> JSONResponse:
        return JSONResponse({})

    async def signup(request: Request) -> JSONResponse:
        body = await request.body()
        who = request.headers.get("Idempotency-Key") or body.decode("utf-8", "replace")
        if not sessions.lets_in(who):
            return JSONResponse({}, 202, {"Retry-After": str(POLL_S)})
        try:
            async with servers:
                await asyncio.sleep(WAITS_S * factor_of(body))
            return JSONResponse({"account": 1}, 201)
        finally:
            sessions.left(who)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/signup", signup, methods=["POST"])]
    )
