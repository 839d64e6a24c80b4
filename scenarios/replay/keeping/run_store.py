"""The run's store, as the replay's parent uses it while the run goes on; and his heir, should he die."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from simulator.host.files import removed, unkept

BUSY_S = 5.0
"""How long a writer waits for another one."""

Identity = tuple[int, int]
"""A file's device and number."""


@contextmanager
def keeping(db: Path) -> Iterator[None]:
    """Say in a sentence why something could not be written into the store, or read.

    Raises NotKept.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise unkept(db, error) from error


@contextmanager
def stored(db: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a store that is there.

    Raises NotKept where it is gone or cannot be used.
    """
    with keeping(db), closing(connected(db)) as store:
        yield store


def connected(db: Path) -> sqlite3.Connection:
    """A store that is gone is not made anew: it would hold nothing of what was measured."""
    return sqlite3.connect(f"{db.resolve().as_uri()}?mode=rw", timeout=BUSY_S, uri=True)


def identity(db: Path) -> Identity:
    """Which file the store is.

    Raises NotKept where it is gone.
    """
    try:
        found = db.stat()
    except OSError:
        raise removed(db if db.parent.exists() else db.parent) from None
    return found.st_dev, found.st_ino


def require_same(db: Path, known: Identity) -> None:
    """Raises NotKept where the store is not the file any more that is being written."""
    if identity(db) != known:
        raise removed(db)
