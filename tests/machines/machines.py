"""Machines of a test: network namespaces on one bridge, each with addresses, and perhaps a monotonic clock, of its own.

They need root, iproute2 and util-linux. A machine's processes are ended with it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

NETWORK = "10.213.77"
"""Of addresses that no other machine sees: the bridge lies in a namespace, too."""


def why_not() -> str:
    """Why there can be no machines here; empty where there can."""
    if os.geteuid():
        return "only root has network namespaces"
    missing = [name for name in ("ip", "unshare", "nsenter") if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} missing (apt install iproute2 util-linux)"
    asked = [
        "unshare",
        "--net",
        "--time",
        "--monotonic",
        "1",
        "ip",
        "link",
        "add",
        "a",
        "type",
        "veth",
    ]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"no namespaces here ({done.stderr.strip()})" if done.returncode else ""


@dataclass
class Machine:
    """One of them."""

    name: str
    address: str
    ahead_s: int = 0
    """Its monotonic clock, less that of the machine on which the test runs."""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(
        self, *words: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """A module of Python, which runs there."""
        clock = ["unshare", "--time", "--monotonic", str(self.ahead_s)] if self.ahead_s else []
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, *clock, sys.executable, "-P", "-m", *map(str, words)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | dict(env or {}),
        )  # fmt: skip
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.communicate()


@contextmanager
def machines(*ahead_s: int) -> Iterator[tuple[Machine, ...]]:
    """So many, each with its clock ahead by so much, on one network."""
    word = secrets.token_hex(3)
    names = [f"sp{word}{number}" for number in range(len(ahead_s) + 1)]
    made = tuple(
        Machine(name, f"{NETWORK}.{number}", ahead)
        for number, (name, ahead) in enumerate(zip(names[1:], ahead_s, strict=True), start=1)
    )
    try:
        for name in names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("-n", names[0], "link", "add", "bridge", "type", "bridge")
        ip("-n", names[0], "link", "set", "bridge", "up")
        for number, machine in enumerate(made):
            connect(machine, names[0], number)
        yield made
    finally:
        for machine in made:
            machine.end()
        for name in names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def connect(machine: Machine, hub: str, number: int) -> None:
    """Lay a cable from a machine to the hub."""
    there = f"port{number}"
    ip(
        "-n",
        hub,
        "link",
        "add",
        there,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        machine.name,
    )
    ip("-n", hub, "link", "set", there, "master", "bridge", "up")
    ip("-n", machine.name, "address", "add", f"{machine.address}/24", "dev", "eth0")
    ip("-n", machine.name, "link", "set", "eth0", "up")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def line_of(process: subprocess.Popen[str], holds: str, most_s: float) -> str:
    """The first line that a process prints and that holds that word."""
    until_s = time.monotonic() + most_s
    assert process.stdout is not None
    said: Sequence[str] = []
    for line in process.stdout:
        said = [*said, line]
        if holds in line:
            return line
        assert time.monotonic() < until_s, said
    raise AssertionError("".join(said))
