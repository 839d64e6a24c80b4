"""One request as it goes over the wire: the words of the launch with one person's values in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from urllib3 import encode_multipart_formdata

from scenarios.http.requests.person import NoValue, Person
from scenarios.http.requests.protocol import body_of
from simulator.scenario.words.rehearsal.requests import Part, Request
from simulator.text.placeholders import PLACEHOLDER, filled, filled_in

JSON = "application/json"
UNSAFE = dict.fromkeys(range(32))
"""Control characters: no header can hold them, so a server's value is sent without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is sent."""

    method: str
    path: str
    """From the target's root, with its query; or the address that an answer named."""
    as_told: bool = False
    """Whether an answer named the address: it is then taken from the server's root, not the target's."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    name: str = ""
    """What it is called in statistics: without anybody's values."""

    def url(self, base: str) -> str:
        """Where it goes; ``base`` is the target's own address, with the path that it begins with.

        >>> Sent(method="GET", path="/in").url("http://host/app")
        'http://host/app/in'
        >>> Sent(method="GET", path="/app/in", as_told=True).url("http://host/app")
        'http://host/app/in'
        """
        if self.as_told:
            return urljoin(f"{base}/", self.path)
        return f"{base}{self.path}"

    def redirected(self, status: int) -> Sent:
        """What is sent where an answer leads: the body goes along with 307 and 308 alone.

        Source: RFC 9110, section 15.4; as browsers do, 301 and 302 turn a POST into a GET.
        """
        if status in (307, 308) or self.method in ("GET", "HEAD"):
            return self
        kept = {k: v for k, v in self.headers.items() if k.lower() != "content-type"}
        return replace(self, method="GET", body=None, headers=kept)


def sent_of(request: Request, person: Person, common: Mapping[str, str] | None = None) -> Sent:
    """A request of a launch, by one person; ``common`` headers are those that every request carries.

    Raises NoValue where a placeholder stands for nothing.
    """
    path, as_told = path_of(request.path, person)
    if request.query:
        pairs = [
            (key, filled(text, person.value))
            for key, value in request.query.items()
            for text in texts_of_value(value)
        ]
        path += f"{'&' if '?' in path else '?'}{urlencode(pairs)}"
    kind, body = body_sent(request, person)
    own = {name.lower() for name in request.headers}
    usual = {name: text for name, text in (common or {}).items() if name.lower() not in own}
    told = usual | request.headers
    headers = {key: filled(text, person.value).translate(UNSAFE) for key, text in told.items()}
    said = {key.lower() for key in headers}
    if kind and "content-type" not in said:
        headers["Content-Type"] = kind
    if kind == JSON and "accept" not in said:
        headers["Accept"] = JSON
    return Sent(
        method=request.method,
        path=path,
        as_told=as_told,
        headers=latin_1(headers),
        body=body,
        name=request.path,
    )


def path_of(text: str, person: Person) -> tuple[str, bool]:
    """The path, and whether it begins with an address that an answer named.

    A value within a path is one piece of it; at its beginning it is an address, and taken as it is.
    """
    first = PLACEHOLDER.match(text)
    if first is None or first[1] is None:
        return filled(text, lambda name: quote(person.value(name), safe="")), False
    address = person.value(first[1]).strip()
    rest = filled(text[first.end() :], lambda name: quote(person.value(name), safe=""))
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]").partition("#")[0] + rest, True


def body_sent(request: Request, person: Person) -> tuple[str, bytes | None]:
    """The body and its content type; None: it has none."""
    if request.is_bare:
        told = body_of(request, person)
        return ("", None) if told is None else (JSON, as_json(told))
    if request.json_ is not None:
        return JSON, as_json(filled_in(request.json_, person.value))
    if request.form is not None:
        pairs = [
            (key, filled(text, person.value))
            for key, value in request.form.items()
            for text in texts_of_value(value)
        ]
        return "application/x-www-form-urlencoded", urlencode(pairs).encode()
    if request.multipart is not None:
        body, kind = encode_multipart_formdata(list(parts_of(request.multipart, person)))
        return kind, body
    if request.text is not None:
        return "text/plain; charset=utf-8", filled(request.text, person.value).encode()
    return "", None


def as_json(told: Any) -> bytes:
    return json.dumps(told).encode()


def texts_of_value(value: Any) -> Iterable[str]:
    """A value of a form or a query as texts: true and 1.5 are written as in JSON."""
    for each in value if isinstance(value, list | tuple) else (value,):
        yield each if isinstance(each, str) else json.dumps(each)


def parts_of(parts: Mapping[str, Any], person: Person) -> Iterator[tuple[str, Any]]:
    """The fields of a multipart form, as urllib3 takes them."""
    for name, part in parts.items():
        if not isinstance(part, Part):
            yield from ((name, filled(text, person.value)) for text in texts_of_value(part))
            continue
        if part.text is not None:
            content = filled(part.text, person.value).encode()
        else:
            content = bytes(range(256)) * -(-(part.size_bytes or 0) // 256)
            content = content[: part.size_bytes]
        yield name, (filled(part.filename, person.value), content, part.type)


def latin_1(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Raises NoValue for a value that no header can hold."""
    for name, value in headers.items():
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            raise NoValue(f"the header {name} cannot hold what it should") from None
    return headers


def origin(url: str) -> tuple[str, str, int | None]:
    """What makes two addresses one server: scheme, host and port."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip(".").lower(), port


MOST_REDIRECTS = 10
TO_ANYBODY = ("accept", "accept-language", "content-type")
"""Headers that any server may see. All others may hold what only the target is to know: a key, a token."""


def to_another(sent: Sent) -> Sent:
    """The same for a server that is not the target: without the headers that are meant for the target."""
    kept = {name: text for name, text in sent.headers.items() if name.lower() in TO_ANYBODY}
    return replace(sent, headers=kept)
