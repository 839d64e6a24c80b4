"""The load generator's process (:mod:`scenarios.replay.child.__main__`), as its parent holds it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from scenarios.replay.last_words import heard
from simulator.errors import NotKept
from simulator.host.files import private, unkept

TO_END_S = 10.0
"""For the child to write its end after the surge's, or after being asked to stop."""


class Child:
    """A child process, as a context manager: when the block ends, it has ended, whatever happened.

    It has a session of its own, so that Ctrl-C reaches it only through us. We hold the other end of
    its standard input: it ends when we do (:mod:`scenarios.process.orphan`).
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path, words: int) -> None:
        self.process, self.log, self._words = process, log, words
        self.said = self.last_words = ""
        """What it said itself, and why it failed, if it did; known once it has ended."""

    @classmethod
    def of(
        cls,
        words: Sequence[str],
        log: Path,
        descriptors: Collection[int] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """Start Locust with that command line (:mod:`scenarios.replay.child.__main__`) and those open files.

        It reads LOCUST_* variables as options: it is given none.

        Raises NotKept where its log cannot be written, or no process be started.
        """
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("LOCUST_")}
        ours, its = os.pipe()
        try:
            with os.fdopen(private(log, os.O_TRUNC), "wb") as out:
                process = subprocess.Popen(
                    [
                        *(sys.executable, "-P", "-m", "scenarios.replay.child.__main__"),
                        *(*words, "--words", str(its)),
                    ],
                    cwd=log.parent,
                    env=inherited | dict(environment or {}),
                    stdin=subprocess.PIPE,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    pass_fds=[its, *descriptors],
                    start_new_session=True,
                )
        except OSError as error:
            os.close(ours)
            raise cannot_start(error, log) from error
        finally:
            os.close(its)
        return cls(process, log, ours)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.end()
        finally:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.said = heard(self._words)
            self.last_words = in_words(self.process.returncode, self.said)
            os.close(self._words)

    def ends_within(self, seconds: float) -> bool:
        """Whether it does, waiting no longer than that."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """Ask it to end, and make it; a second Ctrl-C makes it at once."""
        if self.process.poll() is not None:
            return
        try:
            self.signal(signal.SIGTERM)
            self.signal(signal.SIGCONT)  # were it frozen, it could not even end
            self.ends_within(TO_END_S)
        finally:
            if self.process.poll() is None:
                self.signal(signal.SIGKILL)
                self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Signal it and whatever it started; it leads a group of its own."""
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return  # it has just ended by itself; macOS says the latter then


def cannot_start(error: OSError, log: Path) -> NotKept:
    """Why there is no load generator."""
    if error.filename == str(log):
        return unkept(log, error)
    return NotKept(
        f"the load generator cannot be started ({error.strerror}): close other programs, or raise"
        " the limits of memory and processes (ulimit -a)"
    )


def in_words(code: int, said: str) -> str:
    """How a load generator ended that left no end record."""
    if said:
        return f"the load generator failed: {said}"
    if code == -signal.SIGKILL:
        return (
            "the load generator was killed (SIGKILL), perhaps by the kernel because memory ran out"
            " (dmesg shows it): if so, lower replay.demand_factor"
        )
    if code < 0:
        return f"the load generator was killed ({signal.strsignal(-code) or -code})"
    return f"the load generator exited with code {code} and no message"
