"""Whether a target is on this machine, and by what this machine is known again."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import platform
import ssl
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scenarios.http.allow import Target

KEY = b"surgeproof yardstick"
"""Of this use alone, as systemd asks of whoever derives something from a machine's identity."""
DIGITS = 12
"""Of a fingerprint: enough to tell a team's machines apart."""


def on_this_machine(target: Target) -> bool:
    return all(ipaddress.ip_address(address).is_loopback for address in target.addresses)


def fingerprint() -> str:
    """By what this machine is known again, as hexadecimal digits; empty where nothing tells it.

    Its identity, its processor, how many cores this process may use, and the library that does the
    yardstick's work: where one of them is another, its pieces take another time. A name is never a part
    of it, since names can be guessed.
    """
    identity = machine_id()
    if not identity:
        return ""
    told = (identity, processor(), str(len(usable_cores())), ssl.OPENSSL_VERSION)
    return hmac.new(KEY, "\n".join(told).encode(), hashlib.sha256).hexdigest()[:DIGITS]


def machine_id(
    files: Sequence[Path] = (Path("/etc/machine-id"), Path("/proc/sys/kernel/random/boot_id")),
) -> str:
    """As systemd and D-Bus keep it; in a container without one, that of the host's last start."""
    for file in files:
        with suppress(OSError):
            if told := file.read_text().strip():
                return told
    return ""


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
