"""How master and workers meet, or why they do not: one may come later than the other, or be somebody else.

ZeroMQ connects again and again and Locust asks again and again, and neither says why nothing comes of it.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

import gevent
import zmq
from zmq.utils.monitor import parse_monitor_message

from scenarios.replay.last_words import Say
from scenarios.replay.workers import SECRET_VARIABLE, TO_UNDERSTAND_S

LOOK_EVERY_S = 0.2
INCONCLUSIVE = 3
"""Exit code of the process."""
SUCCEEDED = zmq.EVENT_HANDSHAKE_SUCCEEDED
FAILED = (
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)


@dataclass(slots=True)
class Handshakes:
    """How many ended in which way at this process's sockets: ZeroMQ tries again and again, and tells nobody."""

    succeeded: int = 0
    failed: int = 0
    met: bool = False
    """Whether this process's master has taken it on."""

    def count(self, socket: Any) -> None:
        """Those of one socket, from now on, beside everything else."""
        told = socket.get_monitor_socket(SUCCEEDED | FAILED)
        gevent.spawn(self.hear, told)

    def hear(self, told: Any) -> None:
        while True:
            event = parse_monitor_message(told.recv_multipart())["event"]
            if event == zmq.EVENT_MONITOR_STOPPED:
                return
            self.succeeded += event == SUCCEEDED
            self.failed += event != SUCCEEDED


HANDSHAKES = Handshakes()
"""Of this process: Locust makes its sockets itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Where the master is to be, and by when."""

    host: str
    port: int
    within_s: float

    def why_not(self, seen: Handshakes, waited_s: float, strange_s: float) -> str:
        """Why this worker goes; empty while it may still come to something.

        ``strange_s``: for how long whoever is there has understood nothing.
        """
        where = f"{self.host}:{self.port}"
        if not seen.succeeded and strange_s >= TO_UNDERSTAND_S:
            return (
                f"whoever listens at {where} does not know this worker's {SECRET_VARIABLE}: set the same at both"
                " ends, and name the address at which a replay --listens"
            )
        if waited_s < self.within_s:
            return ""
        if seen.succeeded:
            return f"the replay at {where} did not take this worker on within {self.within_s:.0f} s: start both again"
        return (
            f"no replay was reached at {where} within {self.within_s:.0f} s: start it there (--await N --listen"
            f" HOST:{self.port}), and let this machine reach that port"
        )

    def attend(self, say: Say) -> None:
        """Wait until the master has taken this worker on, or end the process, which has nothing to lose yet."""
        began_s = strange_from_s = time.monotonic()
        while not HANDSHAKES.met:
            now_s = time.monotonic()
            if not HANDSHAKES.failed:
                strange_from_s = now_s
            if why := self.why_not(HANDSHAKES, now_s - began_s, now_s - strange_from_s):
                say(why)
                os._exit(INCONCLUSIVE)
            gevent.sleep(LOOK_EVERY_S)


def too_few_came(came: int, of: int, within_s: float, strangers: int) -> str:
    """Why nobody was sent, in a sentence.

    >>> too_few_came(1, 2, 600, 0)
    "1 of 2 workers came within 600 s: start the others first, and let them reach this machine's port"
    """
    said = f"{came} of {of} workers came within {within_s:.0f} s"
    if strangers:
        return (
            f"{said}, and somebody came who does not know this {SECRET_VARIABLE}: set the same at both ends, and"
            " let nobody but workers reach this machine's port"
        )
    return f"{said}: start the others first, and let them reach this machine's port"
