"""A request as bytes: what is the same for all requests to a server is written once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from requests.utils import requote_uri

from scenarios.http.requests.sent import Sent, with_cookies
from scenarios.replay.child.wire.connection import Origin
from scenarios.replay.child.wire.faults import Broken

LINES = re.compile(r"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+: [\t -~\x80-\xff]*\r\n)*")
"""Header fields that say what they seem to say to any server (RFC 9110, sections 5.1 and 5.5)."""
AS_IT_IS = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,/:;=?@\[\]]*")
"""A path and a query in which nothing is to be quoted."""
LENGTH_TOLD = ("POST", "PUT", "PATCH")
"""Methods that say how long their body is even where there is none (RFC 9110, section 8.6)."""
DEFAULT_PORTS = {"http": 80, "https": 443}


class Beside(NamedTuple):
    """What is written for a request that has headers of its own of certain names."""

    lines: str
    """The usual headers but for those."""
    says_length: bool
    """Whether the length of its body is among its own."""


@dataclass(frozen=True)
class Usual:
    """What is in every request to one server."""

    origin: Origin
    headers: Mapping[str, str]
    known: dict[tuple[str, ...], Beside] = field(default_factory=dict, compare=False)
    """By the names of a request's own headers, which a launch file has few of."""

    @cached_property
    def host(self) -> str:
        """As the field Host has it (RFC 9110, section 7.2)."""
        scheme, name, port = self.origin
        host = f"[{name}]" if ":" in name else name
        return host if port in (None, DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"

    def beside(self, own: Mapping[str, str]) -> Beside:
        """What goes beside a request's own headers, of which those win, however they are written."""
        names = tuple(own)
        found = self.known.get(names)
        if found is None:
            said = {name.lower() for name in names}
            usual = {"Host": self.host} | dict(self.headers)
            left = {name: text for name, text in usual.items() if name.lower() not in said}
            found = self.known[names] = Beside(lines_of(left), "content-length" in said)
        return found


def written(sent: Sent, uri: str, usual: Usual, cookie: str = "") -> bytes:
    """The whole request; ``cookie``: what the server is shown of the visitor's cookies.

    Raises Broken where a header cannot be sent.
    """
    method, body = sent.method, sent.body or b""
    usually, says_length = usual.beside(sent.headers)
    told = lines_of(with_cookies(sent.headers, cookie) if cookie else sent.headers)
    for name, text in sent.marks.items():
        told += f"{name}: {text}\r\n"
    if (body or method in LENGTH_TOLD) and not says_length:
        told += f"Content-Length: {len(body)}\r\n"
    return f"{method} {uri} HTTP/1.1\r\n{usually}{told}\r\n".encode("latin-1") + body


def lines_of(headers: Mapping[str, str]) -> str:
    """Raises Broken where a server could take a header for something else."""
    lines = "".join([f"{name}: {text}\r\n" for name, text in headers.items()])
    if LINES.fullmatch(lines) is None or lines.count("\n") != len(headers):
        raise Broken("a header cannot hold what it should")
    return lines


def uri_of(address: str) -> str:
    """What the request line says of an address, or of a path at the target.

    >>> uri_of("/in?seat=7"), uri_of("/é #top"), uri_of("http://host?q=a b")
    ('/in?seat=7', '/%C3%A9%20', '/?q=a%20b')
    """
    if AS_IT_IS.fullmatch(address):
        return address
    parts = urlsplit(f"//host{address}" if address.startswith("/") else address)
    quoted: str = requote_uri(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
    return quoted
