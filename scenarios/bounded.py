"""Answers that are read up to a size and for a time: a target may go on for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx

from simulator.errors import Misbehaved

WITHIN_S = 10.0
"""For a whole answer, its last byte included."""
MOST_BYTES = 1 << 20
SPOKEN = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that speak of the bytes on the wire, and not of what was read from them."""


async def request(
    client: httpx.AsyncClient, method: str, path: str, **words: Any
) -> httpx.Response:
    """One request and its whole answer.

    Raises Misbehaved where it is too large or too slow; else as httpx does.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(WITHIN_S), client.stream(method, path, **words) as answer:
            async for part in answer.aiter_bytes():
                add(body, part, answer.url)
    except TimeoutError:
        raise too_slow(client.base_url.join(path)) from None
    return whole(answer, bytes(body))


def request_now(
    method: str, url: str, *, headers: Mapping[str, str], body: object
) -> httpx.Response:
    """The same without an event loop, on a connection of its own.

    Raises Misbehaved where the answer is too large or too slow; else as httpx does.
    """
    found, ends_s = bytearray(), time.monotonic() + WITHIN_S
    with (
        httpx.Client(headers=headers, timeout=WITHIN_S, trust_env=False) as client,
        client.stream(method, url, json=body) as answer,
    ):
        for part in answer.iter_bytes():
            add(found, part, answer.url)
            if time.monotonic() > ends_s:
                raise too_slow(answer.url)
    return whole(answer, bytes(found))


def add(body: bytearray, part: bytes, url: httpx.URL) -> None:
    body += part
    if len(body) > MOST_BYTES:
        raise Misbehaved(
            f"{url} answers more than {MOST_BYTES >> 20} MiB: is it the right address?"
        )


def too_slow(url: httpx.URL) -> Misbehaved:
    return Misbehaved(f"{url} did not end its answer within {WITHIN_S:g} s")


def whole(answer: httpx.Response, body: bytes) -> httpx.Response:
    """The answer with what was read of it."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in SPOKEN]
    return httpx.Response(answer.status_code, headers=headers, content=body, request=answer.request)
