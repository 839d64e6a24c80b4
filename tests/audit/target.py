"""The reference target with one of the faults, under a supervisor who starts it again when he is told to (SIGUSR1).

``python -m tests.audit.target FAULT FD`` is started by :class:`Faulty`, as the service itself is by its own parent; a
``serve`` before it is the service without the supervisor.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from scenarios.http.line import TOKEN_VARIABLE
from scenarios.service.process import TargetProcess
from scenarios.service.server import SETTINGS_VARIABLE, serve_child
from scenarios.service.settings import Settings
from scenarios.service.web import service
from tests.audit.faults import FAULTS, RIGHT, Make

ROOT = Path(__file__).parents[2]
NO_FAULT = "none"


def make_of(fault: str) -> Make:
    return RIGHT if fault == NO_FAULT else FAULTS[fault].make


class Faulty(TargetProcess):
    """A target whose line has that fault."""

    def __init__(self, fault: str, settings: Settings) -> None:
        super().__init__(settings)
        self.fault = fault

    def _start(self, door: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.audit.target", self.fault, str(door)],
            stdin=subprocess.PIPE, stdout=self._log, stderr=self._log, pass_fds=[door], cwd=ROOT,
            env=os.environ
            | {TOKEN_VARIABLE: self.token, SETTINGS_VARIABLE: self.settings.to_json()},
            start_new_session=True,
        )  # fmt: skip

    @property
    def restart(self) -> str:
        """The command that starts it again."""
        return f"{sys.executable} -c 'import os; os.kill({self.pid}, {signal.SIGUSR1:d})'"


class Supervisor:
    """Keeps one service at a time on the socket, which stays open meanwhile."""

    def __init__(self, fault: str, door: int) -> None:
        self.fault, self.door = fault, door
        self.service = self.started()
        signal.signal(signal.SIGUSR1, self.start_again)

    def started(self) -> subprocess.Popen[bytes]:
        words = ["-m", "tests.audit.target", "serve", self.fault, str(self.door)]
        return subprocess.Popen(
            [sys.executable, *words], stdin=subprocess.PIPE, pass_fds=[self.door]
        )

    def start_again(self, _number: int, _frame: FrameType | None) -> None:
        self.service.kill()
        self.service.wait()
        self.service = self.started()

    def supervise(self) -> None:
        """Until whoever started us closes our input."""
        while os.read(0, 1):
            pass
        assert self.service.stdin is not None
        self.service.stdin.close()
        self.service.wait()


def serve(fault: str, door: int) -> None:
    settings = Settings.from_json(os.environ[SETTINGS_VARIABLE])
    with patch.object(service, "Line", make_of(fault)):
        serve_child(settings, socket.socket(fileno=door))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        Supervisor(sys.argv[1], int(sys.argv[2])).supervise()
