"""The command line, here or in a process of its own."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, TextIO
from unittest.mock import patch

import psutil

from surgeproof.door.door import typed
from surgeproof.endings import ending
from tests.hanging import HUNG_S

LOOK_EVERY_S = 0.05

Done = subprocess.CompletedProcess[str]


class TooLate(Exception):
    """A command was over before it came so far."""


def surgeproof(
    *words: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    at: tuple[TextIO, TextIO] | None = None,
) -> Done:
    """Run a command to its end in this process: what it imports and compiles, it does once.

    ``at`` a terminal, it is there that it reads and writes.
    """
    said, told, words_typed = StringIO(), StringIO(), [str(word) for word in words]
    keys, screen = at or (TextIOWrapper(BytesIO(stdin)), None)
    with (
        redirect_stdout(screen or said),
        redirect_stderr(screen or told),
        contextlib.chdir(cwd or Path.cwd()),
        patch.dict(os.environ, env or {}),
        patch.object(sys, "argv", ["surgeproof", *words_typed]),
        patch.object(sys, "stdin", keys),
    ):
        code = ending(typed)
    return subprocess.CompletedProcess(words_typed, code, said.getvalue(), told.getvalue())


def apart(
    *words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Done:
    """Run a command to its end in a process of its own, where that is what is tried."""
    return python("-P", "-m", "surgeproof", *map(str, words), cwd=cwd, env=env)


def python(*words: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run Python to its end in a process of its own."""
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=HUNG_S, check=False,
        cwd=cwd, env=os.environ | dict(env or {}),
    )  # fmt: skip


def start(*words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a command in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "surgeproof", *words], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=os.environ | (env or {}), start_new_session=True,
    )  # fmt: skip


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in a run's store."""
    with closing(sqlite3.connect(folder / "run.sqlite")) as db:
        return db.execute(query).fetchall()


def rows_of(file: Path, query: str) -> list[tuple[Any, ...]]:
    """What it finds in the store of the one run beside a launch's file."""
    [run] = (file.parent / "runs").iterdir()
    return rows(run, query)


def wait_until(so: Callable[[], bool], running: subprocess.Popen[str] | None = None) -> None:
    """Look now and then, as a look costs processor time, until something is so."""
    deadline_s = time.monotonic() + HUNG_S
    while not so():
        if running is not None and running.poll() is not None:
            raise TooLate(running.communicate())
        assert time.monotonic() < deadline_s, "it never came so far"
        time.sleep(LOOK_EVERY_S)


def interrupt_when(
    running: subprocess.Popen[str], ready: Callable[[], bool], with_: int = signal.SIGINT
) -> tuple[int, str, list[psutil.Process]]:
    """Signal a command once something is so: its exit code, what it said, whom it left behind."""
    watched = psutil.Process(running.pid)
    wait_until(ready, running)
    family = watched.children(recursive=True)
    running.send_signal(with_)
    _, said = running.communicate(timeout=HUNG_S)
    _, left = psutil.wait_procs(family, timeout=HUNG_S)
    return running.returncode, said, left
