"""The header fields of an answer, as they came; each is read when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scenarios.http.answers.server_timing import durations_ns

CONTENT_LENGTH = b"\r\ncontent-length:"
CONTENT_TYPE = b"\r\ncontent-type:"
CONTENT_ENCODING = b"\r\ncontent-encoding:"
TRANSFER_ENCODING = b"\r\ntransfer-encoding:"
CONNECTION = b"\r\nconnection:"
RETRY_AFTER = b"\r\nretry-after:"
DATE = b"\r\ndate:"
SERVER_TIMING = b"\r\nserver-timing:"
SET_COOKIE = b"\r\nset-cookie:"


class Seen(NamedTuple):
    """What visitors look at."""

    content_type: str
    retry_after: str | None
    date: str | None
    service_ns: int | None
    sets_cookies: bool


class Fields(Mapping[str, str]):
    """By their names in lower case; of several of one name the first.

    A visitor looks at three of twelve, so a name is searched for in the bytes (``first``, ``all``, with
    the names above); whoever wants them as a mapping gets it.
    """

    __slots__ = ("_known", "_seen", "lowered", "raw")

    def __init__(self, raw: bytes) -> None:
        """``raw``: the lines, each with the line end before it, and one line end behind the last."""
        self.raw, self.lowered = raw, raw.lower()
        self._known: dict[str, str] | None = None
        self._seen: Seen | None = None

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Fields:
        """Fields that another reader has taken apart."""
        lines = ["", *(f"{name}: {' '.join(text.splitlines())}" for name, text in pairs), ""]
        return cls("\r\n".join(lines).encode("latin-1", "replace"))

    def first(self, name: bytes) -> str | None:
        """A field's text; None where there is none."""
        at = self.lowered.find(name)
        return None if at < 0 else self._text(at + len(name))

    def all(self, name: bytes) -> list[str]:
        """The texts of all fields of that name, in their order."""
        found, at = [], self.lowered.find(name)
        while at >= 0:
            found.append(self._text(at + len(name)))
            at = self.lowered.find(name, at + len(name))
        return found

    def _text(self, at: int) -> str:
        return self.raw[at : self.raw.index(b"\r\n", at)].strip(b" \t").decode("latin-1")

    @property
    def seen(self) -> Seen:
        """What visitors look at, found once."""
        if self._seen is None:
            lines = self.all(SERVER_TIMING)
            self._seen = Seen(
                content_type=self.first(CONTENT_TYPE) or "",
                retry_after=self.first(RETRY_AFTER),
                date=self.first(DATE),
                service_ns=durations_ns(lines).get("service") if lines else None,
                sets_cookies=SET_COOKIE in self.lowered,
            )
        return self._seen

    @property
    def known(self) -> dict[str, str]:
        """All of them."""
        if self._known is None:
            self._known = {}
            for line in self.raw.decode("latin-1").split("\r\n")[1:-1]:
                name, _, text = line.partition(":")
                self._known.setdefault(name.lower(), text.strip(" \t"))
        return self._known

    def __getitem__(self, name: str) -> str:
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
