"""A request that a log tells of, and the reasons why a line tells of none.

What names a person is dropped here: the user. The query of a request is kept apart from its path, and
reaches no file unless somebody asks for it (:mod:`scenarios.recording.requests`). Of the host from which it came a
number is kept, made with a key that this process alone has: requests of one host are known to be of one,
and nobody can tell of which. (If paths name people, as /users/ann does, count arrivals instead of listing
them.)
"""

from __future__ import annotations

import enum
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from simulator.text.harmless import CONTROL

REQUEST = re.compile(r"([A-Z][A-Z_-]*) (\S.*?)(?: HTTP/[0-9.]+)?", re.ASCII)
METHOD = re.compile(r"[A-Za-z][A-Za-z_-]*", re.ASCII)
STATUS = re.compile(r"[0-9]{1,3}|-1?", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?", re.ASCII)
BYTES = re.compile(r"[0-9]{1,15}", re.ASCII)

KEY = secrets.token_bytes(16)
UNKNOWN = 0
"""The status of who hung up before there was one; servers write 0, 000, -1 or a dash."""


class Skip(enum.StrEnum):
    """Why a line is no arrival."""

    FORMAT = "in no known format"
    INSTANT = "with a time that does not exist, or of a clock that was never set"
    ZONE = "with a time that has no time zone"
    TWICE = "with a time that occurs twice or never in its time zone (clock change)"
    REQUEST = "without a request for a path"
    REPEATED = "that stand for several (folded by syslog)"
    SEVERAL = "with several requests and no line breaks between them"
    CONNECTION = "of a connection, without a request"
    SQUID = "in Squid's native format"
    CUT = "cut off at the end of the file"
    EMPTY = "empty or a comment"
    EARLY = "before the opening"
    PATH = "with another path"
    METHOD = "with another method"
    STATUS = "with another status"


UNREAD = frozenset(
    {
        Skip.FORMAT,
        Skip.INSTANT,
        Skip.ZONE,
        Skip.TWICE,
        Skip.REQUEST,
        Skip.REPEATED,
        Skip.SEVERAL,
        Skip.CONNECTION,
        Skip.SQUID,
        Skip.CUT,
    }
)
"""What nobody asked to leave out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A request that a server has answered."""

    at_ns: int
    """Since 1970."""
    method: str
    """Empty where the log does not say."""
    path: str
    """Without its query."""
    status: int
    took_ns: int | None = field(default=None, compare=False, repr=False)
    """How long the server took over it; None where the log does not say."""
    client: int = field(default=0, compare=False, repr=False)
    """A number of the host that asked; 0 where the log does not say."""
    answered: bool = field(default=False, compare=False, repr=False)
    """Whether ``at_ns`` is when it was answered; else when it came."""
    query: str = field(default="", compare=False, repr=False)
    """What stands behind the ?: it may hold secrets."""
    n_bytes: int | None = field(default=None, compare=False, repr=False)
    """How long the answer was; None where the log does not say."""

    @property
    def came_ns(self) -> int:
        """When it came, as far as the log tells."""
        return self.at_ns - (self.took_ns or 0) if self.answered else self.at_ns


def client_of(host: str | None) -> int:
    """The number of a host; 0 where there is none, or a dash."""
    if not host or host == "-":
        return 0
    return int.from_bytes(hashlib.blake2b(host.encode(), digest_size=7, key=KEY).digest()) + 1


def took_of(text: str | None, unit_ns: float) -> int | None:
    """A duration in a unit; None where it is none, or negative, as of who was never answered.

    >>> took_of("0.123", 1e9), took_of("-1", 1e6), took_of("-", 1e9)
    (123000000, None, None)
    """
    if text is None or not NUMBER.fullmatch(text):
        return None
    return round(float(text) * unit_ns)


class Asked(NamedTuple):
    """What was asked for."""

    method: str
    path: str
    query: str = ""


def asked(text: str) -> Asked | None:
    """What ``GET /signup?plan=2 HTTP/1.1`` asks for; None where it is no such request."""
    found = REQUEST.fullmatch(text)
    path = path_of(found[2]) if found else ""
    return Asked(found[1], path, query_of(found[2])) if found and path else None


def status_of(text: str) -> int | None:
    """None where it is no status."""
    if not STATUS.fullmatch(text):
        return None
    return UNKNOWN if text.startswith("-") else int(text)


def bytes_of(text: str | None) -> int | None:
    """How long an answer was; None where that is no number, such as a dash.

    >>> bytes_of("2326"), bytes_of("-")
    (2326, None)
    """
    return int(text) if text and BYTES.fullmatch(text) else None


def query_of(target: str) -> str:
    """What stands behind the ?, up to a fragment; empty where a control character is in it."""
    query = target.partition("#")[0].partition("?")[2]
    return "" if CONTROL.search(query) else query


def path_of(target: str) -> str:
    """The path of a request's target; empty where it names none, as a proxy's CONNECT does.

    A server would have escaped a control character; one that is there comes from somebody else.
    """
    if not target.startswith("/"):
        try:
            target = (urlsplit(target).path or "/") if "://" in target else ""
        except ValueError:
            return ""
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    return "" if CONTROL.search(path) else path
