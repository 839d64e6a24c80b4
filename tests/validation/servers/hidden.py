"""A signup with something that no probe can see, since it begins when a file says so.

The file holds one word: ``lock`` (one request at a time, whatever the threads), ``quota`` (so many a
second, the others are told 429) or ``cache`` (cold: at first everything takes three times as long).
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.validation.servers.applications import Start, answered, wait

SWITCH = "VALIDATION_SWITCH"
"""The environment variable that names the file."""
QUOTA_PER_S, QUOTA_BURST = 20.0, 20.0
COLD, WARMS_IN_S = 3.0, 10.0
"""So many times as long at first; the surplus is 1/e of it after so long."""


class Hidden:
    """The application; one in each worker."""

    def __init__(self) -> None:
        self.lock, self.counting = threading.Lock(), threading.Lock()
        self.tokens, self.counted_s = QUOTA_BURST, time.monotonic()
        self.cold_since_s: float | None = None

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        word = switched()
        if word == "quota" and environ["REQUEST_METHOD"] == "POST" and not self.allowed():
            start("429 Too Many Requests", [("Content-Type", "application/json")])
            return [b"{}"]
        if word == "lock":
            return answered(environ, start, self.one_at_a_time)
        if word == "cache":
            return answered(environ, start, lambda factor: wait(factor * self.coldness()))
        return answered(environ, start, wait)

    def one_at_a_time(self, factor: float) -> None:
        with self.lock:
            wait(factor)

    def allowed(self) -> bool:
        """Whether there is a token."""
        with self.counting:
            now_s = time.monotonic()
            grown = self.tokens + (now_s - self.counted_s) * QUOTA_PER_S
            self.tokens, self.counted_s = min(QUOTA_BURST, grown), now_s
            if self.tokens < 1:
                return False
            self.tokens -= 1
            return True

    def coldness(self) -> float:
        """How many times as long everything takes now."""
        with self.counting:
            if self.cold_since_s is None:
                self.cold_since_s = time.monotonic()
            since_s = time.monotonic() - self.cold_since_s
        return 1 + (COLD - 1) * math.exp(-since_s / WARMS_IN_S)


def switched() -> str:
    """What is hidden now; nothing before there is a file."""
    try:
        return Path(os.environ[SWITCH]).read_text("ascii").strip()
    except FileNotFoundError:
        return ""


application = Hidden()
