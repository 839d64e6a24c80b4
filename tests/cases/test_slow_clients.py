"""A client that sends a byte now and then holds the reference target for its patience, and no longer."""

import socket
import threading
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
import uvicorn

from scenarios.service import patience
from scenarios.service.patience import Hurried
from scenarios.service.server import bind
from scenarios.service.settings import Settings
from scenarios.service.web.app import create_app
from tests.hanging import HUNG_S

WITHIN_S = 0.3
HEAD = b"POST /signup HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """Of a target with little patience, in this process."""
    with pytest.MonkeyPatch.context() as patch, bind("127.0.0.1", 0) as door:
        patch.setattr(patience, "WITHIN_S", WITHIN_S)
        config = uvicorn.Config(
            create_app(Settings()),
            http=Hurried,
            lifespan="on",
            log_level="error",
            timeout_keep_alive=int(HUNG_S),
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        yield door.getsockname()[:2]
        server.should_exit = True
        thread.join()


def dripped(address: tuple[str, int], first: bytes, drop: bytes) -> bytes:
    """What is answered to who says something, and then a little more each 50 ms, until the server hangs up."""
    with socket.create_connection(address, HUNG_S) as client:
        client.sendall(first)
        client.settimeout(0.05)
        heard = b""
        for _ in range(round(HUNG_S / 0.05)):
            try:
                part = client.recv(65536)
                if not part:
                    return heard
                heard += part
            except TimeoutError:
                client.sendall(drop)
            except ConnectionError:
                return heard
    raise AssertionError("the server waits for ever")


def test_a_body_that_drips_is_refused(address: tuple[str, int]) -> None:
    heard = dripped(address, HEAD, b" ")
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b'{"error":"the body did not come within 0.3 s"}' in heard


@pytest.mark.parametrize("first", [b"", b"GET /healthz HTTP/1.1\r\nX-A: "])
def test_a_head_that_drips_is_hung_up_on(address: tuple[str, int], first: bytes) -> None:
    assert dripped(address, first, b"a") == b""


def test_so_is_a_second_head(address: tuple[str, int]) -> None:
    heard = dripped(address, HEALTH, b"G")
    assert heard.startswith(b"HTTP/1.1 200 ")
    assert heard.count(b"HTTP/1.1") == 1


def status_of(client: socket.socket, request: bytes) -> int:
    """Of the answer, read to its end: head and body may come apart."""
    client.sendall(request)
    answer = HTTPResponse(client)
    answer.begin()
    answer.read()
    return answer.status


def test_who_waits_between_two_requests_is_not(address: tuple[str, int]) -> None:
    """Idle for longer than that, he is answered again: an idle connection has the keep-alive time."""
    with socket.create_connection(address, HUNG_S) as client:
        assert status_of(client, HEALTH) == 200
        client.settimeout(3 * WITHIN_S)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(HUNG_S)
        assert status_of(client, HEALTH) == 200
