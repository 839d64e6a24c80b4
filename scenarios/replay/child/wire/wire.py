"""What all visitors of a process share on their way to the target: whom they speak to, as whom, over what."""

from __future__ import annotations

import _socket  # gevent replaces what is in ``socket``; here the system's own is meant
import errno
import logging
import ssl
from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from typing import Protocol
from urllib.parse import urlsplit

import gevent.socket

from scenarios.http.allow import headers
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.content import ACCEPTED
from scenarios.http.manners import Manners
from scenarios.http.requests.sent import origin
from scenarios.http.trust import trusting
from scenarios.replay.child.wire.connection import (
    Address,
    Connection,
    Origin,
    Secure,
    connected,
    dialled,
)
from scenarios.replay.child.wire.connections import Connections, Idle, Own, Shared
from scenarios.replay.child.wire.deadline import Deadline, Deadlines
from scenarios.replay.child.wire.faults import OURS
from scenarios.replay.child.wire.written import Usual

log = logging.getLogger(__name__)
FILES_SHORT = (errno.EMFILE, errno.ENFILE)


class Hearing(Protocol):
    """Who hears of all requests (:class:`scenarios.replay.child.wire.statistics.Statistics`)."""

    def hear(
        self, method: str, name: str, took_s: float, answer: Answer, fault: str, n_bytes: int
    ) -> None:
        """A request, and what kept its visitor from getting on: "" where nothing did."""
        ...


class Wire:
    """The way to one target."""

    def __init__(
        self, url: str, manners: Manners | None = None, hearing: Hearing | None = None
    ) -> None:
        """``hearing``: who hears of the requests; None: nobody does."""
        manners = manners or Manners()
        self.base, self.manners, self.hearing = url.rstrip("/"), manners, hearing
        self.home = origin(self.base)
        self.prefix = urlsplit(self.base).path
        """Of all paths at the target."""
        self.lacking: Callable[[str], None] = unheeded
        """Is told what this machine lacks for a connection."""
        self.idle = Idle()
        self.deadlines = Deadlines()
        self.to_anybody = {"User-Agent": manners.user_agent, "Accept-Encoding": ACCEPTED}
        self.to_target = headers() | self.to_anybody
        self._shared = Shared(self.idle) if manners.keep_alive else None
        self._usual: dict[Origin, Usual] = {}
        self._addresses: dict[Origin, list[Address]] = {}

    @cached_property
    def context(self) -> ssl.SSLContext:
        """Whom all visitors trust, and what they show."""
        return trusting(self.manners.trust)

    def connections(self) -> Connections:
        """Those of one more visitor."""
        return Own(self.idle) if self._shared is None else self._shared

    def unheard(self) -> Wire:
        """The same way, and nobody hears of what is asked on it."""
        other = copy(self)
        other.hearing = None
        return other

    def close(self) -> None:
        """Let all idle connections go, and say in the log how many went before for want of files."""
        if let_go := self.idle.let_go:
            log.warning("%d idle connections were closed for want of open files", let_go)
        self.idle.hang_up()
        while self.idle.close_one():
            pass

    def usual(self, server: Origin) -> Usual:
        """What is in every request to a server."""
        if server not in self._usual:
            told = self.to_target if server == self.home else self.to_anybody
            self._usual[server] = Usual(server, told)
        return self._usual[server]

    def connect(
        self, server: Origin, deadline: Deadline, ticket: ssl.SSLSession | None = None
    ) -> Connection:
        """A new connection. Raises TooLate, or what a socket raises."""
        while True:
            try:
                return self._connect(server, deadline, ticket)
            except OSError as error:
                if error.errno in FILES_SHORT and self.idle.make_room():
                    continue
                if lack := OURS.get(error.errno or 0):
                    self.lacking(lack)
                raise

    def _connect(
        self, server: Origin, deadline: Deadline, ticket: ssl.SSLSession | None
    ) -> Connection:
        addresses = self._addresses.get(server) or self.addresses(server)
        sock = dialled(addresses[0]) if len(addresses) == 1 else first_of(addresses, deadline)
        if server[0] != "https":
            connection = Connection(sock, server)
            self.idle.make_room_for(connection)
            return connection
        secure = Secure(sock, server, self.context, ticket)
        self.idle.make_room_for(secure)
        try:
            secure.greet(deadline)
        except BaseException:
            secure.close()
            raise
        return secure

    def addresses(self, server: Origin) -> list[Address]:
        """Where a server is: looked up once, and by who knows the allowed ones (:mod:`scenarios.replay.child.pinned`)."""
        if server not in self._addresses:
            _, host, port = server
            found = gevent.socket.getaddrinfo(host, port, 0, gevent.socket.SOCK_STREAM)
            self._addresses[server] = [(family, where) for family, _, _, _, where in found]
        return self._addresses[server]


def first_of(addresses: Iterable[Address], deadline: Deadline) -> _socket.socket:
    """Connected to the first of several addresses where somebody answers."""
    fault = OSError(errno.EHOSTUNREACH, "no address")
    for address in addresses:
        try:
            return connected(address, deadline)
        except OSError as error:
            fault = error
    raise fault


def unheeded(_: str) -> None:
    """Whoever asks sees from the answer why there is none."""
