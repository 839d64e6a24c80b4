"""The body of an answer, unpacked as it comes in, up to a size: probe and replay read it alike.

809 bytes of brotli can hold a gibibyte, and gzip within gzip more than that; so each coding is undone
in small steps, and what it gives is counted. A coding that nobody here knows is left as it is, and all
within it. An empty body is whole, whatever coding it names.

Source: RFC 9110, section 8.4 (content codings are named in the order in which they were applied).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import brotli

ACCEPTED = "gzip, deflate, br"
"""What the probe and the visitors ask for."""
MOST_BYTES = 16 << 20
"""Of one answer, as it is sent and as it is unpacked; no page that people wait for has as many."""
KEPT_BYTES = 1 << 20
"""Of which so many are looked at: the JSON of an answer that says something is far shorter."""
STEP_BYTES = 64 << 10
MOST_CODINGS = 5


class BadContent(Exception):
    """A body that cannot be read; its text says why in a few words, without what is in it."""


class Coding(Protocol):
    """How one coding is undone."""

    def unpacked(self, part: bytes) -> Iterator[bytes]:
        """What a part holds, in pieces of about STEP_BYTES."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether it came to its own end."""
        ...


class Gzip:
    """gzip, in as many members as there are (RFC 1952, section 2.2); what follows them is ignored."""

    def __init__(self) -> None:
        self.member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def unpacked(self, part: bytes) -> Iterator[bytes]:
        while part:
            if self.member.eof:
                if not part.startswith(b"\x1f"):
                    return
                self.member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
            yield self.member.decompress(part, STEP_BYTES)
            part = self.member.unconsumed_tail or self.member.unused_data

    @property
    def is_whole(self) -> bool:
        return self.member.eof


class Deflate:
    """zlib's format, as the name means; or deflate alone, as some servers understood it."""

    def __init__(self) -> None:
        self.head = b""
        self.stream: zlib._Decompress | None = None

    def unpacked(self, part: bytes) -> Iterator[bytes]:
        if self.stream is None:
            self.head += part
            if len(self.head) < 2:
                return
            part = self.head
            is_zlib = part[0] & 15 == zlib.DEFLATED and int.from_bytes(part[:2]) % 31 == 0
            self.stream = zlib.decompressobj(wbits=zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        while part and not self.stream.eof:
            yield self.stream.decompress(part, STEP_BYTES)
            part = self.stream.unconsumed_tail

    @property
    def is_whole(self) -> bool:
        return self.stream is not None and self.stream.eof


class Brotli:
    """brotli; its decoder is asked again with nothing until it has nothing more to give."""

    def __init__(self) -> None:
        self.stream = brotli.Decompressor()

    def unpacked(self, part: bytes) -> Iterator[bytes]:
        while not self.stream.is_finished():
            given = self.stream.process(part, output_buffer_limit=STEP_BYTES)
            yield given
            part = b""
            if not given and self.stream.can_accept_more_data():
                return

    @property
    def is_whole(self) -> bool:
        return bool(self.stream.is_finished())


CODINGS: dict[str, Callable[[], Coding]] = {
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
}


class Content:
    """One body. ``rest`` is called between steps: others may be served meanwhile."""

    def __init__(self, encodings: Iterable[str], rest: Callable[[], None] = lambda: None) -> None:
        self.names = known_codings(encodings)
        self.codings = [CODINGS[name]() for name in self.names]
        self.given = [0] * (len(self.names) + 1)
        """How many bytes came in, and how many of each coding's came out."""
        self.rest = rest
        self.kept = bytearray()
        """As much of it as is looked at."""

    @property
    def n_bytes(self) -> int:
        """How long it is, unpacked."""
        return self.given[-1]

    def add(self, part: bytes) -> None:
        """Take the next part. Raises BadContent for one that cannot be unpacked, or is too much."""
        try:
            for piece in self.through(0, part):
                self.kept += piece[: KEPT_BYTES - len(self.kept)]
        except (zlib.error, brotli.error):
            raise BadContent(self.undecodable) from None

    def through(self, depth: int, part: bytes) -> Iterator[bytes]:
        """What a part is once the codings from there on are undone."""
        self.given[depth] += len(part)
        if self.given[depth] > MOST_BYTES:
            raise BadContent(f"more than {MOST_BYTES >> 20} MiB")
        if depth == len(self.codings):
            yield part
            return
        for piece in self.codings[depth].unpacked(part):
            yield from self.through(depth + 1, piece)
            self.rest()

    def end(self) -> None:
        """Raises BadContent where a coding did not come to its end."""
        if self.given[0] and not all(coding.is_whole for coding in self.codings):
            raise BadContent(f"{self.undecodable}: it is cut short")

    @property
    def undecodable(self) -> str:
        return f"a body that is not {' in '.join(self.names)}"


def known_codings(encodings: Iterable[str]) -> Sequence[str]:
    """The codings to undo, the last one applied first, up to one that is not known.

    >>> known_codings(["gzip, br"]), known_codings(["aws-chunked"]), known_codings(["gzip, utf-8"])
    (['br', 'gzip'], [], [])
    """
    named = [name.strip().lower() for line in encodings for name in line.split(",")]
    found: list[str] = []
    for name in reversed([name for name in named if name not in ("", "identity")]):
        if name not in CODINGS:
            break
        found.append(name)
    if len(found) > MOST_CODINGS:
        raise BadContent(f"more than {MOST_CODINGS} nested encodings")
    return found
