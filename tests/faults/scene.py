"""Faults of a replay: the scene on which one strikes, and the servers that answer oddly."""

from __future__ import annotations

import os
import resource
import signal
import socketserver
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.end_to_end.command import wait_until
from tests.hanging import HUNG_S
from tests.launches.files import LAUNCH
from tests.loopback import serving

STATIONS = """
[[station]]
name = "signup"
servers = 1
waiting_room = 64
service = { law = "lognormal", mean = "5 ms", cv = 0.2 }
"""
"""Longer than anything takes here, on however busy a machine."""


@dataclass
class Scene:
    """One replay from the command line, and what is around it."""

    home: Path
    url: str
    target: TargetProcess | None = None
    env: dict[str, str] = field(default_factory=dict)
    limits: dict[int, int] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    launch: str = LAUNCH
    cwd: Path | None = None
    seed: int = 0
    others: ExitStack = field(default_factory=ExitStack)
    """Targets that come in the place of the first."""

    @property
    def runs(self) -> Path:
        return self.home / "runs"

    @property
    def folder(self) -> Path:
        (found,) = self.runs.iterdir()
        return found

    @property
    def child(self) -> int:
        """The load generator, whose orders are written a moment before it is there."""
        found: list[int] = []

        def there() -> bool:
            for process in psutil.Process(self.command.pid).children():
                with suppress(psutil.NoSuchProcess):
                    if "scenarios.replay.child.__main__" in process.cmdline():
                        found.append(process.pid)
            return bool(found)

        wait_until(there, self.command)
        return found[0]

    def again(self, target: TargetProcess) -> None:
        """Kill a target, and start another one like it at its port."""
        kill(target.pid)
        target.stop()
        port = int(target.url.rpartition(":")[2])
        self.others.enter_context(TargetProcess(replace(target.settings, port=port)))

    def start(self) -> None:
        (self.home / "small.toml").write_text(self.launch)
        (self.home / "stations.toml").write_text(STATIONS)
        self.command = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "surgeproof"),
                *("replay", str(self.home / "small.toml"), "--target", self.url),
                *("--system", str(self.home / "stations.toml"), "--runs", str(self.runs)),
                *("--variant", "no-line", "--launches", "1", "--seed", str(self.seed), *self.more),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | self.env,
            cwd=self.cwd,
            start_new_session=True,
        )
        for which, most in self.limits.items():
            resource.prlimit(self.command.pid, which, (most, most))

    def wait_until(self, reached: Callable[[Scene], bool]) -> None:
        wait_until(lambda: reached(self), self.command)

    def end(self, before: Callable[[], None] = lambda: None) -> Ended:
        """How the command ended, after ``before``; whom it left behind lives no longer."""
        watched = psutil.Process(self.command.pid)
        family = watched.children(recursive=True)
        try:
            before()
            said, _ = self.command.communicate(timeout=HUNG_S)
            _, left = psutil.wait_procs(family, timeout=HUNG_S)
        finally:
            for process in (watched, *family):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        return Ended(self.command.returncode, said, [process.pid for process in left])

    def rows(self, table: str) -> int:
        """How many rows a table of the run has; 0 where there is none yet."""
        for store in self.runs.glob("*/run.sqlite"):
            with suppress(sqlite3.Error), closing(sqlite3.connect(store)) as db:
                found: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                return found
        return 0


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    said: str
    left: list[int]
    """Processes that live on."""

    @property
    def last_line(self) -> str:
        return self.said.strip().splitlines()[-1]


# How far it is


def at_once(_: Scene) -> bool:
    return True


def predicting(scene: Scene) -> bool:
    return scene.rows("facts") > 0


def starting_the_child(scene: Scene) -> bool:
    return any(scene.runs.glob("*/orders-1.json"))


def rehearsing(scene: Scene) -> bool:
    return scene.rows("beats") > 0 and scene.rows("visits") > 0


def draining(scene: Scene) -> bool:
    """Everybody has come: the last beats are those of the drain."""
    for store in scene.runs.glob("*/run.sqlite"):
        with suppress(sqlite3.Error), closing(sqlite3.connect(store)) as db:
            (last,) = db.execute("SELECT max(at_ns) FROM beats").fetchone()
            return last is not None and last > 2_500_000_000
    return False


def all_sent(scene: Scene) -> bool:
    """The child is done, and waits for its parent to write what it has told."""
    return any(
        "everybody has stopped" in log.read_text() for log in scene.runs.glob("*/replay-1.log")
    )


def reporting(scene: Scene) -> bool:
    return any(scene.runs.glob("*/verdict.json"))


# What a target may do


@contextmanager
def odd_target(answer: Callable[[socketserver.StreamRequestHandler], None]) -> Iterator[str]:
    """A server that answers GET /healthz as it should, and all else as ``answer`` does."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                head = b""
                while b"\r\n\r\n" not in head:
                    some = self.connection.recv(65536)
                    if not some:
                        return
                    head += some
                if head.startswith(b"GET /healthz"):
                    self.wfile.write(OK)
                else:
                    answer(self)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 512

    with serving(Server(("127.0.0.1", 0), Handler)) as url:
        yield url


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
ENDLESS_S = 30.0
"""What is endless here ends after all, should nobody hang up."""


def garbage(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff\x13garbage\r\n" * 20)


def failing(handler: socketserver.StreamRequestHandler) -> None:
    """As a server whose database is gone."""
    handler.wfile.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def busy(handler: socketserver.StreamRequestHandler) -> None:
    """As a server that sheds load as it should."""
    handler.wfile.write(
        b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


def too_many(handler: socketserver.StreamRequestHandler) -> None:
    """As a limit of a rate."""
    handler.wfile.write(b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def not_at_all(handler: socketserver.StreamRequestHandler) -> None:
    handler.connection.settimeout(ENDLESS_S)
    handler.connection.recv(1)


def late(handler: socketserver.StreamRequestHandler) -> None:
    """A second and a half, where the median may be one."""
    time.sleep(1.5)
    handler.wfile.write(CREATED)


def by_drops(handler: socketserver.StreamRequestHandler) -> None:
    """A byte each 200 ms."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
    until_s = time.monotonic() + ENDLESS_S
    while time.monotonic() < until_s:
        handler.wfile.write(b" ")
        time.sleep(0.2)


def endlessly(handler: socketserver.StreamRequestHandler) -> None:
    """Bytes as fast as they are taken, at most 20 MB."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\n\r\n")
    for _ in range(320):
        handler.wfile.write(b" " * 65536)


REFERENCE = Settings(workers=1, hash_cost=10)
"""A target that serves a signup in some 2 ms."""


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def freeze(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
