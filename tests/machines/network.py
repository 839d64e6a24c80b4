"""Machines that are joined by one switch."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.machines.machine import NAMESPACES, Machine
from tests.machines.switch import TUN, Port, Switch, Way

AT_ONCE = Way()
PROGRAMS = {"ip": "iproute2", "unshare": "util-linux", "nsenter": "util-linux"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A machine as it is wanted."""

    name: str
    way: Way = AT_ONCE
    ahead_s: int = 0
    """How much longer than this one it has been on."""


class Network:
    """The machines by their names, and what can happen between them."""

    def __init__(self, machines: dict[str, Machine], switch: Switch) -> None:
        self.machines, self.switch = machines, switch

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def ahead_ns(self, one: str, other: str) -> int:
        """One's monotonic clock less another's: exact, since each is this machine's and so many seconds."""
        return (self[one].ahead_s - self[other].ahead_s) * 10**9

    def cut(self, one: str, *others: str) -> None:
        """From now on nothing comes through between one and these, or anybody."""
        for other in others or self.machines.keys() - {one}:
            self.switch.apart.add(frozenset((self[one].port.number, self[other].port.number)))

    def mend(self) -> None:
        self.switch.apart.clear()


@contextmanager
def network(*ordered: Ordered) -> Iterator[Network]:
    """These machines, on and joined; when the block ends nothing is left of them."""
    with ExitStack() as stack:
        ports = []
        for number, each in enumerate(ordered, start=1):
            ports.append(Port(number, each.way))
            stack.callback(ports[-1].close)
        switch = stack.enter_context(Switch(ports))
        machines = {
            each.name: stack.enter_context(
                Machine(each.name, f"10.77.0.{port.number}", port, each.ahead_s)
            )
            for each, port in zip(ordered, ports, strict=True)
        }
        yield Network(machines, switch)


def why_not() -> str:
    """Why there can be none here; empty where there can."""
    if os.geteuid():
        return "machines need root, who may make namespaces"
    if lacking := [package for name, package in PROGRAMS.items() if shutil.which(name) is None]:
        return f"machines need {' and '.join(dict.fromkeys(lacking))}"
    if not Path(TUN).exists():
        return f"machines need {TUN}"
    asked = ["unshare", *NAMESPACES, "--fork", "--mount-proc", "--monotonic", "1", "true"]
    tried = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"machines need namespaces: {tried.stderr.strip()}" if tried.returncode else ""
