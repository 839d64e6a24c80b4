"""The applications behind the servers: a signup that computes, waits, or asks a database.

How long a signup takes is drawn from its body, so that the same person costs the same again: a
lognormal law with a cv of a third, as of services that are not quite alike. What others take from a
server that computes they do not take from one that waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from statistics import NormalDist
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROUNDS = 80_000
"""Of PBKDF2 on average, which lets other threads run meanwhile: 20 to 40 ms."""
WAITS_S = 0.08
"""On average, as for a system of somebody else."""
CV = 1 / 3
QUERY_S = 0.06
"""How long a connection to the database is busy with a signup on average."""
CONNECTIONS = 3

Work = Callable[[float], None]
Start = Callable[..., Any]


def factor_of(body: bytes) -> float:
    """Of a lognormal law with mean 1 and this cv, by the body's own luck."""
    luck = (int.from_bytes(hashlib.sha256(body).digest()[:6], "big") + 0.5) / 2**48
    sigma = math.sqrt(math.log1p(CV * CV))
    return math.exp(sigma * NormalDist().inv_cdf(luck) - sigma * sigma / 2)


def toil(factor: float) -> None:
    hashlib.pbkdf2_hmac("sha256", b"signup", b"salt", max(1, round(ROUNDS * factor)))


def wait(factor: float) -> None:
    time.sleep(WAITS_S * factor)


def answered(environ: dict[str, Any], start: Start, work: Work) -> Iterable[bytes]:
    """A signup that is worked on, or a look at its health."""
    if environ["REQUEST_METHOD"] != "POST":
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    work(factor_of(body))
    start("201 Created", [("Content-Type", "application/json")])
    return [b'{"account": 1}']


def computing(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    return answered(environ, start, toil)


def waiting(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    return answered(environ, start, wait)


def pooled() -> Any:
    """Every signup holds one of a few connections to PostgreSQL for as long as its query takes."""
    from psycopg_pool import ConnectionPool

    url = os.environ["VALIDATION_DATABASE"]
    pool = ConnectionPool(url, min_size=CONNECTIONS, max_size=CONNECTIONS, timeout=60, open=True)
    pool.wait()

    def query(factor: float) -> None:
        with pool.connection() as connection:
            connection.execute("SELECT pg_sleep(%s)", (QUERY_S * factor,))
            connection.execute("INSERT INTO accounts DEFAULT VALUES")

    return lambda environ, start: answered(environ, start, query)


def asgi(work: Callable[[float], Awaitable[None]]) -> Starlette:
    """For uvicorn."""

    async def healthz(request: Request) -> JSONResponse:
        return JSONResponse({})

    async def signup(request: Request) -> JSONResponse:
        await work(factor_of(await request.body()))
        return JSONResponse({"account": 1}, 201)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/signup", signup, methods=["POST"])]
    )


def on_the_loop() -> Starlette:
    """Nobody else is answered while a signup is worked on."""

    async def work(factor: float) -> None:
        toil(factor)

    return asgi(work)


def in_threads() -> Starlette:
    """As FastAPI does with a function that is no coroutine."""
    return asgi(lambda factor: asyncio.to_thread(toil, factor))
