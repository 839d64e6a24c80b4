"""Files that are written: private where they hold what was measured, and a sentence where they cannot be.

Who may not write where he asked to made a mistake in his command (exit 2). A disk that is full or
fails, or too many open files, is nobody's mistake: it is a failure of our own (exit 3).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from simulator.errors import NotKept, SurgeproofError, UsageError

REMEDIES = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room: the quota of this user is used up",
    errno.EFBIG: "raise the limit of a file's size (ulimit -f)",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine: close some",
    errno.EIO: "the disk is failing: choose another one",
    errno.ENOMEM: "the machine has no memory left: close something, or ask for less",
    errno.EAGAIN: "no more processes can be started: close something, or raise ulimit -u",
}
"""What no command can be blamed for, and how each is mended."""
SQLITE_REMEDIES = {
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_IOERR: "check that the disk works and is not full, and that no file-size limit"
    " (ulimit -f) is reached",
    sqlite3.SQLITE_READONLY: "check that the folder can be written and was not moved",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and can be written, and that enough files may"
    " be open (ulimit -n)",
    sqlite3.SQLITE_BUSY: "another program has locked it: close that program",
    sqlite3.SQLITE_LOCKED: "another program has locked it: close that program",
    sqlite3.SQLITE_NOMEM: "the machine has no memory left: close something, or ask for less",
    sqlite3.SQLITE_CORRUPT: "another program damaged it: do not touch the folder",
    sqlite3.SQLITE_NOTADB: "another program overwrote it: do not touch the folder",
}
"""By SQLite's primary result codes."""


def private(path: Path, flags: int) -> int:
    """The descriptor of a new or emptied file that, whatever the umask, only its owner may read."""
    descriptor = os.open(path, flags | os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def write_private(path: Path, text: str) -> None:
    """Write, or overwrite, a file that only its owner may read."""
    with os.fdopen(private(path, os.O_TRUNC), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_new(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file that is not there yet, wholly or not at all; a ``private`` one only its owner may read.

    Raises FileExistsError; UsageError or NotKept where it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                if private:
                    os.fchmod(file.fileno(), 0o600)
                file.write(text)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise
    except OSError as error:
        raise unwritten(path, error) from error


def private_folder(path: Path) -> None:
    """Make a folder that nobody but its owner may enter, and those above it that are missing.

    Raises FileExistsError where it is there already.
    """
    for missing in reversed([each for each in path.parents if not each.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o700)
    path.mkdir()
    path.chmod(0o700)


def require_folder(path: Path, *, made: bool = False) -> None:
    """Raises UsageError where a file could not be made at a path, before what takes long is done for it.

    ``made``: the folders above it that are missing will be made.
    """
    folder = path.absolute().parent
    while made and not os.path.exists(folder):  # noqa: PTH110 - never raises
        folder = folder.parent
    if not os.path.isdir(folder):  # noqa: PTH112 - never raises
        problem = "is not a folder"
    elif not os.access(folder, os.W_OK | os.X_OK):
        problem = "cannot be written"
    else:
        return
    raise UsageError(f"cannot write {path}: {folder} {problem}; choose another place")


def unwritten(path: Path, error: OSError) -> SurgeproofError:
    """Why a file that the command names cannot be written: UsageError or NotKept."""
    remedy = REMEDIES.get(error.errno or 0)
    if remedy is None:
        return UsageError(f"{path}: cannot be written ({error.strerror}); choose another place")
    return NotKept(f"{path}: cannot be written ({error.strerror}); {remedy}")


def unkept(path: Path, error: OSError | sqlite3.Error) -> NotKept:
    """Why a file of a run that is under way cannot be written or read."""
    if not path.parent.exists():
        return removed(path.parent)
    if isinstance(error, sqlite3.Error) and not path.exists():
        return removed(path)
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        remedy = REMEDIES.get(error.errno or 0, "check that the folder can be written")
    else:
        reason = str(error)
        primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        remedy = SQLITE_REMEDIES.get(primary, "do not touch the folder during the run")
    return NotKept(f"{path}: cannot be used any more ({reason}); {remedy}, and run it again")


def removed(path: Path) -> NotKept:
    """That a file of a run is gone."""
    return NotKept(
        f"{path}: was removed or replaced while the run went on, and what it held is lost; leave the"
        " run's folder alone, and run it again"
    )
