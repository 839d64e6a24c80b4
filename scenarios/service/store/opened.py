"""Which database a target keeps what it knows in: a file, or a server by its URL."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scenarios.service.settings import is_url
from scenarios.service.store.database import Database
from scenarios.service.store.postgres import open_postgres
from scenarios.service.store.sqlite import Sqlite
from simulator.errors import UsageError


def open_database(where: Path | str) -> Database:
    """The database in a file or at a URL, with its tables.

    Raises UsageError where it cannot be opened or written.
    """
    if is_url(where):
        return open_postgres(str(where))
    try:
        return Sqlite(Path(where))
    except sqlite3.Error as error:
        raise UsageError(f"cannot keep the line in {where}: {error}") from None
