"""Temporary folders that do not stay behind, even of a process that was killed.

Each is held by a lock, which the kernel lets go of however its holder ends. So who makes the next
one knows what nobody holds any more, and removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A private folder, removed when the block ends; others of that prefix that nobody holds go too.

    Raises OSError where no temporary file can be made.
    """
    root = Path(tempfile.gettempdir())
    remove_left_behind(root, prefix)
    # Its name shows only once the lock is held: until then nobody takes it for one left behind.
    hidden = Path(tempfile.mkdtemp(prefix=f".{prefix}", dir=root))
    lock = os.open(hidden, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = hidden.rename(root / hidden.name.removeprefix("."))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def remove_left_behind(root: Path, prefix: str) -> None:
    """Remove this user's folders of that prefix whose holder is gone."""
    for folder in root.glob(f"{prefix}*"):
        with suppress(OSError):  # somebody else's, or just removed
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(lock).st_uid == os.getuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
