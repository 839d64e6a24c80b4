"""What a visitor saw of one request."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urljoin

from scenarios.http.answers.retry_after import positive, seconds_told
from simulator.scenario.words.rehearsal.requests import REDIRECTS

NOTHING: Mapping[str, Any] = MappingProxyType({})
READER, WHITESPACE = json.JSONDecoder(), " \t\n\r"
OF_A_LINE = frozenset({"admitted", "cfWaitingRoom", "retry_after_s", "position", "queue_position"})
"""What an answer may hold that says "not yet"."""


class Answer(NamedTuple):
    """An answer, or that there was none."""

    status: int
    """0: there was no answer."""
    timed_out: bool = False
    error: str = ""
    """What went wrong instead, in a few words, and without what the target sent."""
    content: bytes = b""
    """The whole body, or nothing where it was not kept."""
    content_type: str = ""
    body: Mapping[str, Any] = NOTHING
    """The JSON object in it, if it is one."""
    headers: Mapping[str, str] = NOTHING
    """By their names in lower case; of several of one name the first."""
    cookies: Mapping[str, str] = NOTHING
    """Of whoever asked, after this answer."""
    asked: str = ""
    """The address that answered."""
    redirects: int = 0
    """How many led there."""
    retry_after: str | None = None
    date: str | None = None
    """When the server says that it answered, by its own clock."""
    service_ns: int | None = None
    """How long the server says it worked on it, if it says so."""
    queue_ns: int | None = None
    """How long it says that it waited for that."""

    @property
    def is_2xx(self) -> bool:
        return 200 <= self.status < 300

    @property
    def leads_to(self) -> str:
        """The address to which it redirects, as browsers see it; "" where it is no redirect."""
        location = self.headers.get("location", "")
        if self.status not in REDIRECTS or not location:
            return ""
        try:
            return urljoin(self.asked, location).partition("#")[0]
        except ValueError:
            return ""

    @property
    def asks_to_wait(self) -> bool:
        """Whether it says "not yet, ask again", as a line does.

        By its word (``admitted``), by when to ask again, or at 202 by a place in line. A Retry-After at
        another 2xx may be anybody's along the way; in the body it is the server's own.
        """
        if self.retry_after is None and OF_A_LINE.isdisjoint(self.body):
            return False
        admitted = self.body.get("admitted")
        if self.is_2xx and self.in_a_waiting_room:
            return True
        if not self.is_2xx or admitted is True:
            return False
        told = (
            self.retry_after is not None or "retry_after_s" in self.body or self.place_in_line > 0
        )
        in_body = seconds(self.body.get("retry_after_s")) is not None
        return is_no(admitted) or in_body or (self.status == 202 and told)

    @property
    def in_a_waiting_room(self) -> bool:
        """Whether it is Cloudflare's, which answers in the origin's place, by whatever status is set."""
        told = self.body.get("cfWaitingRoom")
        return isinstance(told, dict) and told.get("inWaitingRoom") is True

    @property
    def place_in_line(self) -> int:
        """The place that it tells, the first being 1; 0 where it tells none, or lets him in."""
        place = self.body.get("position", self.body.get("queue_position"))
        if not isinstance(place, int) or self.body.get("admitted") is True:
            return 0
        return place

    @property
    def refused(self) -> bool:
        return self.status in (429, 503)

    @property
    def broke(self) -> bool:
        """The connection failed, or ended without an answer."""
        return self.status == 0 and not self.timed_out

    @property
    def again_in_ns(self) -> int | None:
        """In how long to ask again, if the answer says so: in its body, else in its header."""
        told_s = seconds(self.body.get("retry_after_s"))
        if told_s is None:
            told_s = seconds_told(self.retry_after, self.date)
        return None if told_s is None else round(told_s * 1e9)


def is_no(told: object) -> bool:
    """Whether a member says no, by whatever it is written.

    >>> is_no(False), is_no(0), is_no("False"), is_no(None), is_no("yes")
    (True, True, True, False, False)
    """
    if isinstance(told, str):
        return told.strip().lower() in ("false", "no", "0")
    return isinstance(told, int | float) and told == 0


def seconds(told: object) -> float | None:
    """A count of seconds; None for anything else."""
    if isinstance(told, str):
        return seconds_told(told)
    try:
        count_s = float(told) if isinstance(told, int | float) else 0.0
    except OverflowError:
        return None
    return positive(count_s) if math.isfinite(count_s) else None


def json_object(content: bytes | None) -> Mapping[str, Any]:
    """The JSON object in a body; anything else says nothing."""
    if not content:
        return NOTHING
    try:
        found = read_json(content)
    except (ValueError, RecursionError):
        return NOTHING
    return found if isinstance(found, dict) else NOTHING


def read_json(content: bytes) -> Any:
    r"""As :func:`json.loads` reads it. What begins as an object in UTF-8, as most do, is not searched for its encoding.

    >>> read_json(b'{"id": 7}\n'), read_json('{"id": 7}'.encode("utf-16"))
    ({'id': 7}, {'id': 7})
    """
    if content.startswith(b"{") and content[1:2] != b"\0":
        text = content.decode("utf-8", "surrogatepass")
        found, end = READER.raw_decode(text)
        if end == len(text) or not text[end:].strip(WHITESPACE):
            return found
    return json.loads(content)
