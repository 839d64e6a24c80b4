"""Targets that answer oddly: GET /healthz as it should be, and all else in a way of their own."""

from __future__ import annotations

import socketserver
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.loopback import serving


@contextmanager
def odd_target(answer: Callable[[socketserver.StreamRequestHandler], None]) -> Iterator[str]:
    """A server that answers GET /healthz as it should, and all else as ``answer`` does."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                head = b""
                while b"\r\n\r\n" not in head:
                    some = self.connection.recv(65536)
                    if not some:
                        return
                    head += some
                if head.startswith(b"GET /healthz"):
                    self.wfile.write(OK)
                else:
                    answer(self)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 512

    with serving(Server(("127.0.0.1", 0), Handler)) as url:
        yield url


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
ENDLESS_S = 30.0
"""What is endless here ends after all, should nobody hang up."""


def garbage(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff\x13garbage\r\n" * 20)


def failing(handler: socketserver.StreamRequestHandler) -> None:
    """As a server whose database is gone."""
    handler.wfile.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def busy(handler: socketserver.StreamRequestHandler) -> None:
    """As a server that sheds load as it should."""
    handler.wfile.write(
        b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


def too_many(handler: socketserver.StreamRequestHandler) -> None:
    """As a limit of a rate."""
    handler.wfile.write(b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def not_at_all(handler: socketserver.StreamRequestHandler) -> None:
    handler.connection.settimeout(ENDLESS_S)
    handler.connection.recv(1)


def late(handler: socketserver.StreamRequestHandler) -> None:
    """A second and a half, where the median may be one."""
    time.sleep(1.5)
    handler.wfile.write(CREATED)


def by_drops(handler: socketserver.StreamRequestHandler) -> None:
    """A byte each 200 ms."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
    until_s = time.monotonic() + ENDLESS_S
    while time.monotonic() < until_s:
        handler.wfile.write(b" ")
        time.sleep(0.2)


def endlessly(handler: socketserver.StreamRequestHandler) -> None:
    """Bytes as fast as they are taken, at most 20 MB."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\n\r\n")
    for _ in range(320):
        handler.wfile.write(b" " * 65536)
