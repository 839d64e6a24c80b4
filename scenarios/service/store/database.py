"""Where a target keeps what it knows: a file of SQLite, or a PostgreSQL server by its URL.

The SQL of :mod:`scenarios.service.store.store` and :mod:`scenarios.service.store.tickets` is written once, in what
both understand: values are ``:named``, and the larger of two numbers is their ``greatest``. A dialect
puts that into its own words, and knows how to write alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]
Values = Mapping[str, object]


class Database(Protocol):
    """One database, usable from every thread; each has a connection of its own."""

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """Run one statement; outside a transaction it only reads."""

    def transaction(
        self, *, locks: str = "", durable: bool = False
    ) -> AbstractContextManager[None]:
        """All or nothing.

        ``locks`` names a table that nobody else writes to meanwhile; every statement then sees what
        the writers before have left. What is ``durable`` survives a power failure too.
        """

    def close(self) -> None:
        """Close the connections of all threads, which must have ended their work."""
