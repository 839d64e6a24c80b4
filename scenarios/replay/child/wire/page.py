"""One answer, whole: most are plain, and read in one look; llhttp reads all others.

Plain is an answer of HTTP/1.1 whose head came in one piece, with nothing in it that two readers could
understand differently, and with one length. What is plain is read as llhttp reads it (tried, byte by byte);
reading all by llhttp makes a request half as dear again (docs/injector.md). Most heads of a server are, byte for byte,
those of its last answers, so what was found in one is kept for the next. An answer has a bound in size, and
the event loop has its turn while one is read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import gevent

from scenarios.http.answers.content import KEPT_BYTES, BadContent, Content
from scenarios.replay.child.wire.connection import Connection
from scenarios.replay.child.wire.deadline import Deadline
from scenarios.replay.child.wire.faults import Broken, HungUp, reason_of
from scenarios.replay.child.wire.fields import (
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    Fields,
)
from scenarios.replay.child.wire.parsed import Parsed

BLOCK_BYTES = 16 << 10
REST_BYTES = 256 << 10
"""After so many the event loop has its turn."""
TOKEN, TEXT = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]", rb"[\t -~\x80-\xff]"
PLAIN = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9][0-9])(?: %b*)?((?:\r\n%b+:%b*)*\r\n)\r\n" % (TEXT, TOKEN, TEXT)
)
END = b"\r\n\r\n"
HEADS_KEPT = 256
"""Of one server in a second they are a few: its date, and the lengths of its bodies."""
LENGTH = re.compile(r"[0-9]{1,18}")
BODILESS = (204, 304)
"""RFC 9112, section 6.3."""


class Page(NamedTuple):
    """An answer."""

    status: int
    fields: Fields
    content: bytes
    """As much of the body as is looked at, unpacked."""
    n_bytes: int
    """How long the body is, unpacked."""
    stays: bool
    """Whether the connection can be used again."""


def page_of(connection: Connection, method: str, deadline: Deadline) -> Page:
    """The answer that comes next. Raises Broken, TooLate among them, or what a socket raises."""
    try:
        data = connection.first(BLOCK_BYTES, deadline)
    except (ConnectionResetError, BrokenPipeError) as error:  # it hung up before it read everything
        raise HungUp(reason_of(error)) from None
    if not data:
        raise HungUp("closed without an answer")
    ends = data.find(END) + len(END)
    head = plain_head(data[:ends])
    length = None if head is None else head.length_for(method)
    if head is None or length is None:
        return odd(data, method, Body(connection, deadline, len(data)))
    body = data[ends:]
    if length <= len(body) and not head.is_coded:
        stays = head.stays and length == len(body)
        return Page(head.status, head.fields, body[:length], length, stays)
    return plain(head, body, length, Body(connection, deadline, len(data)))


class Head(NamedTuple):
    """The head of an answer, in which all is plain but perhaps the length of what follows."""

    status: int
    fields: Fields
    length: int | None
    """Of the body, as it is told."""
    stays: bool
    """Whether the connection can be used again, by what is told."""
    is_coded: bool

    def length_for(self, method: str) -> int | None:
        """How long the body is; None where that is not plain."""
        return 0 if method == "HEAD" or self.status in BODILESS else self.length


@lru_cache(maxsize=HEADS_KEPT)
def plain_head(data: bytes) -> Head | None:
    """The head that those bytes are; None where they are none in which all is plain."""
    found = PLAIN.fullmatch(data)
    if found is None:
        return None
    fields = Fields(found[2])
    lengths = fields.all(CONTENT_LENGTH)
    if TRANSFER_ENCODING in fields.lowered or len(lengths) > 1:
        return None
    if lengths and not LENGTH.fullmatch(lengths[0]):
        return None
    return Head(
        status=int(found[1]),
        fields=fields,
        length=int(lengths[0]) if lengths else None,
        stays="close" not in ",".join(fields.all(CONNECTION)).lower(),
        is_coded=CONTENT_ENCODING in fields.lowered,
    )


class Body:
    """What is still to come of an answer."""

    def __init__(self, connection: Connection, deadline: Deadline, n_bytes: int) -> None:
        self.connection, self.deadline = connection, deadline
        self.n_bytes = self.rested_at = n_bytes
        """Of the answer, its head included, that have come."""

    def next(self, most: int = REST_BYTES) -> bytes:
        """Its next part; nothing: the server has ended."""
        if self.n_bytes - self.rested_at >= REST_BYTES:
            self.rested_at = self.n_bytes
            rest()
        data = self.connection.receive(min(most, REST_BYTES), self.deadline)
        self.n_bytes += len(data)
        return data


def plain(head: Head, data: bytes, length: int, body: Body) -> Page:
    """An answer of which everything is known but the rest of its body, or that is packed."""
    content = content_of(head.fields)
    try:
        content.add(data[:length])
        left = length - len(data)
        while left > 0:
            part = body.next(left)
            if not part:
                raise Broken("ended in the middle")
            left -= len(part)
            content.add(part)
        content.end()
    except BadContent as error:
        raise Broken(str(error)) from None
    stays = head.stays and len(data) <= length
    return Page(head.status, head.fields, bytes(content.kept), content.n_bytes, stays)


def odd(data: bytes, method: str, body: Body) -> Page:
    """The same of any other answer."""
    parser = Parsed(method)
    parser.take(data)
    while parser.code is None:
        parser.take(body.next(BLOCK_BYTES))
    fields = Fields.of(parser.items())
    content = content_of(fields)
    try:
        content.add(parser.taken())
        while not parser.is_whole:
            parser.take(body.next())
            content.add(parser.taken())
        content.end()
    except BadContent as error:
        raise Broken(str(error)) from None
    return Page(parser.code, fields, bytes(content.kept), content.n_bytes, parser.stays)


def content_of(fields: Fields) -> Content:
    """An empty body, to be unpacked as the fields say."""
    try:
        return Content(fields.all(CONTENT_ENCODING), rest)
    except BadContent as error:
        raise Broken(str(error)) from None


def rest() -> None:
    """Let everybody else run."""
    gevent.sleep(0)


assert BLOCK_BYTES <= KEPT_BYTES, "what comes in the first block is kept whole"
