"""Connections that are open and not in use: one visitor's own, or those that all share.

An idle connection is an open file, which another visitor may need more than who waits: when files run
short, those are let go that have been idle longest, and counted. Their visitors connect again.
"""

from __future__ import annotations

import resource
import ssl
from collections.abc import Callable
from typing import Any

import gevent

from scenarios.process.open_files import OWN
from scenarios.replay.child.wire.connection import Connection, Origin

HANGS_UP_S = 0.05
"""So long after its visitor has gone a connection is closed, at most."""


class Idle:
    """The idle connections of all visitors, the longest idle first."""

    def __init__(self, most_files: int | None = None) -> None:
        """``most_files``: that may be open at once; else as this process may."""
        self.most_files = files_allowed() if most_files is None else most_files
        self.let_go = 0
        """How many were closed for want of files."""
        self._waiting: dict[Connection, None] = {}
        self.left: list[Connection] = []
        """Those whose visitors have gone."""
        self._timer: Any = gevent.get_hub().loop.timer(HANGS_UP_S, HANGS_UP_S, ref=False)

    def add(self, connection: Connection) -> None:
        self._waiting[connection] = None

    def remove(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)

    def close_one(self) -> bool:
        """Close the one that has been idle longest; False where none is."""
        for connection in self._waiting:
            self.remove(connection)
            connection.close()
            return True
        return False

    def leave(self, connection: Connection) -> None:
        """Its visitor has gone: it is closed with the next request of anybody, or a moment later.

        A server that sleeps is woken by either, which is the dearest part of both: so it is woken once for both.
        """
        self.remove(connection)
        self.left.append(connection)
        if not self._timer.active:
            self._timer.again(self.hang_up)

    def hang_up(self) -> None:
        """Close those whose visitors have gone."""
        if not self.left:
            self._timer.stop()
        while self.left:
            self.left.pop().close()

    def make_room(self) -> bool:
        """Let one go for want of files; False where none is idle."""
        if self.left:
            self.hang_up()
            return True
        found = self.close_one()
        self.let_go += found
        return found

    def make_room_for(self, connection: Connection) -> None:
        """Keep a few files for others: the system gives each the lowest number that is free."""
        if connection.number >= self.most_files - OWN:
            self.make_room()


def files_allowed() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1 << 30


class Own:
    """A visitor's own: at most one idle to each server.

    He does one thing at a time, but for the requests of a recorded session, which come when they are due.
    """

    __slots__ = ("_idle", "_kept", "_tickets")

    def __init__(self, idle: Idle) -> None:
        self._idle = idle
        self._kept: dict[Origin, Connection] = {}
        self._tickets: dict[Origin, ssl.SSLSession] = {}

    def take(self, origin: Origin) -> Connection | None:
        """One that can be used."""
        connection = self._kept.pop(origin, None)
        if connection is None:
            return None
        self._idle.remove(connection)
        return usable(connection)

    def give(self, connection: Connection) -> None:
        """One that can be used again."""
        self.remember(connection)
        if (other := self._kept.get(connection.origin)) is not None:
            self._idle.remove(other)
            other.close()
        self._kept[connection.origin] = connection
        self._idle.add(connection)

    def remember(self, connection: Connection) -> None:
        """Greet its server as somebody known the next time, as browsers do."""
        if (ticket := connection.ticket) is not None:
            self._tickets[connection.origin] = ticket

    def ticket(self, origin: Origin) -> ssl.SSLSession | None:
        return self._tickets.get(origin)

    def close(self) -> None:
        while self._kept:
            _, connection = self._kept.popitem()
            self._idle.leave(connection)


class Shared:
    """Those of all visitors: the one that was used last is taken first, so that the others end."""

    def __init__(self, idle: Idle) -> None:
        self._idle = idle
        self._kept: dict[Origin, list[Connection]] = {}

    def take(self, origin: Origin) -> Connection | None:
        """One that can be used."""
        kept = self._kept.get(origin)
        while kept:
            connection = kept.pop()
            self._idle.remove(connection)
            if usable(connection) is not None:
                return connection
        return None

    def give(self, connection: Connection) -> None:
        """One that can be used again."""
        self._kept.setdefault(connection.origin, []).append(connection)
        self._idle.add(connection)

    def remember(self, connection: Connection) -> None:
        """They are nobody's, so no server is to know them again."""

    def ticket(self, origin: Origin) -> ssl.SSLSession | None:  # noqa: ARG002
        return None

    def close(self) -> None:
        """A visitor's end is not theirs."""


Connections = Own | Shared
Keeping = Callable[[], Connections]


def usable(connection: Connection) -> Connection | None:
    """A connection that was idle, if it still can be used; else it is closed."""
    if connection.is_open:
        return connection
    connection.close()
    return None
