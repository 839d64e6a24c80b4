"""What an operator does while a replay goes on: programs of this machine, each at its instant.

Each is run without a shell, in a session of its own, watched by a thread of its own, so that one that takes
long delays no other. What it leaves running (a service that was started again, say) goes on until the operator is closed,
when what the replay did has been tidied up, and no longer. What it prints is kept, as far as ``MOST_BYTES``.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from simulator.errors import UsageError
from simulator.host.files import write_private

LONGEST_S = 60.0
"""For one action: a service that restarts takes seconds."""
MOST_BYTES = 1 << 18
LONGEST_LINE = 160
READ_BYTES = 1 << 14
LINGERS_S = 1.0
"""So long what it printed last is read; who freed himself (setsid) may hold its output for ever."""
LOOK_EVERY_S = 0.02
HIDDEN = "…"
CUT = "it had not ended when the replay did, and was ended"
"""Nobody knows whether it would have done what it should: what is to last goes into the background."""
NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do."""

    at_ns: int
    """Since the opening."""
    arguments: tuple[str, ...]
    shown: str
    """The command as it may be written down."""
    secrets: tuple[str, ...] = ()
    """What of it may not."""

    @property
    def at_s(self) -> float:
        return self.at_ns / NS_PER_S


@dataclass(slots=True, kw_only=True)
class Deed:
    """What became of an action."""

    action: Action
    began_ns: int | None = None
    """Since the opening; None: it was not begun."""
    took_ns: int = 0
    failure: str = "the replay was over before its time"
    """Why it did not do what it should; empty where it did."""
    last_words: str = ""
    """The last line that it printed."""


def arguments_of(text: str) -> tuple[str, ...]:
    """The program and what it is given. Raises UsageError where no such program can be run."""
    try:
        found = tuple(shlex.split(text))
    except ValueError as wrong:
        raise UsageError(f"--run: cannot be read as a command ({wrong})") from None
    if not found or shutil.which(found[0]) is None:
        program = (
            found[0].partition("=")[0] if found else ""
        )  # what a variable is set to may be a secret
        raise UsageError(
            f'--run: there is no program "{program}" that can be run; commands are run without a shell, so name one'
            " where you need it: --run \"sh -c 'cd /srv && ./restart'\""
        )
    return found


class Operator:
    """Does what is to be done while his block lasts; :meth:`close` ends what is left of it."""

    def __init__(self, actions: Sequence[Action], folder: Path) -> None:
        """In ``folder`` lies what each of them printed."""
        self.deeds = [Deed(action=action) for action in actions]
        self._folder = folder
        self._opening_ns = 0
        self._opened, self._over, self._closed = (threading.Event() for _ in range(3))
        self._threads = [
            threading.Thread(target=self._do, args=(deed, number), name="operator", daemon=True)
            for number, deed in enumerate(self.deeds, start=1)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing more is begun; what was left running goes on, for a cleanup may ask it."""
        self._over.set()
        self._opened.set()

    def close(self) -> None:
        """End all that was left running, and wait for it."""
        self.__exit__()
        self._closed.set()
        for thread in self._threads:
            if thread.ident is not None:  # it was started
                thread.join()

    def open(self, opening_ns: int) -> None:
        """The plan's clock has begun, or will, at that instant of :func:`time.perf_counter_ns`."""
        self._opening_ns = opening_ns
        self._opened.set()

    def _do(self, deed: Deed, number: int) -> None:
        """One action, from waiting for its instant to the end of all that it started."""
        self._opened.wait()
        ahead_s = deed.action.at_s - self._now_ns() / NS_PER_S
        if self._over.is_set() or self._over.wait(max(0.0, ahead_s)):
            return
        deed.began_ns = self._now_ns()
        try:
            process = subprocess.Popen(
                deed.action.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            deed.failure = f"it cannot be run: {(error.strerror or str(error)).lower()}"
            return
        assert process.stdout is not None
        printed = bytearray()
        reader = threading.Thread(target=keep, args=(process.stdout, printed), daemon=True)
        reader.start()
        deed.failure = self._wait(process)
        deed.took_ns = self._now_ns() - deed.began_ns
        if deed.failure in ("", CUT):
            self._closed.wait()
        end(process)
        reader.join(LINGERS_S)
        self._keep(deed, number, bytes(printed))

    def _wait(self, process: subprocess.Popen[bytes]) -> str:
        """Until it or the replay has ended. Why it failed; empty where it did not."""
        until_s = time.monotonic() + LONGEST_S
        over = False
        while (code := exit_code(process)) is None:
            if over:
                return CUT
            if time.monotonic() > until_s:
                return f"it took longer than {LONGEST_S:.0f} s and was ended"
            over = self._over.wait(LOOK_EVERY_S)
        return "" if code == 0 else f"it failed ({how(code)})"

    def _keep(self, deed: Deed, number: int, printed: bytes) -> None:
        text = printed.decode(errors="replace")
        for secret in deed.action.secrets:
            text = text.replace(secret, HIDDEN)
        last = next((line.strip() for line in reversed(text.split("\n")) if line.strip()), "")
        deed.last_words = last[:LONGEST_LINE]
        with suppress(OSError):  # of a folder that is gone the store's keeper tells
            write_private(self._folder / f"run-{number}.log", text)

    def _now_ns(self) -> int:
        return time.perf_counter_ns() - self._opening_ns


def exit_code(process: subprocess.Popen[bytes]) -> int | None:
    """What it ended with (a signal: its number below zero); None while it runs.

    It is not reaped yet, where the system can look without that: until then nobody else can have its number, by which its group is ended.
    """
    if not hasattr(os, "waitid"):  # macOS, before Python 3.13
        return process.poll()
    found = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def how(code: int) -> str:
    """How a process ended.

    >>> how(3), how(-9)
    ('exit code 3', 'Killed')
    """
    return f"exit code {code}" if code > 0 else str(signal.strsignal(-code) or -code)


def keep(stream: IO[bytes], printed: bytearray) -> None:
    """Read all of it, so that nobody waits for us to, and keep its beginning."""
    with stream:
        while some := os.read(stream.fileno(), READ_BYTES):
            printed += some[: MOST_BYTES - len(printed)]


def end(process: subprocess.Popen[bytes]) -> None:
    """It and whatever it started and left behind in its group."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
