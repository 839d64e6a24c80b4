"""A loopback server in which each path is answered with one oddity of its own.

After public bug reports of HTTP clients and servers. The answer of a path is bytes, written as they
are; after those of HANGS_UP the connection is closed.
"""

import functools
import gzip
import socket
import socketserver
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from io import BufferedReader

import brotli

from tests.loopback import serving

OK = b'{"ok": 1}'
LONG = b'{"code": "%s"}' % (b"abcdef" * 400)
BOMB_BYTES = 20 << 20


def answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """An answer with a length."""
    lines = [f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def coded(coding: str, body: bytes) -> bytes:
    return answer(200, body, f"Content-Encoding: {coding}")


def bare(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def raw_deflate(body: bytes) -> bytes:
    made = zlib.compressobj(wbits=-15)
    return made.compress(body) + made.flush()


@functools.cache
def gzip_bomb() -> bytes:
    return gzip.compress(bytes(BOMB_BYTES), 1)


CHUNKED = "Transfer-Encoding: chunked"
HEAD = "HTTP/1.1 200 OK"

ANSWERS: dict[str, Callable[[], bytes]] = {
    "ok": lambda: answer(200, OK),
    # content codings
    "204-gzip": lambda: bare("HTTP/1.1 204 X", "Content-Encoding: gzip"),
    "204-br": lambda: bare("HTTP/1.1 204 X", "Content-Encoding: br"),
    "204": lambda: bare("HTTP/1.1 204 X"),
    "200-gzip-empty": lambda: coded("gzip", b""),
    "200-deflate-empty": lambda: coded("deflate", b""),
    "200-br-empty": lambda: coded("br", b""),
    "gzip": lambda: coded("gzip", gzip.compress(OK)),
    "gzip-upper-case": lambda: coded("GZIP", gzip.compress(OK)),
    "x-gzip": lambda: coded("x-gzip", gzip.compress(OK)),
    "gzip-twice": lambda: coded("gzip, gzip", gzip.compress(gzip.compress(OK))),
    "gzip-in-two-lines": lambda: answer(200, gzip.compress(gzip.compress(OK)), "Content-Encoding: gzip", "Content-Encoding: gzip"),
    "gzip-members": lambda: coded("gzip", gzip.compress(OK[:4]) + gzip.compress(OK[4:])),
    "gzip-and-more": lambda: coded("gzip", gzip.compress(OK) + b"\0\0\0"),
    "gzip-identity": lambda: coded("identity, gzip,", gzip.compress(OK)),
    "gzip-cut": lambda: coded("gzip", gzip.compress(LONG)[:30]),
    "gzip-that-is-none": lambda: coded("gzip", OK),
    "gzip-wrong-sum": lambda: coded("gzip", gzip.compress(OK)[:-8] + bytes(8)),
    "deflate": lambda: coded("deflate", zlib.compress(OK)),
    "deflate-raw": lambda: coded("deflate", raw_deflate(OK)),
    "deflate-cut": lambda: coded("deflate", zlib.compress(LONG)[:-9]),
    "br": lambda: coded("br", brotli.compress(OK)),
    "br-cut": lambda: coded("br", brotli.compress(LONG)[:15]),
    "br-that-is-none": lambda: coded("br", OK),
    "zstd": lambda: coded("zstd", b"\x28\xb5\x2f\xfd\x04\x00\x11\x00\x00hi"),
    "unknown-utf-8": lambda: coded("utf-8", OK),
    "unknown-aws-chunked": lambda: coded("aws-chunked", OK),
    "unknown-none": lambda: coded("none", OK),
    "unknown-compress": lambda: coded("compress", OK),
    "unknown-latin-1": lambda: coded("\xe9", OK),
    "unknown-empty": lambda: coded("", OK),
    "unknown-in-gzip": lambda: coded("utf-8, gzip", gzip.compress(OK)),
    "too-many-codings": lambda: coded(", ".join(["gzip"] * 6), gzip.compress(OK)),
    "gzip-bomb": lambda: coded("gzip", gzip_bomb()),
    "gzip-bomb-twice": lambda: coded("gzip, gzip", gzip.compress(gzip_bomb())),
    "br-bomb": lambda: coded("br", brotli.compress(bytes(BOMB_BYTES), quality=1)),
    "deflate-bomb": lambda: coded("deflate", zlib.compress(bytes(BOMB_BYTES))),
    # bodies and their ends
    "three-mebibytes": lambda: answer(200, b"x" * (3 << 20)),
    "seventeen-mebibytes": lambda: answer(200, b"x" * (17 << 20)),
    "chunked": lambda: bare(HEAD, CHUNKED, body=b'4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n'),
    "chunked-trailer": lambda: bare(HEAD, CHUNKED, body=b'8;ext=1\r\n{"a": 1}\r\n0\r\nServer-Timing: service;dur=7\r\n\r\n'),
    "chunked-bad": lambda: bare(HEAD, CHUNKED, body=b"zz\r\n{}\r\n0\r\n\r\n"),
    "chunked-negative": lambda: bare(HEAD, CHUNKED, body=b"-4\r\n{}\r\n0\r\n\r\n"),
    "chunked-cut": lambda: bare(HEAD, CHUNKED, body=b'8\r\n{"a": 1}\r\n'),
    "length-cut": lambda: bare(HEAD, "Content-Length: 500", body=OK),
    "length-negative": lambda: bare(HEAD, "Content-Length: -5", body=OK),
    "length-no-number": lambda: bare(HEAD, "Content-Length: two", body=OK),
    "length-twice": lambda: bare(HEAD, "Content-Length: 9", "Content-Length: 9", body=OK),
    "lengths-differ": lambda: bare(HEAD, "Content-Length: 2", "Content-Length: 9", body=OK),
    "length-none": lambda: bare(HEAD, body=OK),
    "http-1.0": lambda: bare("HTTP/1.0 200 OK", body=OK),
    "extra-bytes": lambda: answer(200, OK) + b"extra bytes",
    "three-answers": lambda: answer(200, OK) + answer(500) + answer(503),
    # status lines and headers
    "no-reason": lambda: bare("HTTP/1.1 200", "content-length:9", body=OK),
    "ssh": lambda: b"SSH-2.0-OpenSSH_9.6\r\n",
    "no-http": lambda: b"GARBAGE NOT HTTP\r\n\r\n",
    "tls-alert": lambda: b"\x15\x03\x01\x00\x02\x02\x46",
    "nothing": lambda: b"",
    "status-0": lambda: bare("HTTP/1.1 000 X", "Content-Length: 9", body=OK),
    "status-999": lambda: answer(999, OK),
    "status-99999": lambda: answer(99999, OK),
    "header-latin-1": lambda: answer(200, OK, "X-Name: Zo\xeb"),
    "header-nul": lambda: answer(200, OK, "X-A: a\0b"),
    "header-folded": lambda: answer(200, OK, "X-A: a\r\n  b"),
    "header-long": lambda: answer(200, OK, "X-Big: " + "v" * 200_000),
    "header-too-long": lambda: answer(200, OK, "X-Big: " + "v" * 400_000),
    "headers-many": lambda: answer(200, OK, *[f"X-{n}: {'v' * 100}" for n in range(200)]),
    "header-cut": lambda: b"HTTP/1.1 200 OK\r\nX-A: a",
    "early-hints": lambda: bare("HTTP/1.1 103 X", "Link: </s.css>; rel=preload") + answer(200, OK),
    "continue": lambda: bare("HTTP/1.1 100 Continue") + answer(200, OK),
    "processing": lambda: bare("HTTP/1.1 102 Processing") + answer(200, OK),
    "thousand-continues": lambda: bare("HTTP/1.1 100 Continue") * 1000 + answer(200, OK),
    "upgrade": lambda: bare("HTTP/1.1 101 X", "Upgrade: h2c", "Connection: Upgrade"),
    "cookies-bad": lambda: answer(
        200,
        OK,
        "Set-Cookie: a=b; expires=Foo, 99 Bar 20xx 99:99:99 GMT; Max-Age=abc",
        "Set-Cookie: =;;=",
        "Set-Cookie: x=\xe9; Path=/",
        "Set-Cookie: y=a\tb; Path=/",
        f"Set-Cookie: z={'v' * 5000}",
    ),
    "charset-zlib": lambda: answer(500, b"\xff\xfe", "Content-Type: text/html; charset=zlib"),
    "utf-16": lambda: answer(200, '{"code": "\xe9"}'.encode("utf-16")),
    "binary-503": lambda: answer(503, bytes(range(256))),
    "redirect": lambda: answer(301, b"", "Location: /elsewhere"),
    "redirect-away": lambda: answer(302, b"", "Location: http://192.0.2.1/evil"),
    "redirect-nowhere": lambda: answer(307, b"", "Location: ht!tp://[bad"),
    "redirect-latin-1": lambda: answer(308, b"", "Location: /\xe9"),
    "deep": lambda: answer(200, b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "half-a-letter": lambda: answer(200, b'{"code": "\\ud800", "retry_after_s": "nan"}'),
    "head-with-length": lambda: bare(HEAD, "Content-Length: 9", "Content-Encoding: gzip"),
    # when to come back
    "retry-date": lambda: answer(503, OK, f"Retry-After: {formatdate(4e9 + 2, usegmt=True)}", f"Date: {formatdate(4e9, usegmt=True)}"),
    "retry-date-no-clock": lambda: answer(503, OK, f"Retry-After: {formatdate(time.time() + 3600, usegmt=True)}"),
    "retry-date-850": lambda: answer(503, OK, "Retry-After: Sunday, 06-Nov-94 08:49:39 GMT", "Date: Sun, 06 Nov 1994 08:49:37 GMT"),
    "retry-date-asctime": lambda: answer(503, OK, "Retry-After: Sun Nov  6 08:49:39 1994", "Date: Sun, 06 Nov 1994 08:49:37 GMT"),
    "retry-past": lambda: answer(503, OK, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"),
    "retry-2": lambda: answer(503, OK, "Retry-After: 2"),
    "retry-0": lambda: answer(503, OK, "Retry-After: 0"),
    "retry-negative": lambda: answer(429, OK, "Retry-After: -5"),
    "retry-fraction": lambda: answer(429, OK, "Retry-After: 1.5"),
    "retry-infinite": lambda: answer(429, OK, "Retry-After: inf"),
    "retry-twice": lambda: answer(429, OK, "Retry-After: 2", "Retry-After: 1"),
    "retry-list": lambda: answer(429, OK, "Retry-After: 2, 1"),
    "retry-huge": lambda: answer(429, OK, "Retry-After: 99999999999"),
    "retry-digits": lambda: answer(429, OK, "Retry-After: " + "9" * 400),
    "retry-words": lambda: answer(429, OK, "Retry-After: tomorrow"),
    # how long it took
    "timing": lambda: answer(200, OK, "Server-Timing: service;dur=20.5"),
    "timing-hyphen-first": lambda: answer(200, OK, "Server-Timing: db-service;dur=5, service;dur=20"),
    "timing-hyphen-last": lambda: answer(200, OK, "Server-Timing: service;dur=20, auth-service;dur=3"),
    "timing-lines": lambda: answer(200, OK, "Server-Timing: queue;dur=0.5", "Server-Timing: service;dur=20"),
    "timing-quoted": lambda: answer(
        200,
        OK,
        'Server-Timing: cdn;desc="HIT, service;dur=999"',
        'Server-Timing: service;desc="a, \\"b\\"; dur=3";dur=20',
    ),
    "timing-no-duration": lambda: answer(200, OK, "Server-Timing: service, queue;dur=1"),
    "timing-case": lambda: answer(200, OK, "Server-Timing: service ; desc=x ; DUR = 20"),
    "timing-absurd": lambda: answer(200, OK, "Server-Timing: service;dur=1e308, queue;dur=9"),
    "timing-other-dur": lambda: answer(200, OK, "Server-Timing: service;x-dur=5"),
}  # fmt: skip
HANGS_UP = frozenset(
    ["ssh", "no-http", "tls-alert", "nothing", "length-none", "http-1.0", "chunked-cut", "length-cut", "header-cut"],
)  # fmt: skip
RESETS = "reset"
ENDLESS = {
    "endless-length": bare(HEAD, "Content-Length: 999999999999"),
    "endless-chunks": bare(HEAD, CHUNKED),
    "endless-header": b"HTTP/1.1 200 OK\r\nX-A: ",
    "endless-continues": b"",
}
ENDLESSLY = {
    "endless-chunks": b"10000\r\n" + b"x" * 65536 + b"\r\n",
    "endless-continues": bare("HTTP/1.1 100 Continue") * 1000,
}


class Odd(socketserver.StreamRequestHandler):
    """Answers each request by its path's last word; a cookie is asked for at ``/cookie``."""

    def handle(self) -> None:
        with suppress(ConnectionError, ValueError):
            while self.first_byte() != b"\x16":  # nobody speaks TLS here
                head = self.rfile.readline(65536).decode("latin-1").split(" ")
                if len(head) != 3:
                    return
                headers = dict(self.headers())
                self.rfile.read(int(headers.get("content-length", 0)))
                if not self.answered(head[1].rpartition("/")[2], headers):
                    return

    def first_byte(self) -> bytes:
        assert isinstance(self.rfile, BufferedReader)
        return self.rfile.peek(1)[:1]

    def headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline(65536).decode("latin-1").strip():
            name, _, value = line.partition(":")
            yield name.lower(), value.strip()

    def answered(self, word: str, headers: dict[str, str]) -> bool:
        """Whether the connection stays."""
        if word == "cookie":
            known = "sid=1" in headers.get("cookie", "")
            self.wfile.write(answer(200 if known else 403, OK, "Set-Cookie: sid=1; Path=/"))
            return True
        if word == RESETS:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.request.close()
            return False
        if word in ENDLESS:
            self.wfile.write(ENDLESS[word])
            while True:
                self.wfile.write(ENDLESSLY.get(word, b"x" * 65536))
        self.wfile.write(ANSWERS.get(word, ANSWERS["ok"])())
        return word not in HANGS_UP


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet: clients of this server hang up, as they should."""


@contextmanager
def odd_server() -> Iterator[str]:
    """Its address."""
    with serving(Server(("127.0.0.1", 0), Odd)) as url:
        yield url
