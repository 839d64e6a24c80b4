"""One connection to a server, plain or with TLS. It never blocks: who waits on it lets everybody else run."""

from __future__ import annotations

import _socket  # gevent replaces what is in ``socket``; here the system's own is meant
import errno
import os
import ssl
from contextlib import suppress
from typing import Any

import gevent

from scenarios.replay.child.wire.deadline import Deadline

Origin = tuple[str, str, int | None]
"""A server: scheme, host, port."""
Address = tuple[int, Any]
"""Its family, and what a socket of that family connects to."""
READ, WRITE = 1, 2
FRAME_BYTES = 32 << 10
NONBLOCK: int = getattr(_socket, "SOCK_NONBLOCK", 0)
"""Makes a socket that never blocks, where the system can (not macOS): one call less for each connection."""


class Connection:
    """A TCP connection; usable by one exchange at a time."""

    __slots__ = ("_readable", "_sock", "origin")

    def __init__(self, sock: _socket.socket, origin: Origin) -> None:
        self.origin = origin
        self._sock = sock
        self._readable: Any = gevent.get_hub().loop.io(sock.fileno(), READ)

    @property
    def number(self) -> int:
        """Of the file that it is; -1 when it is closed. The system gives the lowest that is free."""
        return self._sock.fileno()

    @property
    def ticket(self) -> ssl.SSLSession | None:
        """By which the next connection of the same browser greets faster."""
        return None

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send everything. Raises TooLate, or what a socket raises."""
        rest: bytes | memoryview = data
        while rest:
            try:
                sent = self._sock.send(rest)
            except BlockingIOError:
                self.wait_to_write(deadline)
            except OSError as error:
                if error.errno != errno.ENOTCONN:  # as macOS says while it connects
                    raise
                self.wait_to_write(deadline)
                require_connected(self._sock)
            else:
                if sent == len(rest):
                    return
                rest = memoryview(rest)[sent:]

    def first(self, most: int, deadline: Deadline) -> bytes:
        """What comes next, when nothing can have come yet."""
        deadline.wait(self._readable, stays=True)
        return self.receive(most, deadline)

    def receive(self, most: int, deadline: Deadline) -> bytes:
        """What comes next; nothing: the server has ended. Raises TooLate, or what a socket raises."""
        while True:
            try:
                return self._sock.recv(most)
            except BlockingIOError:
                deadline.wait(self._readable, stays=True)

    def wait_to_write(self, deadline: Deadline) -> None:
        deadline.wait(gevent.get_hub().loop.io(self._sock.fileno(), WRITE))

    @property
    def is_open(self) -> bool:
        """Whether it can be used again: nothing came since the last answer, not even its end."""
        try:
            self._sock.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def close(self) -> None:
        self._readable.close()
        self._sock.close()


class Secure(Connection):
    """The same with TLS, which works in memory: the socket below it never blocks either."""

    __slots__ = ("_incoming", "_outgoing", "_tls")

    def __init__(
        self,
        sock: _socket.socket,
        origin: Origin,
        context: ssl.SSLContext,
        ticket: ssl.SSLSession | None = None,
    ) -> None:
        super().__init__(sock, origin)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=origin[1], session=ticket
        )

    @property
    def ticket(self) -> ssl.SSLSession | None:
        return self._tls.session

    def greet(self, deadline: Deadline) -> None:
        """Shake hands. Raises TooLate, ssl.SSLError, or what a socket raises."""
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush(deadline)
                self._fill(deadline)
            except ssl.SSLError:
                with suppress(OSError):
                    self._flush(deadline)  # the server is told why
                raise
        self._flush(deadline)

    def send(self, data: bytes, deadline: Deadline) -> None:
        self._tls.write(data)
        self._flush(deadline)

    def first(self, most: int, deadline: Deadline) -> bytes:
        return self.receive(most, deadline)

    def receive(self, most: int, deadline: Deadline) -> bytes:
        while True:
            try:
                return self._tls.read(most)
            except ssl.SSLWantReadError:
                self._flush(deadline)
                self._fill(deadline)
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""  # with or without the farewell that TLS has for it

    @property
    def is_open(self) -> bool:
        """Tickets may have come meanwhile, which is nothing that one reads."""
        try:
            while told := self._sock.recv(FRAME_BYTES):
                self._incoming.write(told)
            return False
        except BlockingIOError:
            return self._is_silent
        except OSError:
            return False

    @property
    def _is_silent(self) -> bool:
        """Whether what came says nothing to us, and is no farewell."""
        try:
            self._tls.read(1)
        except ssl.SSLWantReadError:
            return True
        except ssl.SSLError:
            pass
        return False

    def _flush(self, deadline: Deadline) -> None:
        if told := self._outgoing.read():
            super().send(told, deadline)

    def _fill(self, deadline: Deadline) -> None:
        if told := super().receive(FRAME_BYTES, deadline):
            self._incoming.write(told)
        else:
            self._incoming.write_eof()


def dialled(address: Address) -> _socket.socket:
    """A socket that connects, or has: who sends on it waits if need be, and is told why it failed.

    On this machine and in one data centre it has connected before anybody could wait for it.
    """
    family, where = address
    sock = _socket.socket(family, _socket.SOCK_STREAM | NONBLOCK)
    if not NONBLOCK:
        sock.settimeout(0.0)
    fault = sock.connect_ex(where)
    if fault not in (0, errno.EINPROGRESS):
        sock.close()
        raise OSError(fault, os.strerror(fault))
    return sock


def connected(address: Address, deadline: Deadline) -> _socket.socket:
    """A socket that has connected. Raises TooLate, or what a socket raises."""
    sock = dialled(address)
    try:
        deadline.wait(gevent.get_hub().loop.io(sock.fileno(), WRITE))
        require_connected(sock)
    except BaseException:
        sock.close()
        raise
    return sock


def require_connected(sock: _socket.socket) -> None:
    """Of one that can be written to: raises why it has not connected."""
    if fault := sock.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR):
        raise OSError(fault, os.strerror(fault))
