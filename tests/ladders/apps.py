"""The applications behind the servers: a signup that keeps a core busy, or one that waits for others.

What other programs on the machine take from a server that computes, they do not take from one that
waits: its number of servers is the same on a busy machine.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable
from typing import Any

ROUNDS = 60_000
"""Of PBKDF2, which lets other threads run meanwhile: some 30 ms."""


WAITS_S = 0.08
"""As for a database."""


def toil() -> None:
    hashlib.pbkdf2_hmac("sha256", b"signup", b"salt", ROUNDS)


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """For gunicorn."""
    return answered(environ, start_response, toil)


def wsgi_that_waits(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return answered(environ, start_response, lambda: time.sleep(WAITS_S))


def answered(
    environ: dict[str, Any], start_response: Callable[..., Any], work: Callable[[], None]
) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        work()
        start_response("201 Created", [("Content-Type", "application/json")])
        return [b'{"account": 1}']
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b"{}"]


def asgi(*, blocking: bool) -> Any:
    """For uvicorn: its handler blocks the event loop, or is given to a thread as FastAPI does."""
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {}

    if blocking:

        @app.post("/signup", status_code=201)
        async def signup_on_the_loop() -> dict[str, int]:
            toil()
            return {"account": 1}

    else:

        @app.post("/signup", status_code=201)
        def signup_in_a_thread() -> dict[str, int]:
            toil()
            return {"account": 1}

    return app


def on_the_loop() -> Any:
    return asgi(blocking=True)


def in_threads() -> Any:
    return asgi(blocking=False)


def that_waits() -> Any:
    """Many at once on one event loop."""
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {}

    @app.post("/signup", status_code=201)
    async def signup() -> dict[str, int]:
        await asyncio.sleep(WAITS_S)
        return {"account": 1}

    return app
