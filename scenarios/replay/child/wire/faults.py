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


REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "no route to host",
    errno.EHOSTUNREACH: "no route to host",
    errno.EMFILE: "no more files can be opened here",
    errno.ENFILE: "no more files can be opened here",
    errno.EADDRNOTAVAIL: "no more ports here",
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
