"""The servers: how each is set up and started, and how its database is asked for its accounts."""

import secrets
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.real.running import APPLICATIONS, door, gunicorn, run, running, uvicorn, wait_for

KINTO = "import sys; from kinto.__main__ import main; sys.exit(main(sys.argv[1:]))"
"""Its program, which a virtual environment of ours may lack: ``python -m kinto`` does nothing."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A server that runs."""

    url: str
    log: Path
    leader: subprocess.Popen[bytes]
    ask: Callable[[str], list[str]]
    """What a question in SQL finds in the server's own database: one column."""


def asking(database: Path) -> Callable[[str], list[str]]:
    """Asks a database of SQLite, beside the server that writes it."""

    def ask(question: str) -> list[str]:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as db:
            return [str(found) for (found,) in db.execute(question)]

    return ask


@contextmanager
def django(name: str, folder: Path, *, workers: int = 2, **env: str) -> Iterator[Site]:
    """A Django project, as ``manage.py migrate`` and gunicorn's sync workers have it."""
    database, log, home = folder / f"{name}.sqlite", folder / f"{name}.log", APPLICATIONS / name
    mine = {
        f"{name.upper()}_DATABASE": str(database),
        f"{name.upper()}_SECRET": secrets.token_urlsafe(40),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run("manage.py", "migrate", "--verbosity=0", folder=home, env=mine | env)
    with door() as (listening, url):
        words = gunicorn(listening, f"{name}.wsgi", f"--workers={workers}", "--worker-class=sync")
        with running(*words, at=listening, folder=home, env=mine | env, log=log) as leader:
            wait_for(url, leader, log)
            yield Site(url=url, log=log, leader=leader, ask=asking(database))


@contextmanager
def bearer(folder: Path, *, hash_cost: int = 14, threads: int = 40) -> Iterator[Site]:
    """A FastAPI application with bearer tokens, under uvicorn."""
    database, log, home = folder / "bearer.sqlite", folder / "bearer.log", APPLICATIONS / "bearer"
    env = {
        "ACCOUNTS_DATABASE": str(database),
        "ACCOUNTS_HASH_COST": str(hash_cost),
        "ACCOUNTS_THREADS": str(threads),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with door() as (listening, url):
        words = uvicorn(listening, "accounts:app")
        with running(*words, at=listening, folder=home, env=env, log=log) as leader:
            wait_for(f"{url}/count", leader, log)
            yield Site(url=url, log=log, leader=leader, ask=asking(database))


@contextmanager
def openid(folder: Path) -> Iterator[tuple[Site, Site]]:
    """A forum, and the identity provider that it sends everybody to."""
    home = APPLICATIONS / "openid"
    with door() as (one, forum_url), door() as (other, provider_url):
        env = {
            "OPENID_ISSUER": provider_url,
            "OPENID_REDIRECT_URI": f"{forum_url}/callback",
            "OPENID_CLIENT_SECRET": secrets.token_urlsafe(),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        databases = [folder / f"{name}.sqlite" for name in ("forum", "provider")]
        logs = [database.with_suffix(".log") for database in databases]
        words = [uvicorn(one, "forum:app"), uvicorn(other, "provider:app")]
        envs = [env | {"OPENID_DATABASE": str(database)} for database in databases]
        with (
            running(*words[0], at=one, folder=home, env=envs[0], log=logs[0]) as forum,
            running(*words[1], at=other, folder=home, env=envs[1], log=logs[1]) as provider,
        ):
            wait_for(forum_url, forum, logs[0])
            wait_for(provider_url, provider, logs[1])
            yield (
                Site(url=forum_url, log=logs[0], leader=forum, ask=asking(databases[0])),
                Site(url=provider_url, log=logs[1], leader=provider, ask=asking(databases[1])),
            )


@contextmanager
def kinto(folder: Path, initdb: str) -> Iterator[Site]:
    """Kinto with its accounts, in PostgreSQL, under gunicorn."""
    log, home = folder / "kinto.log", APPLICATIONS / "kinto"
    with postgres.postgres(initdb) as database, door() as (listening, url):
        env = {
            "KINTO_INI": str(home / "kinto.ini"),
            "KINTO_STORAGE_URL": database,
            "KINTO_PERMISSION_URL": database,
            "KINTO_USERID_HMAC_SECRET": secrets.token_hex(),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        run("-c", KINTO, "migrate", "--quiet", "--ini", env["KINTO_INI"], folder=home, env=env)
        words = gunicorn(listening, "served", "--workers=2", "--worker-class=sync")
        with running(*words, at=listening, folder=home, env=env, log=log) as leader:
            wait_for(url, leader, log)
            yield Site(url=url, log=log, leader=leader, ask=asking_postgres(database))


def asking_postgres(url: str) -> Callable[[str], list[str]]:
    """The same of PostgreSQL."""
    import psycopg

    def ask(question: str) -> list[str]:
        with psycopg.connect(url) as db:
            return [str(found) for (found,) in db.execute(question.encode())]

    return ask
