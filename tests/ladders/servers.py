"""Real servers, each started and ended by who asks for it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.hanging import HUNG_S


@dataclass(frozen=True, slots=True)
class Kind:
    """A server, and what it is known to be."""

    name: str
    words: tuple[str, ...]
    """Its command, after ``python -m``; none: the reference target."""
    servers: int
    """How many are worked on at once on two cores, as far as a ladder of 16 goes."""
    shares: bool


def gunicorn(*words: str, app: str = "wsgi") -> tuple[str, ...]:
    return ("gunicorn", f"tests.ladders.apps:{app}", "-b", "127.0.0.1:{port}", *words)


def uvicorn(app: str) -> tuple[str, ...]:
    return (
        "uvicorn", f"tests.ladders.apps:{app}", "--factory", "--port", "{port}",
        "--log-level", "critical",
    )  # fmt: skip


WAITS = "wsgi_that_waits"
KINDS = (
    Kind("gunicorn sync 1", gunicorn("-w", "1"), 1, shares=False),
    Kind("gunicorn sync 2", gunicorn("-w", "2"), 2, shares=False),
    Kind(
        "gunicorn gthread 4", gunicorn("-w", "1", "-k", "gthread", "--threads", "4"), 2, shares=True
    ),
    Kind("uvicorn 1 worker, on the loop", uvicorn("on_the_loop"), 1, shares=False),
    Kind("uvicorn 1 worker, in threads", uvicorn("in_threads"), 2, shares=True),
    Kind("reference target 1", (), 1, shares=False),
    Kind("reference target 2", (), 2, shares=False),
    Kind("sync 1, waiting", gunicorn("-w", "1", app=WAITS), 1, shares=False),
    Kind("sync 2, waiting", gunicorn("-w", "2", app=WAITS), 2, shares=False),
    Kind(
        "gthread 4, waiting",
        gunicorn("-w", "1", "-k", "gthread", "--threads", "4", app=WAITS),
        4,
        shares=False,
    ),
    Kind("uvicorn async, waiting", uvicorn("that_waits"), 16, shares=False),
)


@contextmanager
def running(kind: Kind) -> Iterator[tuple[str, int]]:
    """Its address, and its process."""
    if not kind.words:
        with TargetProcess(Settings(workers=kind.servers)) as target:
            yield target.url, target.pid
        return
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = [sys.executable, "-m", *(word.format(port=port) for word in kind.words)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    ends_s = time.monotonic() + HUNG_S
    while time.monotonic() < ends_s:
        assert process.poll() is None, "the server ended"
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(port)
