"""One request as it goes over the wire: the words of the launch with one person's values in them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from scenarios.http.requests.bodies import JSON, body_of, pairs_of
from scenarios.http.requests.filling import Filling, Hole, Piece, pieces_of, pieces_of_pairs
from scenarios.http.requests.person import NoValue, Person
from simulator.scenario.words.rehearsal.requests import Request
from simulator.text.placeholders import PLACEHOLDER

REQUEST_START = "X-Request-Start"
"""Says when a request was sent, as proxies write it."""
UNSAFE = dict.fromkeys(range(32))
"""Control characters."""
MULTIPART = "multipart/"


NONE: Mapping[str, str] = MappingProxyType({})


class Sent(NamedTuple):
    """What is sent."""

    method: str
    path: str
    """From the target's root, with its query; or the address that an answer named."""
    as_told: bool = False
    """Whether an answer named the address: it is then taken from the server's root, not the target's."""
    headers: Mapping[str, str] = NONE
    body: bytes | None = None
    name: str = ""
    """What it is called in statistics: without anybody's values."""
    marks: Mapping[str, str] = NONE
    """Headers of ours by which the target's traces know it, with none of the names of ``headers``."""

    def url(self, base: str) -> str:
        """Where it goes; ``base`` is the target's own address, with the path that it begins with.

        >>> Sent(method="GET", path="/in").url("http://host/app")
        'http://host/app/in'
        >>> Sent(method="GET", path="/app/in", as_told=True).url("http://host/app")
        'http://host/app/in'
        """
        if self.as_told:
            try:
                return urljoin(f"{base}/", self.path)
            except ValueError:
                return self.path  # whoever asks there finds that it is no address
        return f"{base}{self.path}"

    def redirected(self, status: int) -> Sent:
        """What is sent where an answer leads: the body goes along with 307 and 308 alone.

        Source: RFC 9110, section 15.4; as browsers do, 301 and 302 turn a POST into a GET.
        """
        marks = self.marks
        if REQUEST_START in marks:
            marks = {**marks, REQUEST_START: sent_now()}
        if status in (307, 308) or self.method in ("GET", "HEAD"):
            return self._replace(marks=marks)
        kept = {k: v for k, v in self.headers.items() if k.lower() != "content-type"}
        return self._replace(method="GET", body=None, headers=kept, marks=marks)


def with_cookies(headers: Mapping[str, str], shown: str) -> Mapping[str, str]:
    """Headers that show a browser's cookies as well: behind the launch's own, in one field (RFC 6265, section 5.4).

    >>> with_cookies({"cookie": "gate=open"}, "seat=7"), with_cookies({}, "seat=7")
    ({'cookie': 'gate=open; seat=7'}, {'Cookie': 'seat=7'})
    """
    if not shown:
        return headers
    name = next((name for name in headers if name.lower() == "cookie"), "Cookie")
    own = [headers[name]] if name in headers else []
    return {**headers, name: "; ".join([*own, shown])}


def sent_now() -> str:
    """The value of ``X-Request-Start`` at this moment: microseconds since 1970."""
    return f"t={time.time_ns() // 1000}"


class Template:
    """A request of a launch, read once: what is the same for everybody is written down already.

    ``common`` headers are those that every request carries; they may hold placeholders as well.
    """

    def __init__(self, request: Request, common: Mapping[str, str] | None = None) -> None:
        self.request, self.method, self.name = request, request.method, request.path
        self.path = Filling(pieces_of_path(request.path))
        self.as_told = begins_with_an_address(request.path)
        self.query = Filling(pieces_of_pairs(pairs_of(request.query))) if request.query else None
        self.body = body_of(request)
        own = {name.lower() for name in request.headers}
        usual = {name: text for name, text in (common or {}).items() if name.lower() not in own}
        self.headers = {
            name: Filling(pieces_of(text, sendable))
            for name, text in (usual | request.headers).items()
        }
        said = {name.lower() for name in self.headers}
        self.says_type, self.says_accept = "content-type" in said, "accept" in said
        self.personal = [(name, text) for name, text in self.headers.items() if text.holes]
        self.known: dict[str, dict[str, str]] = {}
        """All headers, with those of the body by its content type, before what is personal is filled in."""

    def sent(self, person: Person) -> Sent:
        """What that person sends. Raises NoValue where a placeholder stands for nothing."""
        try:
            path = self.path_of(person)
            kind, body = self.body(person)
            headers = self.headers_of(person, kind)
        except UnicodeEncodeError:
            raise NoValue("half a character cannot be sent") from None
        return Sent(self.method, path, self.as_told, headers, body, self.name)

    def path_of(self, person: Person) -> str:
        path = self.path.filled(person.value) if self.path.holes else self.path.form
        if self.query is None:
            return path
        return f"{path}{'&' if '?' in path else '?'}{self.query.filled(person.value)}"

    def headers_of(self, person: Person, kind: str = "") -> Mapping[str, str]:
        """The headers with a body of that type; the very same mapping each time where nothing is personal."""
        known = self.known.get(kind)
        if known is None:
            known = self.ready_for(kind)
        if not self.personal:
            return known
        headers = known.copy()
        for name, text in self.personal:
            headers[name] = value = text.filled(person.value)
            if not value.isascii():
                require_latin_1(headers)
        return headers

    def ready_for(self, kind: str) -> dict[str, str]:
        """The headers with a body of that type, in which what is personal is still to be filled in."""
        headers = {name: text.form for name, text in self.headers.items()}
        if kind and not self.says_type:
            headers["Content-Type"] = kind
        if kind == JSON and not self.says_accept:
            headers["Accept"] = JSON
        personal = {name for name, _ in self.personal}
        require_latin_1({name: text for name, text in headers.items() if name not in personal})
        if not kind.startswith(MULTIPART):
            self.known[kind] = headers
        return headers


def sent_of(request: Request, person: Person, common: Mapping[str, str] | None = None) -> Sent:
    """A request of a launch, by one person; ``common`` headers are those that every request carries.

    Raises NoValue where a placeholder stands for nothing.
    """
    return Template(request, common).sent(person)


def pieces_of_path(text: str) -> Iterator[Piece]:
    """A value within a path is one piece of it; at its beginning it is an address, and taken as it is."""
    pieces = pieces_of(text, as_a_piece, str)
    if begins_with_an_address(text):
        _, address = next(pieces), next(pieces)
        assert isinstance(address, Hole), "the text begins with it"
        yield Hole(address.name, as_an_address)
    yield from pieces


def begins_with_an_address(path: str) -> bool:
    """Whether a path begins with one that an answer named."""
    first = PLACEHOLDER.match(path)
    return first is not None and first[1] is not None


def as_a_piece(value: str) -> str:
    return quote(value, safe="")


def as_an_address(value: str) -> str:
    return quote(value.strip(), safe="%/:=&?~#+!$,;'@()*[]").partition("#")[0]


def sendable(text: str) -> str:
    """Without control characters: no header can hold them, so a server's value is sent without."""
    return text if text.isprintable() else text.translate(UNSAFE)


def require_latin_1(headers: Mapping[str, str]) -> None:
    """Raises NoValue for a value that no header can hold."""
    for name, value in headers.items():
        if not value.isascii():
            try:
                value.encode("latin-1")
            except UnicodeEncodeError:
                raise NoValue(f"the header {name} cannot hold what it should") from None


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
    return sent._replace(headers=kept, marks=NONE)
