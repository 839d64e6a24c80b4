"""Running the target in this process."""

from __future__ import annotations

import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType

import uvicorn

from scenarios.process.open_files import raise_limit
from scenarios.process.orphan import end_with_parent
from scenarios.service.patience import Hurried
from scenarios.service.settings import Settings
from scenarios.service.store.opened import open_database
from scenarios.service.web.app import create_app, database_of
from simulator.errors import UsageError

SETTINGS_VARIABLE = "SURGEPROOF_TARGET_SETTINGS"
"""The environment variable in which a child finds its settings."""
BACKLOG = 2048
KEEP_ALIVE_S = 75
DRAIN_S = 10
"""How long an interrupted server may go on with what it took on."""
ORPHAN_DRAIN_S = 1
"""A child whose parent has left has nobody to finish for."""
ORPHAN_END_S = 6
"""If it does not even end then, it is made to; its parent would wait for 5 s."""
SWITCH_INTERVAL_S = 0.0005
"""Workers and event loop share the interpreter; Python's 5 ms would be a sixth of a signup."""


def serve(settings: Settings, *, listening: Callable[[str], None] | None = None) -> None:
    """Serve in the foreground until interrupted; ``listening`` is told the address.

    Raises UsageError where the port or the database cannot be had.
    """
    with bind(settings.host, settings.port) as door:
        check_database(settings)
        if listening is not None:
            listening(url_of(door))
        run(settings, door)


def serve_child(settings: Settings, door: socket.socket) -> None:
    """Serve on a socket that the parent made, until it dies: its end of our stdin closes."""
    run(settings, door, drain_s=ORPHAN_DRAIN_S, is_child=True)


def run(
    settings: Settings,
    door: socket.socket,
    *,
    drain_s: int = DRAIN_S,
    is_child: bool = False,
) -> None:
    raise_limit()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    with database_of(settings) as where:
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(replace(settings, database=where)),
                http=Hurried,
                lifespan="on",
                ws="none",
                log_level="warning",
                access_log=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=drain_s,
            )
        )

        def end() -> None:
            server.should_exit = True

        if is_child:
            end_with_parent(end, ORPHAN_END_S)
        # uvicorn ends cleanly on Ctrl-C, and then passes the signal on
        with ended_by_hang_up(server), suppress(KeyboardInterrupt):
            server.run(sockets=[door])


@contextmanager
def ended_by_hang_up(server: uvicorn.Server) -> Iterator[None]:
    """SIGHUP too ends the server cleanly and is then passed on, unless nobody was to hear of it."""
    before = signal.getsignal(signal.SIGHUP)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        server.should_exit = True

    signal.signal(signal.SIGHUP, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)
    if heard:
        signal.raise_signal(signal.SIGHUP)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; from now on who connects waits for an answer instead of being refused.

    Raises UsageError where the address is not to be had.
    """
    try:
        door = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        raise UsageError(f"cannot serve on {host}:{port}: {reason(error)}") from None
    # Connections inherit it. asyncio would set it only on sockets that name their protocol, and
    # these do not: each answer on a kept connection would wait 40 ms for the client's delayed ACK.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "something else is listening there; choose another port, or 0 for a free one"
    if error.errno == errno.EACCES:
        return "ports below 1024 need special rights; choose a higher one"
    return error.strerror or str(error)


def url_of(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"http://{host}:{port}"


def check_database(settings: Settings) -> None:
    """Raises UsageError where the database cannot be opened and written."""
    if settings.database is not None:
        open_database(settings.database).close()
