"""Keeps one faulty target at a time on a socket, and starts it again when it is told to (SIGUSR1).

``python -m tests.audit.supervisor FAULT FD``, for :class:`tests.audit.target.Faulty`. The socket stays open meanwhile, as
with systemd's. It imports nothing of ours, so that it is there at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType


class Supervisor:
    def __init__(self, fault: str, door: int) -> None:
        self.fault, self.door = fault, door
        self.service = self.started()
        signal.signal(signal.SIGUSR1, self.start_again)

    def started(self) -> subprocess.Popen[bytes]:
        words = ["-m", "tests.audit.target", self.fault, str(self.door)]
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


if __name__ == "__main__":
    Supervisor(sys.argv[1], int(sys.argv[2])).supervise()
