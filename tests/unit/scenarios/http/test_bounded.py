"""A target that goes on for ever is cut short with a sentence."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from scenarios.http import bounded
from simulator.errors import Misbehaved


def through(answer: httpx.Response) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.MockTransport(lambda _: answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://target") as client:
            return await bounded.request(client, "GET", "/healthz")

    return asyncio.run(ask())


class Endless(httpx.AsyncByteStream):
    def __init__(self, pause_s: float, part: bytes) -> None:
        self.pause_s, self.part = pause_s, part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(self.pause_s)
            yield self.part


def sent(content: bytes, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(201, headers=named, stream=httpx.ByteStream(content))


def test_an_answer_is_what_was_sent() -> None:
    answer = through(sent(b'{"code": "1"}', server_timing="x"))
    assert (answer.status_code, answer.json()) == (201, {"code": "1"})
    assert answer.headers["server-timing"] == "x"


def test_a_packed_answer_is_unpacked_once() -> None:
    packed = gzip.compress(b'{"workers": 2}')
    assert through(sent(packed, content_encoding="gzip")).json() == {"workers": 2}


def test_an_endless_answer_is_refused() -> None:
    with pytest.raises(Misbehaved, match="answers with more than 16 MiB"):
        through(httpx.Response(200, stream=Endless(0.0, b"x" * 65_536)))


def test_an_answer_that_drips_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WITHIN_S", 0.2)
    with pytest.raises(Misbehaved, match=r"did not end its answer within 0\.2 s"):
        through(httpx.Response(200, stream=Endless(0.05, b"x")))
