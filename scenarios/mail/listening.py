"""The address of this machine at which mails are caught."""

from __future__ import annotations

import socket

from simulator.errors import UsageError


def listening(where: str) -> socket.socket:
    """A socket of an address of this machine. Raises UsageError where it cannot be had."""
    host, _, port = where.rpartition(":")
    host = host.strip("[]")
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, int(port)))
        found.listen(128)
        found.setblocking(False)  # noqa: FBT003 - it names itself
    except OSError as error:
        found.close()
        raise UsageError(
            f"mails cannot be caught at {where} (replay.mail.listen: {(error.strerror or '').lower()}): end"
            " the program that listens there, or choose another port and tell the target"
        ) from error
    return found
