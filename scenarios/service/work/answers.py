"""What all answers of the target have in common.

The last four answer what a handler has raised. They are coroutines, because a plain function would
be handed to a thread, which costs more than the answer, and which a server that ends refuses.
"""

from __future__ import annotations

import math
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scenarios.service.work.workers import Done


class TurnedAway(Exception):
    """The waiting room is full; whoever is turned away is told when to come back."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = asked_s(wait_s)
        self.told: dict[str, object] = {}
        """What else the answer says."""


def asked_s(wait_s: float) -> int:
    """What a refusal asks to wait: whole seconds, at least one."""
    return max(1, math.ceil(wait_s))


def served(done: Done[Any], body: dict[str, Any], status: int = 200) -> Response:
    """An answer that a worker has worked for, and how long that took."""
    return JSONResponse(body, status, {"Server-Timing": server_timing(done)})


def server_timing(done: Done[Any]) -> str:
    return f"queue;dur={done.queue_ns / 1e6:.3f}, service;dur={done.service_ns / 1e6:.3f}"


def retry_after(wait_s: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(wait_s))}


async def turn_away(_: Request, error: Exception) -> Response:
    assert isinstance(error, TurnedAway)
    answer = {"error": "too many requests wait; try again", "retry_after_s": error.wait_s}
    return JSONResponse(answer | error.told, 503, retry_after(error.wait_s))


async def explain(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def cannot_keep(_: Request, error: Exception) -> Response:
    """A disk that is full is told to who asks, and no reason to end."""
    return JSONResponse({"error": f"the database cannot be used: {error}"}, 500)


async def hang_up(_: Request, __: Exception) -> Response:
    """Nobody is there to read the answer to a request that was never fully sent."""
    return Response(status_code=400)
