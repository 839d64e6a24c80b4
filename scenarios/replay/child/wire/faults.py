"""Why an attempt ended without an answer: one of few reasons, so that they can be counted."""

from __future__ import annotations

import errno
import socket
import ssl


class Broken(OSError):
    """An attempt that ended without an answer that can be read; its text is the reason."""


class HungUp(Broken):
    """The server closed the connection before it sent anything."""


class TooLate(Broken):
    """The time for the whole exchange is over."""

    def __init__(self) -> None:
        super().__init__("timed out")


FILES, PORTS, MEMORY = (
    "no more files can be opened here",
    "no more ports here",
    "no memory left here",
)
OURS = {
    errno.EMFILE: f"{FILES}: raise the limit of open files (ulimit -n)",
    errno.ENFILE: f"{FILES}: close other programs",
    errno.EADDRNOTAVAIL: f"{PORTS}: send from more machines, or keep connections alive",
    errno.ENOBUFS: f"{MEMORY} for a connection: close other programs",
    errno.ENOMEM: f"{MEMORY} for a connection: close other programs",
}
"""What this machine lacks for a connection, and the remedy: no target can be blamed for it."""
LACKS = (FILES, PORTS, MEMORY)
"""The same as reasons."""
REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "no route to host",
    errno.EHOSTUNREACH: "no route to host",
    errno.EMFILE: FILES,
    errno.ENFILE: FILES,
    errno.EADDRNOTAVAIL: PORTS,
    errno.ENOBUFS: MEMORY,
    errno.ENOMEM: MEMORY,
}


def reason_of(error: OSError) -> str:
    """Why a connection failed; whatever a socket raises has its words."""
    if isinstance(error, Broken):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate not trusted"
    if isinstance(error, ssl.SSLError):
        return "not TLS"
    if isinstance(error, socket.gaierror):
        return "unknown host name"
    if isinstance(error, TimeoutError):
        return "connecting took too long"
    return REASONS.get(error.errno or 0, type(error).__name__)
