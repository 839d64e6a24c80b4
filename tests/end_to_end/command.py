"""The command line in a process of its own, and a launch small enough to rehearse in a test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

LAUNCH = """
format = 1

[launch]
name = "small"
story = "Thirty people a second, for as long as a test can wait."
opening = 2026-11-23T12:00:00+00:00
time_zone = "UTC"
horizon = "10 s"

[[people]]
name = "everybody"
client_timeout = "5 s"
retries = { attempts = 2, backoff = "200 ms", cap = "1 s", jitter = "full" }

[[surge]]
name = "opening"
shape = "milestones"
people = "everybody"
counts = "arrivals"
points = [["10 s", 300]]

[waitlist]
policy = "fifo"
release = { share_of_capacity = 0.75 }
poll_every = "500 ms"

[[station]]
name = "signup"
servers = 1
waiting_room = 64
service = { law = "lognormal", mean = "5 ms", cv = 0.2 }

[[journey]]
name = "signup"
[[journey.step]]
name = "create"
at = "signup"
request = { method = "POST", path = "/signup" }

[objectives.signup]
p50 = "1 s"
errors = 0.05

[variant.no-line]
waitlist.policy = "open"

[replay]
for = "3 s"
drain = "5 s"
"""


def surgeproof(
    *words: str, cwd: Path | None = None, env: dict[str, str] | None = None, timeout_s: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "surgeproof", *words],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        cwd=cwd,
        env=os.environ | (env or {}),
        check=False,
    )


def start(*words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a command in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "surgeproof", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | (env or {}),
        start_new_session=True,
    )


def interrupt_when(
    running: subprocess.Popen[str], ready: Callable[[], bool], with_: int = signal.SIGINT
) -> tuple[int, str, list[psutil.Process]]:
    """Signal a command once something is so: its exit code, what it said, whom it left behind."""
    deadline_s = time.monotonic() + 60
    watched = psutil.Process(running.pid)
    while not ready():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline_s, "it never came so far"
        os.sched_yield()
    family = watched.children(recursive=True)
    running.send_signal(with_)
    _, said = running.communicate(timeout=30)
    _, left = psutil.wait_procs(family, timeout=5)
    return running.returncode, said, left
