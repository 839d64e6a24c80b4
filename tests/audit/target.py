"""The reference target with one of the faults: ``python -m tests.audit.target FAULT FD``.

:class:`Faulty` starts it as the service itself is started by its own parent, but under a supervisor, by whom it can be
started again.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
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
            [sys.executable, "-m", "tests.audit.supervisor", self.fault, str(door)],
            stdin=subprocess.PIPE, stdout=self._log, stderr=self._log, pass_fds=[door], cwd=ROOT,
            env=os.environ
            | {TOKEN_VARIABLE: self.token, SETTINGS_VARIABLE: self.settings.to_json()},
            start_new_session=True,
        )  # fmt: skip

    @property
    def restart(self) -> str:
        """The command that starts it again."""
        return f"{sys.executable} -c 'import os; os.kill({self.pid}, {signal.SIGUSR1:d})'"


def serve(fault: str, door: int) -> None:
    settings = Settings.from_json(os.environ[SETTINGS_VARIABLE])
    with patch.object(service, "Line", make_of(fault)):
        serve_child(settings, socket.socket(fileno=door))


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
