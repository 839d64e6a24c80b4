"""The signup service over HTTP.

::

    POST   /line            join: 200 admitted, 202 waiting
    GET    /line/{ticket}   look: 200 admitted, 202 waiting, 404 unknown, 410 left
    DELETE /line/{ticket}   leave: 204
    POST   /signup          {email, password, ticket?}: 201, 202 in the line, 409 taken, 503 full
    POST   /verify          {email, code}: 200, 400 wrong code, 404
    GET    /healthz, /metrics
    GET    /outbox?email=   the code that was sent, if the settings allow it
    POST   /admin/line      turn the line's levers, with the token of SURGEPROOF_TARGET_TOKEN

Whoever is told to wait is told how long: in ``Retry-After``, in whole seconds, and in the body as
``retry_after_s``. An error's body is ``{"error": sentence}``.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hmac
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scenarios.target.accounts import Accounts
from scenarios.target.admin import changed, clears, require_admin
from scenarios.target.forms import Signup, email_in, read_object, read_signup, text_in
from scenarios.target.line import Line, steady_clock
from scenarios.target.metrics import Metrics
from scenarios.target.settings import Settings
from scenarios.target.store import Place, Store
from scenarios.target.workers import Done, Pool


class Service:
    """The parts of one running target, and its answers."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store
        self.clock = steady_clock()
        self.line = Line(store, settings.line, self.clock)
        self.pool = Pool(settings.workers, settings.queue)
        self.accounts = Accounts(store, settings.hash_cost, self.clock)
        self.metrics = Metrics(self.pool, self.line)

    def close(self) -> None:
        self.line.close()
        self.pool.close()
        self.store.close()

    async def join(self, _: Request) -> Response:
        return self._standing(*self.line.join())

    async def look(self, request: Request) -> Response:
        ticket = request.path_params["ticket"]
        return self._standing(ticket, self._place_of(ticket))

    async def leave(self, request: Request) -> Response:
        if not self.line.leave(request.path_params["ticket"]):
            raise HTTPException(404, "no such ticket")
        return Response(status_code=204)

    async def signup(self, request: Request) -> Response:
        form = await read_signup(request)
        if not self.line.is_open:
            ticket, place = self._called(form)
            if not place.admitted:
                self.metrics.answered("line")
                return self._standing(ticket, place)
            form = dataclasses.replace(form, ticket=ticket, key=form.key or ticket)
        job = self.pool.submit(self.accounts.work(form))
        if job is None:
            return self._turned_away(form)
        try:
            done = await asyncio.wrap_future(job)
        except asyncio.CancelledError:  # the server ends, and nobody will do the work
            return self._turned_away(form)
        return self._signed_up(form, done)

    async def verify(self, request: Request) -> Response:
        found = await read_object(request)
        email, code = email_in(found), text_in(found, "code", 200)
        sent = self.store.code(email)
        if sent is None:
            raise HTTPException(404, "no such account")
        if not hmac.compare_digest(sent.encode(), code.encode()):
            raise HTTPException(400, "wrong code")
        self.store.verify(email, self.clock())
        return JSONResponse({"verified": True})

    async def outbox(self, request: Request) -> Response:
        code = self.store.code(request.query_params.get("email", "").lower())
        if code is None or not self.settings.outbox:
            raise HTTPException(404, "Not Found")
        return JSONResponse({"code": code})

    async def healthz(self, _: Request) -> Response:
        return JSONResponse(
            {
                "status": "ok",
                "workers": self.pool.servers,
                "queue": self.pool.waiting_room,
                "hash_cost": self.settings.hash_cost,
                "in_service": self.pool.in_service,
                "waiting": self.pool.waiting,
                "line": self._line(),
            }
        )

    async def scrape(self, _: Request) -> Response:
        return Response(self.metrics.exposition(), media_type="text/plain; version=0.0.4")

    async def change_line(self, request: Request) -> Response:
        require_admin(request)
        wanted = await read_object(request)
        clear = clears(wanted)
        self.line.change(changed(self.line.settings, wanted), clear=clear)
        return JSONResponse(self._line())

    def _line(self) -> dict[str, Any]:
        lengths = self.line.lengths()
        return dataclasses.asdict(self.line.settings) | dataclasses.asdict(lengths)

    def _called(self, form: Signup) -> tuple[str, Place]:
        """The ticket that a signup comes with, or else a new one."""
        if form.ticket is None:
            return self.line.join()
        return form.ticket, self._place_of(form.ticket)

    def _place_of(self, ticket: str) -> Place:
        place = self.line.look(ticket)
        if place is None:
            raise HTTPException(404, "no such ticket")
        if place.left:
            raise HTTPException(410, "this ticket has left the line")
        return place

    def _standing(self, ticket: str, place: Place) -> Response:
        if place.admitted:
            return JSONResponse({"ticket": ticket, "admitted": True})
        wait_s = self.line.settings.poll_every_s
        answer = {
            "ticket": ticket,
            "admitted": False,
            "position": place.position,
            "people_ahead": place.position - 1,
            "retry_after_s": wait_s,
        }
        return JSONResponse(answer, 202, retry_after(wait_s))

    def _turned_away(self, form: Signup) -> Response:
        self.metrics.answered("turned_away")
        wait_s = max(1, math.ceil(self.pool.drained_in_s))
        answer = {"error": "too many signups wait; try again", "retry_after_s": wait_s}
        return JSONResponse(answer | ticket_of(form), 503, retry_after(wait_s))

    def _signed_up(self, form: Signup, done: Done[int | None]) -> Response:
        self.metrics.served(done)
        self.metrics.answered("taken" if done.value is None else "created")
        timing = {"Server-Timing": server_timing(done)}
        if done.value is None:
            return JSONResponse({"error": "the e-mail or the ticket is taken"}, 409, timing)
        answer = {"account": done.value, "verification": "sent"}
        return JSONResponse(answer | ticket_of(form), 201, timing)


def ticket_of(form: Signup) -> dict[str, str]:
    return {} if form.ticket is None else {"ticket": form.ticket}


def retry_after(wait_s: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(wait_s))}


def server_timing(done: Done[int | None]) -> str:
    return f"queue;dur={done.queue_ns / 1e6:.3f}, service;dur={done.service_ns / 1e6:.3f}"


def routes(service: Service) -> list[Route]:
    table: tuple[tuple[str, str, Callable[[Request], Any]], ...] = (
        ("POST", "/line", service.join),
        ("GET", "/line/{ticket}", service.look),
        ("DELETE", "/line/{ticket}", service.leave),
        ("POST", "/signup", service.signup),
        ("POST", "/verify", service.verify),
        ("GET", "/outbox", service.outbox),
        ("GET", "/healthz", service.healthz),
        ("GET", "/metrics", service.scrape),
        ("POST", "/admin/line", service.change_line),
    )
    return [Route(path, answer, methods=[method]) for method, path, answer in table]


def explain(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def hang_up(_: Request, __: Exception) -> Response:
    """Nobody is there to read the answer to a request that was never fully sent."""
    return Response(status_code=400)


def create_app(settings: Settings) -> Starlette:
    """The application; its database is opened when it starts, and a temporary one removed again."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with TemporaryDirectory(prefix="surgeproof-target-") as folder:
            store = Store(settings.database or Path(folder) / "target.sqlite")
            service = Service(settings, store)
            app.router.routes.extend(routes(service))
            try:
                yield
            finally:
                service.close()

    return Starlette(
        lifespan=lifespan, exception_handlers={HTTPException: explain, ClientDisconnect: hang_up}
    )
