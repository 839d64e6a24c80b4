"""The target as a child process, ended whatever happens."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx

from scenarios.http.allow import secret
from scenarios.http.line import TOKEN_VARIABLE, LineSettings
from scenarios.service.server import SETTINGS_VARIABLE, bind, check_database, url_of
from scenarios.service.settings import Settings
from simulator.errors import Misbehaved, Unreachable

START_DEADLINE_S = 20.0
END_DEADLINE_S = 5.0


class TargetProcess:
    """A reference target on this machine, as a context manager.

    The parent makes the socket and the child inherits it: the address is known at once, and whoever
    connects before the child is ready waits for it. The child ends when its standard input closes,
    which happens even to a parent that is killed. It has a session of its own, so that a Ctrl-C in
    the terminal reaches the parent alone, and the parent decides.
    """

    def __init__(self, settings: Settings, *, log: Path | None = None) -> None:
        self.settings = settings
        self._log_path = log
        # that of the environment, so that whoever sets a target's line by it sets this one's too
        self.token = secret(TOKEN_VARIABLE) or secrets.token_urlsafe(32)

    def __enter__(self) -> Self:
        check_database(self.settings)
        self._log = open_log(self._log_path)
        try:
            with bind(self.settings.host, self.settings.port) as door:
                self.url = url_of(door)
                self._child = self._start(door.fileno())
        except BaseException:
            self._log.close()
            raise
        try:
            self.health()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, door: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "scenarios.service", str(door)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            pass_fds=[door],
            env=os.environ
            | {TOKEN_VARIABLE: self.token, SETTINGS_VARIABLE: self.settings.to_json()},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    def health(self) -> dict[str, Any]:
        """What GET /healthz tells.

        Raises Unreachable where the target has ended or does not answer in time.
        """
        return self._ask("GET", "/healthz")

    def set_line(self, line: LineSettings, *, clear: bool = True) -> None:
        """Turn the levers of the running line; ``clear`` empties it and fills its bucket."""
        self._ask("POST", "/admin/line", line.levers(clear=clear))

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            answer = httpx.request(
                method,
                self.url + path,
                json=body,
                headers={"Authorization": f"Bearer {self.token}"},
                timeout=START_DEADLINE_S,
                trust_env=False,
            )
        except httpx.TransportError as error:
            raise Unreachable(
                f"the target at {self.url} does not answer ({type(error).__name__}){self._last_words()}"
            ) from None
        if answer.status_code != 200:
            raise Misbehaved(
                f"{method} {path} of the target gave {answer.status_code}: {answer.text}"
            )
        found: dict[str, Any] = answer.json()
        return found

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").split("\n")
        last = next((line for line in reversed(lines) if line.strip()), "")
        return f"; its last words: {last.strip()}" if last else ""

    def stop(self) -> int:
        """End the child, by closing its input or, if it does not listen, by force.

        What it exited with: 0 if it ended in good order.
        """
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            return self._child.wait(END_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            return self._child.wait()
        finally:
            self._log.close()


def open_log(path: Path | None) -> IO[bytes]:
    """Where the child's standard error goes; without a path, a file that is removed at the end.

    It is appended to, so that reading it does not move the place at which the child writes.
    """
    return tempfile.TemporaryFile("a+b") if path is None else path.open("a+b")
