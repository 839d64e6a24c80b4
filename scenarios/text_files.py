"""Text files that a launch or a person names: whole, in UTF-8, and files indeed."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from simulator.host.named_files import NotRead

MOST_BYTES = 64 << 20
"""Of a file: a recording may be long."""
SAVE = "save it as UTF-8; in a spreadsheet that is the format CSV UTF-8"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def bytes_of(path: Path) -> bytes:
    """Of a path without links: what has become one meanwhile is not followed.

    Raises :class:`NotRead`, or OSError.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRead("is not a file", "pipes, devices and folders are not read")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            found = file.read(MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(found) > MOST_BYTES:
        raise NotRead(f"is larger than {MOST_BYTES >> 20} MiB", "make it smaller")
    return found


def decoded(found: bytes) -> str:
    """The text, without a mark before it.

    Raises :class:`NotRead`, which names what it is instead of UTF-8.
    """
    if found.startswith(UTF_16):
        raise NotRead("is in UTF-16", SAVE)
    try:
        return found.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        if b"\0" in found[:1024]:
            raise NotRead("is not a text file", "name another file") from None
        problem = "is not in UTF-8 (perhaps in Latin-1 or Windows-1252)"
        raise NotRead(problem, SAVE) from None
