"""A resolver that knows the allowed names: load can go nowhere but to the addresses that were checked.

It also spares the 29 µs that a look-up in gevent's thread pool costs each new connection.
"""

from __future__ import annotations

import _socket  # gevent replaces what is in ``socket``; here the system's own is meant
import socket
from collections.abc import Callable, Mapping
from typing import Any

import gevent
import gevent.socket
from gevent.resolver.blocking import Resolver

Connect = Callable[[Any, Any], Any]
Found = list[tuple[int, int, int, str, tuple[Any, ...]]]


class Fenced(socket.gaierror):
    """A host or an address that is none of the allowed ones."""


class Pinned(Resolver):  # type: ignore[misc]
    """Resolves each host to its one address, and each address to itself; connections need no more."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        super().__init__()
        self.known = {address: address for address in hosts.values()} | dict(hosts)

    def getaddrinfo(
        self,
        host: str | bytes | None,
        port: int | str | None,
        family: int = 0,
        type: int = 0,  # noqa: A002 - the interface's name
        proto: int = 0,
        flags: int = 0,
    ) -> Found:
        name = host.decode() if isinstance(host, bytes) else host
        address = self.known.get((name or "").strip("[]").rstrip(".").lower())
        if address is None:
            raise Fenced(socket.EAI_NONAME, f"{name} is not the target")
        return _socket.getaddrinfo(
            address, port, family, type, proto, flags | socket.AI_NUMERICHOST
        )


def pin(hosts: Mapping[str, str]) -> None:
    """From now on this process reaches those hosts, and each at its address alone."""
    gevent.get_hub().resolver = Pinned(hosts)


def fence() -> None:
    """The same for code that is not ours, as far as it connects by Python's sockets: what a library does in C is not seen.

    An address needs no resolver, so connecting itself is guarded.
    """
    kind = gevent.socket.socket
    kind.connect, kind.connect_ex = guarded(kind.connect), guarded(kind.connect_ex)


def guarded(connect: Connect) -> Connect:
    def reach(sock: Any, address: Any) -> Any:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            gevent.get_hub().resolver.getaddrinfo(address[0], address[1])
        return connect(sock, address)

    return reach
