"""An application whose signups share a few connections to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres
from tests.validation.servers.site import Site, by_gunicorn

THREADS = 64
"""More than ever wait: what is short is connections, and who wants one stands in the pool's queue."""


@contextmanager
def pooled(folder: Path) -> Iterator[Site]:
    """gunicorn with threads, a pool of connections, and the database."""
    import psycopg

    initdb = postgres.installed()
    assert initdb is not None, "PostgreSQL is not installed"
    with postgres.postgres(initdb) as database:
        with psycopg.connect(database) as connection:
            connection.execute("CREATE TABLE accounts (id serial, at timestamptz DEFAULT now())")
        words = ("-k", "gthread", "--threads", str(THREADS))
        with by_gunicorn(*words, app="applications:pooled()", VALIDATION_DATABASE=database)(
            folder
        ) as site:
            yield site
