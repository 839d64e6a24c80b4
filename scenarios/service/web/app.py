"""The target over HTTP: which path asks for what.

:mod:`scenarios.service.web.service` and :mod:`scenarios.service.web.account_requests` say what each answers. Whoever is
told to wait is told how long: in ``Retry-After``, in whole seconds, and in the body as
``retry_after_s``. Whom a worker has served is told in ``Server-Timing`` how long he waited for it,
and how long it took. An error's body is ``{"error": sentence}``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route

from scenarios.service.settings import Settings
from scenarios.service.store.opened import open_database
from scenarios.service.web.service import Service
from scenarios.service.work.answers import TurnedAway, cannot_keep, explain, hang_up, turn_away
from simulator.host.temporary import temporary_folder


def routes(service: Service) -> list[Route]:
    errands = service.errands
    table: tuple[tuple[str, str, Callable[[Request], Any]], ...] = (
        ("POST", "/line", service.join),
        ("GET", "/line/{ticket}", service.look),
        ("DELETE", "/line/{ticket}", service.leave),
        ("POST", "/signup", service.signup),
        ("POST", "/verify", errands.verify),
        ("GET", "/read/{what}", errands.read),
        ("POST", "/write/{what}", errands.write),
        ("POST", "/pay", errands.pay),
        ("GET", "/outbox", service.outbox),
        ("GET", "/healthz", service.healthz),
        ("GET", "/metrics", service.scrape),
        ("GET", "/audit", service.audit),
        ("POST", "/admin/line", service.change_line),
    )
    return [Route(path, answer, methods=[method]) for method, path, answer in table]


@contextmanager
def database_of(settings: Settings) -> Iterator[Path | str]:
    """Where a target keeps things; a folder of its own only if nothing else was said."""
    if settings.database is not None:
        yield settings.database
        return
    with temporary_folder("surgeproof-target-") as folder:
        yield folder / "target.sqlite"


def create_app(settings: Settings) -> Starlette:
    """The application; its database is opened when it starts, and a temporary one removed again."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with database_of(settings) as where:
            service = Service(settings, open_database(where))
            app.router.routes.extend(routes(service))
            try:
                yield
            finally:
                service.close()

    return Starlette(
        lifespan=lifespan,
        exception_handlers={
            HTTPException: explain,
            TurnedAway: turn_away,
            ClientDisconnect: hang_up,
            sqlite3.Error: cannot_keep,
        },
    )
