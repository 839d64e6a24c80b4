"""Whether a target is on this machine, and by what this machine is known again."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import platform
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from scenarios.http.allow import Target

PORTS = {"http": 80, "https": 443}
DIGITS = 12
"""Of a fingerprint: enough to tell a team's machines apart."""


def on_this_machine(target: Target) -> bool:
    return all(ipaddress.ip_address(address).is_loopback for address in target.addresses)


def port_of(url: str) -> int:
    told = urlsplit(url)
    return told.port or PORTS[told.scheme]


def fingerprint() -> str:
    """By what this machine is known again, as hexadecimal digits; no name can be read from it.

    Its identity, its processor, how many cores this process may use, and the library that does the
    yardstick's work: where one of them is another, its pieces take another time.
    """
    told = (machine_id(), processor(), str(len(usable_cores())), ssl.OPENSSL_VERSION)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:DIGITS]


def machine_id() -> str:
    """As systemd and D-Bus keep it; elsewhere the name in the network."""
    with suppress(OSError):
        if told := Path("/etc/machine-id").read_text().strip():
            return told
    return platform.node()


def processor() -> str:
    """What the processor calls itself."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return f"{platform.machine()} {platform.processor()}"


def usable_cores() -> frozenset[int]:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))
