"""A target that goes on for ever is cut short with a sentence."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from scenarios import bounded
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


def test_an_answer_is_what_was_sent() -> None:
    answer = through(httpx.Response(201, json={"code": "1"}, headers={"server-timing": "x"}))
    assert (answer.status_code, answer.json()) == (201, {"code": "1"})
    assert answer.headers["server-timing"] == "x"


def test_a_packed_answer_is_unpacked_once() -> None:
    import gzip

    packed = gzip.compress(b'{"workers": 2}')
    answer = through(httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))
    assert answer.json() == {"workers": 2}


def test_an_endless_answer_is_refused() -> None:
    with pytest.raises(Misbehaved, match="answers more than 1 MiB"):
        through(httpx.Response(200, stream=Endless(0.0, b"x" * 65_536)))


def test_an_answer_that_drips_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WITHIN_S", 0.2)
    with pytest.raises(Misbehaved, match=r"did not end its answer within 0\.2 s"):
        through(httpx.Response(200, stream=Endless(0.05, b"x")))


def test_so_it_is_without_an_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dripping(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b"x" * 1024

    def answer(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Dripping(), request=request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    with pytest.raises(Misbehaved, match="answers more than 1 MiB"):
        bounded.request_now("GET", "http://target/healthz", headers={}, body=None)
