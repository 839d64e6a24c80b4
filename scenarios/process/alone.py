"""One replay or probe at a time to one target: two would be judged by each other's load.

Who sends holds a name in the kernel's own space of socket names (unix(7), "abstract"), which no two processes of
a machine can hold at once, whoever they belong to, and which is let go whatever ends its holder. So there is no
file that a killed run leaves behind. Linux has such names; elsewhere, and from another machine, nothing is noticed.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from simulator.errors import InvalidRun

CREDENTIALS = struct.Struct("iII")
"""``struct ucred``: process, user, group."""


@contextmanager
def alone(addresses: tuple[str, ...], port: int, called: str) -> Iterator[None]:
    """Until the block ends, nobody else here replays to that target, or probes it; ``called`` is how it is told.

    Raises InvalidRun where somebody does.
    """
    if sys.platform != "linux":
        yield
        return
    name = name_of(addresses, port)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as held:
        try:
            held.bind(name)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise InvalidRun(
                f"another replay or probe{holder(name)} is being sent to {called}: each would be judged by the load of"
                " both, so wait for its end, or stop it"
            ) from None
        held.listen(1)
        yield


def name_of(addresses: tuple[str, ...], port: int) -> bytes:
    """What is held: this machine is one target by whatever address, and any other by its first one."""
    here = all(ipaddress.ip_address(each).is_loopback for each in addresses)
    where = "here" if here else min(addresses)
    return f"\0surgeproof sends to {where} {port}".encode()


def holder(name: bytes) -> str:
    """Which process that is, where the kernel tells."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(1.0)
        asking.connect(name)
        told = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        return f" (process {CREDENTIALS.unpack(told)[0]})"
    return ""
