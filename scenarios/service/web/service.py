"""The parts of one running target, and its answers to those who come and to those who watch.

::

    POST   /line            join: 200 admitted, 202 waiting
    GET    /line/{ticket}   look: 200 admitted, 202 waiting, 404 unknown, 410 left
    DELETE /line/{ticket}   leave: 204
    POST   /signup          {email, password, ticket?}: 201, 202 in the line, 409 taken, 503 full
    GET    /healthz, /metrics
    GET    /audit           what is really in the database; counts every row, so ask rarely
    GET    /outbox?email=   the code that was sent, if the settings allow it
    POST   /admin/line      turn the line's levers, with the token of SURGEPROOF_TARGET_TOKEN
"""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scenarios.http.line import PROTOCOL
from scenarios.service.settings import SIGNUP, Settings
from scenarios.service.store.database import Database
from scenarios.service.store.store import Account, Store
from scenarios.service.store.tickets import Place, Tickets
from scenarios.service.web.account_requests import Errands
from scenarios.service.web.accounts import Accounts
from scenarios.service.web.admin import changed, clears, require_admin
from scenarios.service.web.forms import Signup, read_object, read_signup
from scenarios.service.work.answers import TurnedAway, retry_after, served
from scenarios.service.work.line import Line, steady_clock
from scenarios.service.work.metrics import Metrics
from scenarios.service.work.stations import Stations
from scenarios.service.work.workers import Done


class Service:
    """One running target."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self._database = database
        self._clock = steady_clock()
        self.store = Store(database)
        self.line = Line(Tickets(database), settings.line, self._clock)
        self.metrics = Metrics()
        self.stations = Stations(settings, self.metrics)
        self.accounts = Accounts(self.store, settings.hash_cost, self._clock)
        self.errands = Errands(self.store, self.stations, self.metrics, self._clock)
        self.metrics.watch_signup(self.stations.signup.pool)
        self.metrics.line_length.set_function(lambda: self.line.lengths().waiting)

    def close(self) -> None:
        self.line.close()
        self.stations.close()
        self._database.close()

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
                self.metrics.answered(SIGNUP, "line")
                return self._standing(ticket, place)
            form = dataclasses.replace(form, ticket=ticket, key=form.key or ticket)
        try:
            done = await self.stations.serve(SIGNUP, self.accounts.work(form))
        except TurnedAway as full:
            full.told |= ticket_of(form)
            raise
        return self._signed_up(form, done)

    async def outbox(self, request: Request) -> Response:
        code = self.store.code(request.query_params.get("email", "").lower())
        if code is None or not self.settings.outbox:
            raise HTTPException(404, "Not Found")
        return JSONResponse({"code": code})

    async def healthz(self, _: Request) -> Response:
        pool = self.stations.signup.pool
        return JSONResponse(
            {
                "status": "ok",
                "protocol": PROTOCOL,
                "workers": pool.servers,
                "queue": pool.waiting_room,
                "hash_cost": self.settings.hash_cost,
                "in_service": pool.in_service,
                "waiting": pool.waiting,
                "stations": [station.health() for station in self.stations.all],
                "line": self._line(),
            }
        )

    async def scrape(self, _: Request) -> Response:
        return Response(self.metrics.exposition(), media_type="text/plain; version=0.0.4")

    async def audit(self, _: Request) -> Response:
        found = await asyncio.to_thread(self.store.audit)
        return JSONResponse(dataclasses.asdict(found))

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
            "expected_wait_s": self.line.expected_wait_s(place),
            "retry_after_s": wait_s,
        }
        return JSONResponse(answer, 202, retry_after(wait_s))

    def _signed_up(self, form: Signup, done: Done[Account | None]) -> Response:
        account = done.value
        self.metrics.answered(SIGNUP, "taken" if account is None else "created")
        if account is None:
            return served(done, {"error": "the e-mail or the ticket is taken"}, 409)
        answer: dict[str, object] = {"account": account.number, "verification": "sent"}
        code = {"code": account.code} if self.settings.outbox else {}
        return served(done, answer | code | ticket_of(form), 201)


def ticket_of(form: Signup) -> dict[str, object]:
    return {} if form.ticket is None else {"ticket": form.ticket}
