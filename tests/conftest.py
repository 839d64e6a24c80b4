"""Databases of both kinds. Without PostgreSQL on this machine, its tests are skipped and say so."""

import signal
import sys
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
from tests.postgres import installed, postgres

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
    """A PostgreSQL server of our own."""
    initdb = installed()
    if initdb is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres(initdb) as url:
        yield url


def empty_schema(url: str) -> str:
    """A name space of its own in the test server, as a URL."""
    import psycopg

    name = f"test_{next(numbers)}"
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {name}".encode())
    return f"{url}&options=-csearch_path%3D{name}"
