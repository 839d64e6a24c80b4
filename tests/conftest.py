"""Databases of both kinds. Without PostgreSQL on this machine, its tests are skipped and say so."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from scenarios.service.store.database import Database
from scenarios.service.store.opened import open_database
from simulator.plan import resolve
from simulator.plan.published.fit import fitted
from tests.plans import remembered

numbers = count()

# How long an example may take depends on the machine.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Whoever starts the tests with nohup, or in the background, means the tests: the commands that they
# start shall hear of a hang-up and of Ctrl-C.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def unchecked_charts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are held to Vega-Lite's schema by the tests of charts alone.

    Altair does so for every part of every chart, in a second and a half for each page; whoever looks
    at the sentences of a page has its charts drawn and not checked.
    """
    altair = sys.modules.get("altair")
    if altair is not None and not HELD_TO_SCHEMA & {*request.path.stem.split("_")}:
        monkeypatch.setattr(altair.utils.schemapi, "validate_jsonschema", lambda *_, **__: None)


@pytest.fixture(autouse=True, scope="session")
def each_demand_is_fitted_once() -> Iterator[None]:
    """Whichever test, and whichever command, asks for the arrivals behind published counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resolve, "fitted", remembered(fitted))
        yield


HELD_TO_SCHEMA = {"chart", "charts", "page", "picture"}
"""Words in the names of the modules whose tests make each kind of chart."""


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a target may keep things, with nothing there yet."""
    if request.param == "sqlite":
        return tmp_path / "target.sqlite"
    return empty_schema(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(where: Path | str) -> Iterator[Database]:
    opened = open_database(where)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own, reached through a socket in a folder that is removed again."""
    initdb = shutil.which("initdb", path=programs())
    if initdb is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="surgeproof-postgres-"))
    # The server refuses to run as root; a package that installs it makes a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def run(*words: str) -> None:
        subprocess.run(words, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    control = [str(Path(initdb).with_name("pg_ctl")), "-D", str(folder / "data")]
    try:
        run(initdb, "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "--no-sync")
        server = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(*control, "-w", "-o", server, "-l", str(folder / "log"), "start")
        yield f"postgresql:///postgres?host={folder}&user=tester"
        run(*control, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def programs() -> str:
    """Where programs are; Debian keeps those of PostgreSQL out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])


def empty_schema(url: str) -> str:
    """A name space of its own in the test server, as a URL."""
    import psycopg

    name = f"test_{next(numbers)}"
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {name}".encode())
    return f"{url}&options=-csearch_path%3D{name}"
