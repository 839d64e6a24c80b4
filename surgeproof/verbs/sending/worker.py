"""``surgeproof worker``: send a part of a replay that a master on another machine leads."""

from __future__ import annotations

import socket
from pathlib import Path

from scenarios.replay.generator import Child
from scenarios.replay.workers import (
    ELSEWHERE_S,
    SECRET_VARIABLE,
    address_of,
    secret_of_environment,
    worker,
)
from simulator.errors import InvalidRun, TargetRefused
from simulator.host.temporary import temporary_folder
from simulator.text.wording import format_duration
from simulator.units import NS_PER_S
from surgeproof.endings import tell

REFUSED = TargetRefused.exit_code
LOOK_EVERY_S = 1.0


def run(master: str, *, name: str | None) -> int:
    """Wait for the master, send the part that he gives, and end with him.

    Raises UsageError, InvalidRun or TargetRefused.
    """
    host, port = address_of(master)
    environment = {SECRET_VARIABLE: secret_of_environment()}
    called = name or socket.gethostname()
    tell(
        f"{called} waits for the replay at {host}:{port}, for {format_duration(ELSEWHERE_S * NS_PER_S)} at most; it must know the"
        f" same {SECRET_VARIABLE}, and says what to send"
    )
    with temporary_folder("surgeproof-worker-") as folder:
        log = Path(folder) / "worker.log"
        with worker(host, port, called, log, environment, ELSEWHERE_S, "--elsewhere") as child:
            while not child.ends_within(LOOK_EVERY_S):
                pass
        return concluded(child)


def concluded(child: Child) -> int:
    """Its exit code; raises what it said, where it could not do its part."""
    code = child.process.returncode
    if code == REFUSED:
        raise TargetRefused(child.said)
    if code:
        raise InvalidRun(child.said or child.last_words)
    tell(child.said or "the replay is over; its report is where the master runs")
    return 0
