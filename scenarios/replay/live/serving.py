"""The page that Prometheus scrapes: served by a thread of its own, as long as a block lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, start_http_server

from simulator.errors import UsageError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is served."""

    url: str
    registry: CollectorRegistry
    """What stands on it."""


@contextmanager
def served(where: str) -> Iterator[Page]:
    """Serve what is registered, at ``PORT`` of this machine alone, or at ``HOST:PORT``.

    Raises UsageError where that cannot be.
    """
    host, port = address_of(where)
    registry = CollectorRegistry()
    try:
        server, thread = start_http_server(port, host, registry)
    except (OSError, UnicodeError) as error:  # the latter of a name that is none
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"--metrics {where}: nothing can be served there ({why}): choose another port"
        ) from error
    try:
        url = f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}/metrics"
        yield Page(url=url, registry=registry)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def address_of(where: str) -> tuple[str, int]:
    """Host and port.

    Raises UsageError where it is neither a port nor both.

    >>> address_of("9464"), address_of("0.0.0.0:9464"), address_of("[::1]:9464")
    (('127.0.0.1', 9464), ('0.0.0.0', 9464), ('::1', 9464))
    """
    host, _, port = where.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise UsageError(f"--metrics {where}: write a port such as 9464, or HOST:PORT")
    return host.removeprefix("[").removesuffix("]") or LOOPBACK, int(port)
