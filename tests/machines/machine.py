"""A machine of its own: clocks that count from when it was switched on, a network card, a name, and processes.

It is switched off when its input closes, which happens even to who made it and was killed, and takes with it all that
runs on it: its namespaces have no names, so that nothing is left of it (namespaces(7), time_namespaces(7)).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.machines.switch import Port

ROOT = Path(__file__).parents[2]
NAMESPACES = ("--net", "--uts", "--mount", "--pid", "--time")
BOOT = 'echo "$0" > /proc/sys/kernel/hostname && ip link set lo up && echo on && exec cat'


class Machine:
    """One machine, on while its block lasts."""

    def __init__(self, name: str, address: str, port: Port, ahead_s: int) -> None:
        """Its monotonic clock is ``ahead_s`` ahead of this machine's."""
        self.name, self.address, self.port, self.ahead_s = name, address, port, ahead_s
        self._started: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        ahead = ("--monotonic", str(self.ahead_s), "--boottime", str(self.ahead_s))
        self._first = subprocess.Popen(
            ["unshare", *NAMESPACES, "--fork", "--kill-child", "--mount-proc", *ahead, "sh", "-c", BOOT, self.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert self._first.stdout is not None
            assert self._first.stdout.readline() == "on\n", f"{self.name} does not boot"
            (init,) = psutil.Process(self._first.pid).children()
            self._enter = ["nsenter", "--target", str(init.pid), *NAMESPACES, f"--wdns={ROOT}"]
            self._plug_in(init.pid)
        except BaseException:
            self.switch_off()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.switch_off()

    def _plug_in(self, init: int) -> None:
        device, mac = self.port.device, self.port.mac
        done("ip", "link", "set", "dev", device, "address", mac, "netns", str(init))
        done(*self._enter, "ip", "address", "add", f"{self.address}/24", "dev", device)
        done(*self._enter, "ip", "link", "set", "dev", device, "up")

    def start(
        self, log: Path, *words: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start a command there, as one who sits at it would; what it says goes to the log."""
        with log.open("wb") as out:
            started = subprocess.Popen(
                [*self._enter, *map(str, words)], stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, text=True, env=os.environ | dict(env or {}), start_new_session=True,
            )  # fmt: skip
        self._started.append(started)
        return started

    def switch_off(self) -> None:
        """Everything that runs on it is gone when this returns."""
        assert self._first.stdin is not None
        assert self._first.stdout is not None
        self._first.stdin.close()
        for process in (self._first, *self._started):
            process.wait()
        self._first.stdout.close()


def done(*words: str) -> None:
    subprocess.run(words, check=True)
