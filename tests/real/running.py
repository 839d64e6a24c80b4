"""A program that serves on a port of this machine, for as long as it is asked."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from tests.hanging import HUNG_S

APPLICATIONS = Path(__file__).parent / "applications"
LOOK_EVERY_S = 0.1
KILL_EVERY_S = 2.0
IDLE_S = 0.03
"""Of processor time in a second: less than any of the servers needs for one account."""


@contextmanager
def door() -> Iterator[tuple[socket.socket, str]]:
    """A socket that a child inherits, on a free port that nobody can take meanwhile, and its URL."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        listening.set_inheritable(True)
        yield listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def running(
    *words: str, at: socket.socket, folder: Path, env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m`` these words, which inherit a socket."""
    command = (sys.executable, "-m", *words)
    with program(command, folder=folder, env=env, log=log, inherits=[at.fileno()]) as child:
        yield child


@contextmanager
def program(
    command: Sequence[str],
    *,
    folder: Path,
    env: Mapping[str, str],
    log: Path,
    inherits: Sequence[int] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """A command, as the leader of a session that is ended with all who are in it."""
    with log.open("ab") as said:
        child = subprocess.Popen(
            command, cwd=folder, env=os.environ | dict(env), stdout=said,
            stderr=said, stdin=subprocess.DEVNULL, pass_fds=inherits, start_new_session=True,
        )  # fmt: skip
    try:
        yield child
    finally:
        end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and end by force whoever of its family is left."""
    family = family_of(child)
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(20)
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    child.wait()
    psutil.wait_procs(family, timeout=HUNG_S)


def family_of(child: subprocess.Popen[bytes]) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        leader = psutil.Process(child.pid)
        return [*leader.children(recursive=True), leader]
    return []


def run(*words: str, folder: Path, env: Mapping[str, str]) -> None:
    """``python`` with these words to its end, as somebody who sets a server up would."""
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=os.environ | dict(env), check=False,
        capture_output=True, text=True, timeout=HUNG_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def wait_for(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers anything at all."""
    deadline_s = time.monotonic() + HUNG_S
    while time.monotonic() < deadline_s:
        assert child.poll() is None, f"it ended: {log.read_text('utf-8', 'replace')[-2000:]}"
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url, timeout=HUNG_S, trust_env=False)
            return
        time.sleep(LOOK_EVERY_S)
    raise AssertionError(f"{url} never answered")


def gunicorn(listening: socket.socket, *words: str) -> Sequence[str]:
    """gunicorn at a socket that it inherits."""
    # Its control socket would be one file of the user's for all servers that run.
    return ("gunicorn", "--bind", f"fd://{listening.fileno()}", "--no-control-socket", *words)


def uvicorn(listening: socket.socket, *words: str) -> Sequence[str]:
    """The same of uvicorn."""
    return ("uvicorn", "--fd", str(listening.fileno()), "--no-access-log", *words)


def wait_until_idle(child: subprocess.Popen[bytes]) -> None:
    """Until a server has nothing left to do of what its clients gave up on."""
    deadline_s, before_s = time.monotonic() + HUNG_S, -IDLE_S
    while time.monotonic() < deadline_s:
        worked_s = sum(sum(one.cpu_times()[:2]) for one in family_of(child))
        if worked_s - before_s < IDLE_S:
            return
        before_s = worked_s
        time.sleep(1)
    raise AssertionError("it is never idle")


@contextmanager
def killing(leader: subprocess.Popen[bytes]) -> Iterator[None]:
    """One worker after the other is killed in the middle of what it does, and followed by a new one."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(KILL_EVERY_S):
            for worker in psutil.Process(leader.pid).children()[:1]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()
