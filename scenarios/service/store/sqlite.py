"""A target's database in a file of SQLite."""

from __future__ import annotations

import functools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenarios.service.store.database import Row, Values
from scenarios.service.store.schema import schema

BUSY_S = 5
"""How long SQLite waits for a writer in another process."""


class Sqlite:
    """A file, in WAL mode: readers wait for nobody, and one writes at a time.

    A killed process loses nothing. A power failure may lose the last commits (``synchronous`` is
    NORMAL), which for a place in a line is a fair price, and for a payment is not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        # SQLite would let a second writer sleep and look again; a lock wakes him at once.
        self._writing = threading.Lock()
        self._db.execute("PRAGMA journal_mode = WAL")
        with self.transaction():
            for statement in schema(serial="INTEGER PRIMARY KEY", key="INTEGER", blob="BLOB"):
                self._db.execute(statement)

    @property
    def _db(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit: a statement is a transaction."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            # The thread that closes them all is not the one that opened them.
            db = sqlite3.connect(
                self._path, isolation_level=None, timeout=BUSY_S, check_same_thread=False
            )
            db.execute("PRAGMA synchronous = NORMAL")
            self._local.db = db
            self._opened.append(db)
        return db

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        return self._db.execute(in_sqlite(sql), values or {}).fetchall()

    @contextmanager
    def transaction(
        self,
        *,
        locks: str = "",  # noqa: ARG002 - who writes, writes alone
        durable: bool = False,
    ) -> Iterator[None]:
        db = self._db
        with self._writing:
            db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def close(self) -> None:
        for db in self._opened:
            db.close()


@functools.cache
def in_sqlite(sql: str) -> str:
    """SQLite calls the larger of two numbers their ``max``."""
    return sql.replace("greatest(", "max(").replace("least(", "min(")
