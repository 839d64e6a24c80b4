"""One request of a recording and its answer, whatever browser wrote them."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

Pairs = tuple[tuple[str, str], ...]
REDIRECTS = (301, 302, 303, 307, 308)
CREATED = 201
MOST_FIELDS = 1_000


class BodyKind(enum.Enum):
    """How a body is written."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a multipart form: its name, and how large it is; what is in it stays where it was."""

    filename: str
    type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was sent with a request."""

    kind: BodyKind = BodyKind.NONE
    type: str = ""
    """As the header said."""
    json: Any = None
    fields: tuple[tuple[str, str | File], ...] = ()
    """Of a form."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer."""

    method: str
    url: str
    headers: Pairs = ()
    body: Body = Body()
    status: int = 0
    """0: no answer was recorded."""
    answer_headers: Pairs = ()
    cookies: Pairs = ()
    """That the answer set."""
    type: str = ""
    """Of what was answered, without its parameters."""
    content: str = ""
    redirect: str = ""
    """Where the answer led, as it said it."""
    resource: str = ""
    """What the browser asked it for, where it says so: document, xhr, script."""
    started_s: float | None = None
    took_ms: float = 0.0
    wait_ms: float | None = None
    """Until the answer began, where it was measured."""

    @property
    def host(self) -> str:
        """The host with its port, where that is not the usual one; never with a password."""
        parts = urlsplit(self.url)
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        name = (parts.hostname or "").rstrip(".")
        return name if parts.port in (None, usual) else f"{name}:{parts.port}"

    @property
    def origin(self) -> str:
        return f"{urlsplit(self.url).scheme}://{self.host}"

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> Pairs:
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def leads_to(self) -> str:
        """Where a redirect leads, in full; empty where it is none."""
        return self.names if self.status in REDIRECTS else ""

    @property
    def names(self) -> str:
        """What a redirect leads to, or what was made and lies there; empty where it is neither."""
        if self.status not in (*REDIRECTS, CREATED) or not self.redirect:
            return ""
        try:
            return urljoin(self.url, self.redirect).partition("#")[0]
        except ValueError:
            return ""

    def header(self, name: str) -> str:
        return next(values_of(self.headers, name), "")

    @property
    def is_html(self) -> bool:
        return "html" in self.type

    @property
    def is_json(self) -> bool:
        return self.type.endswith(("/json", "+json"))


def values_of(pairs: Pairs, name: str) -> Iterator[str]:
    """The values of a header; its name in any case."""
    return (value for key, value in pairs if key.lower() == name.lower())
