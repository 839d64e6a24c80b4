"""Files beside a launch: those that it names, and only those that lie in its own folder.

A launch file may come from a stranger, and what it names is read by whoever tries it, in CI with all
that CI may read. So a path that leads out of the folder, by itself or through a link, is opened only
where the user says so, and then too it must be a file: a pipe or a device may have no end.
"""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from simulator.host.named_files import NotRead

MOST_BYTES = 64 << 20
"""Of a file: a recording may be long."""
FLAG = "--allow-files"
SAVE = "save it as UTF-8; in a spreadsheet that is the format CSV UTF-8"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Beside:
    """Reads what a launch in a folder names."""

    folder: Path
    allow_files: bool = False
    """Anywhere, not in the folder only."""

    def __call__(self, named: str) -> str:
        """Raises :class:`NotRead`, or OSError."""
        path = self._resolved(named)
        if not self.allow_files and not path.is_relative_to(self.folder.resolve()):
            problem = "is outside the folder of the launch file"
            raise NotRead(problem, f"copy it there, or allow it with {FLAG}")
        return decoded(bytes_of(path))

    def _resolved(self, named: str) -> Path:
        """Where a path leads in the end."""
        try:
            return (self.folder / named).resolve()
        except (OSError, RuntimeError, ValueError):  # links in a circle, a zero character
            raise NotRead("is not a path to a file", "name a file") from None


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
