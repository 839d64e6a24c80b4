"""A server of a test, on a port of this machine, in a thread of its own for as long as it is asked."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[str]:
    """Its address."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class Answering(BaseHTTPRequestHandler):
    """Keeps its connections, says how long its answers are, and notes nothing."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def answer(self, status: int, body: bytes = b"", *more: tuple[str, str]) -> None:
        self.send_response(status)
        for name, text in (("Content-Length", str(len(body))), *more):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def answering(kind: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server that answers so, each connection in a thread of its own."""
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), kind)) as url:
        yield url


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
