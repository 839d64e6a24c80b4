"""Requests that were recorded: what was asked for, when, and in which session.

They are written by the tool, of the file that a surge names, so that a launch stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from simulator.scenario.words.groups import Entry
from simulator.scenario.words.rehearsal.requests import REDIRECTS
from simulator.scenario.words.surges.patterns import first_fits
from simulator.scenario.words.terms import Contradiction, Words
from simulator.units import Ints, frozen_ints

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that ask and change nothing (RFC 9110, section 9.2.1), but TRACE."""
METHODS = (*SAFE, "POST", "PUT", "PATCH", "DELETE")
Method = Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
MOST_REQUESTS = 500_000
LONGEST_TARGET = 8_000
"""Of a path and its query: more is refused by most servers (RFC 9110, section 4.1, asks for 8,000)."""
UNDECIDED = (408, 425, 429, 444, 499)
"""Said of the moment and not of the request: too slow, too early, too many, and nginx's words for who was
hung up on (444) and who hung up (499)."""
TARGET = r"/(?:[A-Za-z0-9\-._~!$&'()*+,/:;=?@\[\]]|%[0-9A-Fa-f]{2})*"
"""A path and a query that are sent as they are."""

Numbers = Annotated[str, Field(pattern=r"^[0-9]{1,18}( [0-9]{1,18})*$")]
Asked = Annotated[str, Field(pattern=rf"^[A-Z]{{1,20}} {TARGET}$", max_length=LONGEST_TARGET + 21)]


class Requests(Words):
    """Written by the tool: the requests of a recording, in their order."""

    asked: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=MOST_REQUESTS)]
    """Each different one once: "GET /search?q=tea"."""
    which: Numbers
    """Of each request, which of them it is, from 0 on."""
    at_ns: Numbers
    """When it came, in nanoseconds since the opening."""
    session: Numbers
    """The number of its session, from 0 on."""
    status: Numbers | None = None
    """What was answered to it; 0 where nobody knows. Without it, nobody knows of any."""

    def contradictions(self) -> Iterator[Contradiction]:
        columns = (self.which, self.at_ns, self.session, self.status or self.which)
        sizes = {len(column.split(" ")) for column in columns}
        if len(sizes) > 1 or sizes.pop() > MOST_REQUESTS:
            problem = "is not as long as at, session and status"
            yield Contradiction("which", problem, "record it again")
        elif int(self.asked_for.max()) >= len(self.asked):
            yield Contradiction("which", "names a request that is not there", "record it again")
        elif (np.diff(self.came_ns) < 0).any():
            yield Contradiction("at", "is not in the order of time", "record it again")

    @property
    def asked_for(self) -> Ints:
        """Indices of :attr:`asked`."""
        return numbers(self.which)

    @property
    def came_ns(self) -> Ints:
        """Since the opening, in order."""
        return numbers(self.at_ns)

    @property
    def sessions(self) -> Ints:
        return numbers(self.session)

    @property
    def answered(self) -> Ints:
        """The statuses; 0 where nobody knows."""
        return np.zeros_like(self.sessions) if self.status is None else numbers(self.status)

    def of_methods(self, methods: Sequence[str]) -> Ints:
        """Which of the requests have one of these methods."""
        meant = np.array([text.partition(" ")[0] in methods for text in self.asked])
        return np.flatnonzero(meant[self.asked_for])

    def entries(self, group: str, entries: Sequence[Entry]) -> Ints:
        """Of each request the entry of the system that makes it, of one group; -1: none does."""
        own = [number for number, entry in enumerate(entries) if entry.group == group]
        fits = np.array(first_fits(self.asked, [entries[number].recorded for number in own]))
        return np.where(fits < 0, -1, np.array([*own, -1])[fits])[self.asked_for]


def no_error(status: int) -> str:
    """What else than a success is no error where a request was answered so; empty: nothing else.

    Who was answered 404 may be so again, and who was served may not. What said more of the moment than of
    the request (429, any 5xx) is to be served this time.

    >>> [no_error(status) for status in (200, 302, 304, 404, 429, 503, 0)]
    ['', '3xx', '304', '404', '', '', '']
    """
    if status in REDIRECTS:
        return "3xx"
    refused = 300 <= status < 500 and status not in UNDECIDED
    return str(status) if refused else ""


@lru_cache(maxsize=8)
def numbers(text: str) -> Ints:
    """The numbers in a text, read once for the two recordings that are looked at last."""
    return frozen_ints(np.array(text.split(" "), dtype=np.int64))
