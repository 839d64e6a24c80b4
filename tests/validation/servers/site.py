"""A server that runs, and what it takes to start one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.loopback import free_port
from tests.real.running import door, gunicorn, program, running, uvicorn, wait_for

ROOT = Path(__file__).parents[3]
HERE = "tests.validation.servers"
ATTEMPTS = 3
"""So often another port is tried, where somebody took the free one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A server that answers."""

    url: str
    family: tuple[int, ...]
    """The processes that lead it; its workers are their children."""


Starting = Callable[[Path], AbstractContextManager[Site]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What lets so many through and turns the others away before they reach the application."""

    rate_per_s: float
    burst: int
    """How many go through at once after a pause."""
    waiting_room: int
    """How many are held back until their turn; one more is turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as its operator set it up: the words of a launch's release, and how often people look."""

    release: str
    poll_every: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A server as somebody set it up."""

    name: str
    start: Starting
    servers: int
    """How many signups are worked on at once."""
    packages: tuple[str, ...] = ()
    """Python packages, whose versions are told."""
    programs: tuple[str, ...] = ()
    """Programs of the system, likewise."""
    told: Mapping[str, str | int] = field(default_factory=dict)
    """What its operator reads in its own configuration and no probe can see: words of a station."""
    limit: Limit | None = None
    """The same of a rate that its own configuration allows."""
    servers_told: bool = False
    """Whether the operator tells the probe how many there are, since what stands before them lets
    no ladder up so far."""
    line: Line | None = None
    """The line that it lets people in by; None: it has none."""

    @property
    def lacking(self) -> list[str]:
        """What has to be installed first."""
        modules = [name for name in self.packages if find_spec(name.replace("-", "_")) is None]
        return modules + [name for name in self.programs if found(name) is None]


def found(program: str) -> str | None:
    """Where a program is; Debian keeps servers out of a user's path."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", *folders])
    return shutil.which(program, path=path)


def by_gunicorn(*words: str, app: str = "applications:computing", **env: str) -> Starting:
    """gunicorn with these words."""

    @contextmanager
    def start(folder: Path) -> Iterator[Site]:
        log = folder / "gunicorn.log"
        with door() as (listening, url):
            command = gunicorn(listening, f"{HERE}.{app}", "--timeout", "120", *words)
            with running(*command, at=listening, folder=ROOT, env=env, log=log) as leader:
                wait_for(f"{url}/healthz", leader, log)
                yield Site(url=url, family=(leader.pid,))

    return start


def by_uvicorn(app: str, workers: int = 1) -> Starting:
    """uvicorn with so many workers."""

    @contextmanager
    def start(folder: Path) -> Iterator[Site]:
        log = folder / "uvicorn.log"
        with door() as (listening, url):
            words = ("--factory", "--log-level", "warning", "--workers", str(workers))
            command = uvicorn(listening, f"{HERE}.{app}", *words)
            with running(*command, at=listening, folder=ROOT, env={}, log=log) as leader:
                wait_for(f"{url}/healthz", leader, log)
                yield Site(url=url, family=(leader.pid,))

    return start


@contextmanager
def waitress(folder: Path) -> Iterator[Site]:
    """With its four threads, as it comes."""

    def command(port: int) -> list[str]:
        app = f"{HERE}.applications:waiting"
        return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", app]

    with listening_program(command, folder, "waitress") as site:
        yield site


@contextmanager
def listening_program(
    command: Callable[[int], Sequence[str]], folder: Path, name: str
) -> Iterator[Site]:
    """A program that takes a port by its number, and answers there.

    Raises AssertionError with its last words where it does not.
    """
    log = folder / f"{name}.log"
    with contextlib.ExitStack() as stack:
        for last in (*[False] * (ATTEMPTS - 1), True):
            port = free_port()
            url = f"http://127.0.0.1:{port}"
            this = stack.enter_context(contextlib.ExitStack())
            leader = this.enter_context(program(command(port), folder=ROOT, env={}, log=log))
            try:
                wait_for(f"{url}/healthz", leader, log)
                break
            except AssertionError:
                this.close()
                if last:
                    raise
        yield Site(url=url, family=(leader.pid,))


def versions(configuration: Configuration) -> str:
    """Of all that it is made of."""
    packages = [f"{name} {version(name)}" for name in configuration.packages]
    return ", ".join([*packages, *map(said_of, configuration.programs)])


def said_of(name: str) -> str:
    """What a program of the system says of its version, in two words."""
    path = found(name)
    if path is None:
        return f"{name} (not installed)"
    option = "-v" if name in ("nginx", "haproxy") else "--version"
    said = subprocess.run([path, option], capture_output=True, text=True, check=False)
    number = re.search(r"\d+(?:\.\d+)+", said.stdout + said.stderr)
    return f"{name} {number[0] if number else '?'}"
