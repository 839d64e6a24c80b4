"""Answers at random: status lines, headers, codings, lengths, chunks and JSON, some of them broken.

The same number gives the same answers, whoever asks for them.
"""

import gzip
import json
import random
import zlib
from collections.abc import Callable
from itertools import count

import brotli

from tests.cases.odd_server import Odd, Server

BYTES = 4
"""Of every answer, so many at most are changed afterwards."""
NAMES = [
    *("Content-Type", "Content-Encoding", "Set-Cookie", "Location", "Retry-After", "Date", "X-A"),
    *("Server-Timing", "Trailer", "Keep-Alive", "Content-Range", "WWW-Authenticate", "Vary"),
]
RARE = ["Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "", "X A", "X-\xe9"]
VALUES = [
    *("gzip", "br", "deflate", "gzip, br", "zstd", "\xe9", "chunked", "close", "keep-alive", ""),
    *("0", "-1", "5", "99999999999999999999", "1e9", "0x10", "inf", "1.5", "2, 1", "\t", "a\tb"),
    *("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 99 Nov 99999 08:49:37 +9999999", "Mon", ",", ";", '"'),
    *("service;dur=1", 'service;desc="', "service;dur=nan", "=;=", "a=b; Path=/; Domain=.x", "a=\xe9"),
    *("a=b; Max-Age=99999999999999999999", "a=b; Expires=Foo", 'a=b; Port="x"; Version=1', "=b"),
    *("http://[bad", "//x", "http://192.0.2.1/", "text/html; charset=zlib", "text/x; charset=\x80"),
]  # fmt: skip
WORDS: list[object] = [
    None, True, -1, 0.05, 1e400, 10**400, "", "x" * 300, "\ud800", "a/../b", [], {},
]  # fmt: skip
KEYS = [
    "ticket", "admitted", "retry_after_s", "code", "line", "workers", "queue", "stations", "name",
]  # fmt: skip
STATUSES = [
    100, 101, 103, 200, 200, 200, 201, 202, 204, 301, 304, 404, 409, 410, 429, 500, 503, 999,
]  # fmt: skip
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: bytes(brotli.compress(body, quality=1)),
    "none-such": lambda body: body,
}


def answers(seed: int) -> Callable[[], tuple[bytes, bool]]:
    """The next answer, and whether the connection stays, each time it is called."""
    numbers = count()

    def following() -> tuple[bytes, bool]:
        draw = random.Random(f"{seed} {next(numbers)}")
        return broken(draw, made(draw)), draw.random() < 0.3

    return following


def made(draw: random.Random) -> bytes:
    """An answer that might be one."""
    if draw.random() < 0.05:
        return draw.randbytes(draw.randrange(3000))
    body, lines = body_of(draw), []
    if draw.random() < 0.3:
        coding = draw.choice(list(CODINGS))
        body, lines = CODINGS[coding](body), [f"Content-Encoding: {coding}"]
    lines += [header(draw) for _ in range(draw.choice([0, 0, 1, 2, 5, 30]))]
    body, framing = framed(draw, body)
    head = "\r\n".join([status_line(draw), *lines, *framing, "", ""]).encode("latin-1")
    early = b"HTTP/1.1 103 X\r\nLink: x\r\n\r\n" * draw.choice([0] * 9 + [1, 2])
    return early + head + body * draw.choice([1] * 9 + [2])


def status_line(draw: random.Random) -> str:
    version = draw.choice(["HTTP/1.1"] * 60 + ["HTTP/1.0", "HTTP/2", "HTTP/9.9", "http/1.1", "ICY"])
    status = draw.choice([*STATUSES * 3, draw.randrange(100_000), "OK", ""])
    reason = draw.choice(["X", "X", "", "\xe9", "x" * 999])
    return f"{version} {status} {reason}"


def header(draw: random.Random) -> str:
    if draw.random() < 0.02:
        return f"{draw.choice(RARE)}{draw.choice([':', ' : ', ''])}{draw.choice(VALUES)}"
    value = draw.choice([*VALUES, "v" * draw.choice([10, 9_000, 70_000])])
    return f"{draw.choice(NAMES)}: {value}"


def body_of(draw: random.Random) -> bytes:
    told = {draw.choice(KEYS): draw.choice([*WORDS, "t", 5]) for _ in range(draw.randrange(5))}
    text = json.dumps(told).encode(draw.choice(["utf-8", "utf-8", "utf-16", "utf-8-sig"]))
    return draw.choice([text, text, text, b"", draw.randbytes(50), b"[" * 9_999, b"x" * 300_000])


def framed(draw: random.Random, body: bytes) -> tuple[bytes, list[str]]:
    """The body as it is sent, and the headers that say how long it is, not always truly."""
    how = draw.randrange(8)
    if how == 0:
        return body, []
    if how == 1:
        return body, [f"Content-Length: {len(body) + draw.choice([-5, -1, 1, 10**6])}"]
    if how == 2:
        parts = [body[at : at + 700] for at in range(0, min(len(body), 7_000), 700)]
        chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in parts]
        return b"".join([*chunks, b"0\r\n\r\n"]), ["Transfer-Encoding: chunked"]
    return body, [f"Content-Length: {len(body)}"]


def broken(draw: random.Random, answer: bytes) -> bytes:
    """Some answers get other bytes, or end early."""
    found = bytearray(answer)
    if found and draw.random() < 0.2:
        for _ in range(draw.randrange(BYTES) + 1):
            found[draw.randrange(min(len(found), 400))] = draw.randrange(256)
    return bytes(found[: draw.randrange(len(found) + 1)] if draw.random() < 0.1 else found)


class Fuzzing(Odd):
    """Answers whatever it is asked with the next of its answers."""

    following: Callable[[], tuple[bytes, bool]]

    def answered(self, word: str, headers: dict[str, str]) -> bool:
        found, stays = type(self).following()
        self.wfile.write(found)
        return stays


def fuzzing_server(seed: int) -> Server:
    """On a free port of this machine."""

    class Seeded(Fuzzing):
        following = staticmethod(answers(seed))

    return Server(("127.0.0.1", 0), Seeded)
