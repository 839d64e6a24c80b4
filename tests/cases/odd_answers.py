"""A loopback server that answers each visitor in one way of a table, and what is right for each.

After case 06 (``server.py jsonerror``, ``garbage``, ``html500as200``), the modes of ``_http/srv.py``
that say something in their bodies, and siblings of both.
"""

import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer

from tests import loopback

JSON, HTML, PLAIN = "application/json", "text/html; charset=utf-8", "text/plain; charset=utf-8"
HEALTH = b'{"workers": 4, "queue": 100}'
JUNK = bytes(range(256)) * 4


@dataclass(frozen=True, slots=True)
class Odd:
    """One way to answer."""

    status: int
    body: bytes = b""
    kind: str | None = None
    """Content-Type; None: none is told."""
    retry_after: str | None = None


SERVED = {
    "no content": Odd(204), "empty": Odd(200), "empty page": Odd(200, b"", HTML),
    "created": Odd(201, b'{"id": 7}', JSON), "ok is 1": Odd(200, b'{"ok": 1}'),
    "empty object": Odd(200, b"{}", JSON), "plain x": Odd(200, b"xxxx"),
    "plain x, three mebibytes": Odd(200, b"x" * (3 << 20)),
    "UTF-16": Odd(200, '{"code": "\u00e9"}'.encode("utf-16")),
    "odd content type": Odd(200, b"{}", "application/json; charset=utf-8; api-version=3.0"),
    "no error": Odd(200, b'{"error": null, "errors": [], "success": true}', JSON),
    "error code 0": Odd(200, b'{"errcode": 0, "errmsg": "ok"}', JSON),
    "status ok": Odd(200, b'{"status": "ok", "code": 200}', JSON),
    "accepted": Odd(202, b'{"queued": 1}', JSON),
}  # fmt: skip
"""What was a success before, and stays one."""

NOT_SERVED = {
    "jsonerror": Odd(200, b'{"error":"database is down","ok":false}', JSON),
    "s200err": Odd(200, b'{"error": "out of stock"}'),
    "garbage": Odd(200, JUNK, "text/html"),
    "garbage as JSON": Odd(200, JUNK, JSON),
    "garbage as text": Odd(200, JUNK, PLAIN),
    "garbage as nothing": Odd(200, JUNK),
    "html500as200": Odd(200, b"<html>Fatal error: database is down</html>", "text/html"),
    "page, undeclared": Odd(200, b"<!DOCTYPE html><html><title>Oops</title></html>"),
    "success false": Odd(200, b'{"success": false}', JSON),
    "status fail": Odd(200, b'{"status": "fail", "data": {}}', JSON),
    "status error": Odd(201, b'{"status": "ERROR"}', JSON),
    "status 500 inside": Odd(200, b'{"statusCode": 500}', JSON),
    "GraphQL": Odd(200, b'{"data": null, "errors": [{"message": "no"}]}', JSON),
    "JSON-RPC": Odd(200, b'{"jsonrpc": "2.0", "error": {"code": -32000}, "id": 1}', JSON),
    "batch": Odd(200, b'[{"errors": [{"message": "no"}]}]', JSON),
    "envelope": Odd(200, b'{"response": {"success": "false"}}', JSON),
    "error code": Odd(200, b'{"errcode": 40001}', JSON),
    "problem": Odd(200, b'{"title": "no"}', "application/problem+json"),
    "cut JSON": Odd(200, b'{"account": ', JSON),
    "deep JSON": Odd(200, b'{"a":' * 50_000 + b"1" + b"}" * 50_000, JSON),
    # what waits
    "ra_202": Odd(202, b"{}", retry_after="1"),
    "accepted, look again": Odd(202, b'{"retry_after_s": 2}', JSON),
    "not admitted": Odd(200, b'{"admitted": false, "position": 9}', JSON),
    # what is none
    "forbidden": Odd(403, b'{"error": "CSRF token missing"}', JSON),
    "elsewhere": Odd(303),
}
ODD = SERVED | NOT_SERVED

THEN_TAKEN = {
    500: False, 501: False, 503: False, 429: False, 400: False, 200: False,
    502: True, 504: True, 0: True,
}  # fmt: skip
"""A first answer (0: the connection is reset), then 409 to every other: whether that is a success."""


@dataclass
class Asked:
    """Who asked, how often, and in which way he was answered."""

    ways: tuple[str, ...]
    way_of: dict[str, str] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, who: str) -> tuple[str, int]:
        """His way, and how often he has asked before; each newcomer has the next way of all."""
        with self.lock:
            way = self.way_of.setdefault(who, self.ways[len(self.way_of) % len(self.ways)])
            self.times[who] += 1
            return way, self.times[who] - 1


class Handler(loopback.Answering):
    asked: Asked

    def do_GET(self) -> None:
        self.tell(Odd(200, HEALTH, JSON))

    def do_POST(self) -> None:
        who = re.search(rb"[-\w]+@", self.body())
        way, before = self.asked.next(who[0].decode() if who else "")
        if way in ODD:
            self.tell(ODD[way])
        elif before:
            self.tell(Odd(409, b'{"error": "exists already"}', JSON))
        elif way == "0":
            reset = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            self.close_connection = True
        else:
            self.tell(Odd(int(way), b'{"error": "it failed"}', JSON))

    def tell(self, odd: Odd) -> None:
        self.send_response(odd.status)
        if odd.kind is not None:
            self.send_header("Content-Type", odd.kind)
        if odd.retry_after is not None:
            self.send_header("Retry-After", odd.retry_after)
        if odd.status != 204:
            self.send_header("Content-Length", str(len(odd.body)))
        self.end_headers()
        self.wfile.write(odd.body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@contextmanager
def serving(*ways: str) -> Iterator[tuple[str, Asked]]:
    """A server that answers newcomers in these ways, in turn; its address."""
    asked = Asked(ways)
    handler = type("Asking", (Handler,), {"asked": asked})
    with loopback.serving(Server(("127.0.0.1", 0), handler)) as url:
        yield url, asked
