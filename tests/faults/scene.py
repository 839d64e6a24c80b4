"""Faults of a replay: the scene on which one strikes, and the servers that answer oddly."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.end_to_end.command import wait_until
from tests.hanging import HUNG_S
from tests.launches.files import LAUNCH

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
    elsewhere: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """Workers that came by themselves."""
    noticed: list[str] = field(default_factory=list)
    """What should not have happened around it."""

    @property
    def runs(self) -> Path:
        return self.home / "runs"

    @property
    def folder(self) -> Path:
        (found,) = self.runs.iterdir()
        return found

    @property
    def child(self) -> int:
        """The load generator, where there is one."""
        return self.generators()[0]

    def generators(self, word: str = "") -> list[int]:
        """The load generators with this word in their command lines, whose orders are written a moment before."""
        found: list[int] = []

        def there() -> bool:
            found[:] = [*self._generators(word)]
            return bool(found)

        wait_until(there, self.command)
        return found

    def _generators(self, word: str) -> Iterator[int]:
        for process in psutil.Process(self.command.pid).children():
            with suppress(psutil.NoSuchProcess):
                words = process.cmdline()
                if "scenarios.replay.child.__main__" in words and (not word or word in words):
                    yield process.pid

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

    @property
    def measured(self) -> int:
        """How many rows are kept of what was measured."""
        return self.rows("visits") + self.rows("attempts")


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


def judging(scene: Scene) -> bool:
    """All is measured, and nothing is judged yet."""
    return scene.rows("ends") > 0 and not reporting(scene)


def reporting(scene: Scene) -> bool:
    return any(scene.runs.glob("*/verdict.json"))


REFERENCE = Settings(workers=1, hash_cost=10)
"""A target that serves a signup in some 2 ms."""


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def freeze(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
