"""A target's database on a PostgreSQL server."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from scenarios.service.settings import shown
from scenarios.service.store.database import Row, Values
from scenarios.service.store.schema import schema
from simulator.errors import UsageError

CONNECT_S = 10
VALUE = re.compile(r":(\w+)")
SCHEMA_LOCK = 0x5347
"""Two targets that start at once would both make the tables."""


def open_postgres(url: str) -> Postgres:
    """The database at a URL, with its tables.

    Raises UsageError where it cannot be opened or written, or the driver is not installed.
    """
    try:
        import psycopg
    except ImportError:
        raise UsageError(
            f"cannot keep the line in {shown(url)}: the driver of PostgreSQL is not installed;"
            " install surgeproof[postgres]"
        ) from None
    connect = partial(psycopg.connect, url, autocommit=True, connect_timeout=CONNECT_S)
    try:
        return Postgres(connect)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"cannot keep the line in {shown(url)}: {reason}") from None


class Postgres:
    """One connection a thread; a broken one is replaced when it is next needed."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._local = threading.local()
        self._opened: list[Any] = []
        try:
            self._make_tables()
        except BaseException:
            self.close()
            raise

    def _make_tables(self) -> None:
        with self.transaction():
            self.rows(f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})")
            for statement in schema(
                serial="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", key="BIGINT", blob="BYTEA"
            ):
                self.rows(statement)

    @property
    def _db(self) -> Any:
        """This thread's connection, in autocommit: a statement is a transaction."""
        db = getattr(self._local, "db", None)
        if db is None or db.closed:
            db = self._connect()
            self._local.db = db
            self._opened.append(db)
        return db

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        cursor = self._db.execute(in_postgres(sql), values)
        found: list[Row] = cursor.fetchall() if cursor.description else []
        return found

    @contextmanager
    def transaction(
        self,
        *,
        locks: str = "",
        durable: bool = False,  # noqa: ARG002 - so is every commit, if the server is left as it is
    ) -> Iterator[None]:
        """All or nothing.

        The lock is taken by a statement of its own: the next one sees what was committed while we
        waited for it. In one statement with it, the others' tables would be those of before.
        """
        with self._db.transaction():
            if locks:
                self.rows(f"LOCK TABLE {locks} IN SHARE ROW EXCLUSIVE MODE")
            yield

    def close(self) -> None:
        for db in self._opened:
            db.close()


@functools.cache
def in_postgres(sql: str) -> str:
    return VALUE.sub(r"%(\1)s", sql)
