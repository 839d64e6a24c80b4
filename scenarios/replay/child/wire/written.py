"""A request as bytes: what is the same for all requests to a server is written once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Usual:
    """What is in every request to one server."""

    origin: Origin
    headers: Mapping[str, str]

    @cached_property
    def host(self) -> str:
        """As the field Host has it (RFC 9110, section 7.2)."""
        scheme, name, port = self.origin
        host = f"[{name}]" if ":" in name else name
        return host if port in (None, DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"

    @cached_property
    def names(self) -> frozenset[str]:
        """Of its headers, in lower case."""
        return frozenset(name.lower() for name in ("Host", *self.headers))

    @cached_property
    def lines(self) -> str:
        return lines_of({"Host": self.host} | dict(self.headers))

    def lines_beside(self, own: Mapping[str, str]) -> str:
        """Its headers but for those that a request has of its own, however they are written."""
        said = {name.lower() for name in own}
        if self.names.isdisjoint(said):
            return self.lines
        usual = {"Host": self.host} | dict(self.headers)
        return lines_of({name: text for name, text in usual.items() if name.lower() not in said})


def written(sent: Sent, uri: str, usual: Usual, cookie: str = "") -> bytes:
    """The whole request; ``cookie``: what the server is shown of the visitor's cookies.

    Raises Broken where a header cannot be sent.
    """
    body = sent.body or b""
    told = lines_of(with_cookies(sent.headers, cookie))
    said = {name.lower() for name in sent.headers}
    if (body or sent.method in LENGTH_TOLD) and "content-length" not in said:
        told += f"Content-Length: {len(body)}\r\n"
    lines = usual.lines_beside(sent.headers)
    return f"{sent.method} {uri} HTTP/1.1\r\n{lines}{told}\r\n".encode("latin-1") + body


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
