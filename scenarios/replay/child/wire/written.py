"""A request as bytes: what is the same for all requests to a server is written once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from requests.utils import requote_uri

from scenarios.http.requests.sent import Sent, with_cookies
from scenarios.replay.child.wire.connection import Origin
from scenarios.replay.child.wire.faults import Broken

NAME, TEXT = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"), re.compile(r"[\t -~\x80-\xff]*")
"""Header fields that say what they seem to say to any server (RFC 9110, sections 5.1 and 5.5)."""
UNSENDABLE = "a header cannot hold what it should"
PLAIN = r"[A-Za-z0-9\-._~!$&'()*+,/:;=?@\[\]]*+"
AS_IT_IS = re.compile(rf"/{PLAIN}(?:%[0-9A-Fa-f]{{2}}{PLAIN})*+")
"""A path and a query in which nothing is to be quoted: what is quoted already stays as it is."""
LENGTH_TOLD = ("POST", "PUT", "PATCH")
"""Methods that say how long their body is even where there is none (RFC 9110, section 8.6)."""
DEFAULT_PORTS = {"http": 80, "https": 443}


class Form(NamedTuple):
    """All headers of requests that have some of their own, of the same names."""

    lines: str
    """In which the texts of their own are to be filled in."""
    says_length: bool
    """Whether the length of the body is among them."""


@dataclass(frozen=True)
class Usual:
    """What is in every request to one server."""

    origin: Origin
    headers: Mapping[str, str]
    forms: dict[tuple[str, ...], Form] = field(default_factory=dict, compare=False)
    """By the names of a request's own headers and marks, of which a launch file has few."""

    @cached_property
    def host(self) -> str:
        """As the field Host has it (RFC 9110, section 7.2)."""
        scheme, name, port = self.origin
        host = f"[{name}]" if ":" in name else name
        return host if port in (None, DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"

    def form(self, names: tuple[str, ...]) -> Form:
        """Of a request's own headers, which win, however they are written. Raises Broken."""
        found = self.forms.get(names)
        if found is None:
            said = {name.lower() for name in names}
            usual = {"Host": self.host} | dict(self.headers)
            left = {name: text for name, text in usual.items() if name.lower() not in said}
            if not all(map(NAME.fullmatch, [*left, *names])):
                raise Broken(UNSENDABLE)
            require_sendable(left.values())
            lines = [f"{name}: {text}\r\n".replace("%", "%%") for name, text in left.items()]
            lines += [f"{name.replace('%', '%%')}: %s\r\n" for name in names]
            found = self.forms[names] = Form("".join(lines), "content-length" in said)
        return found


def written(sent: Sent, uri: str, usual: Usual, cookie: str = "") -> bytes:
    """The whole request; ``cookie``: what the server is shown of the visitor's cookies.

    Raises Broken where a header cannot be sent.
    """
    method, body = sent.method, sent.body or b""
    headers = with_cookies(sent.headers, cookie) if cookie else sent.headers
    marks = sent.marks
    form, says_length = usual.form((*headers, *marks))
    texts = (*headers.values(), *marks.values())
    require_sendable(texts)
    lines = form % texts
    if (body or method in LENGTH_TOLD) and not says_length:
        lines += f"Content-Length: {len(body)}\r\n"
    return f"{method} {uri} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body


def require_sendable(texts: Iterable[str]) -> None:
    """Raises Broken where a server could take one for something else."""
    told = "".join(texts)
    if not (told.isascii() and told.isprintable()) and TEXT.fullmatch(told) is None:
        raise Broken(UNSENDABLE)


@lru_cache(maxsize=1024)
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
