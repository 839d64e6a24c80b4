"""The configurations: each as its documentation sets it up, and what its operator knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.validation.servers import database, feedback, line, proxies
from tests.validation.servers.site import (
    Configuration,
    Limit,
    Line,
    Site,
    by_gunicorn,
    by_uvicorn,
    waitress,
)

WAITING = "applications:waiting"
GUNICORN, UVICORN = ("gunicorn",), ("uvicorn",)
LIMIT_PER_S, BURST = 15, 10
ROOM = 10
QUEUE_S = 3
AT_ONCE = 6


@contextmanager
def reference(folder: Path) -> Iterator[Site]:
    """Our own target, which tells how long each service took."""
    with TargetProcess(Settings(workers=1, queue=64, hash_cost=14)) as target:
        yield Site(url=target.url, family=(target.pid,))


CONFIGURATIONS = (
    Configuration(
        name="gunicorn sync 1", start=by_gunicorn("-w", "1"), servers=1, packages=GUNICORN,
    ),
    Configuration(
        name="gunicorn sync 2", start=by_gunicorn("-w", "2"), servers=2, packages=GUNICORN,
    ),
    Configuration(
        name="gunicorn sync 4, waiting", start=by_gunicorn("-w", "4", app=WAITING), servers=4,
        packages=GUNICORN,
    ),
    Configuration(
        name="gunicorn gthread 4", servers=2, packages=GUNICORN,
        start=by_gunicorn("-w", "1", "-k", "gthread", "--threads", "4"),
    ),
    Configuration(
        name="gunicorn gthread 4, waiting", servers=4, packages=GUNICORN,
        start=by_gunicorn("-w", "1", "-k", "gthread", "--threads", "4", app=WAITING),
    ),
    Configuration(
        name="uvicorn 1, on its loop", start=by_uvicorn("applications:on_the_loop"), servers=1, packages=UVICORN,
    ),
    Configuration(
        name="uvicorn 1, in threads", start=by_uvicorn("applications:in_threads"), servers=2, packages=UVICORN,
    ),
    Configuration(
        name="uvicorn 2", start=by_uvicorn("applications:on_the_loop", workers=2), servers=2, packages=UVICORN,
    ),
    Configuration(name="waitress 4, waiting", start=waitress, servers=4, packages=("waitress",)),
    Configuration(
        name="pool of 3 connections", start=database.pooled, servers=3,
        packages=("gunicorn", "psycopg", "psycopg-pool"), programs=("postgres",),
    ),
    Configuration(
        name="HAProxy, timeout queue", start=proxies.haproxy(queue=f"{QUEUE_S}s", app=WAITING), servers=2,
        packages=GUNICORN, programs=("haproxy",), told={"sheds_after": f"{QUEUE_S} s"},
    ),
    Configuration(
        name="HAProxy, bounded queue", start=proxies.haproxy(room=ROOM), servers=2,
        packages=GUNICORN, programs=("haproxy",), told={"waiting_room": ROOM},
    ),
    Configuration(
        name="nginx limit_req, no delay", servers=2, packages=GUNICORN, programs=("nginx",),
        start=proxies.limit_req(LIMIT_PER_S, BURST, delay=False),
        limit=Limit(rate_per_s=LIMIT_PER_S, burst=BURST + 1, waiting_room=0), servers_told=True,
    ),
    Configuration(
        name="nginx limit_req, delay", servers=2, packages=GUNICORN, programs=("nginx",),
        start=proxies.limit_req(LIMIT_PER_S, BURST, delay=True),
        limit=Limit(rate_per_s=LIMIT_PER_S, burst=1, waiting_room=BURST), servers_told=True,
    ),
    Configuration(
        name="nginx limit_conn", start=proxies.limit_conn(AT_ONCE), servers=2, packages=GUNICORN,
        programs=("nginx",), told={"waiting_room": AT_ONCE - 2},
    ),
    Configuration(name="reference target", start=reference, servers=1),
    Configuration(
        name="a line of slots", start=by_uvicorn("line:slots"), servers=line.SERVERS, packages=UVICORN,
        line=Line(release=line.RELEASE, poll_every=f"{line.POLL_S} s"),
    ),
    Configuration(
        name="a line by feedback", start=by_uvicorn("feedback:feedback"), servers=line.SERVERS,
        packages=UVICORN, line=Line(release=feedback.RELEASE, poll_every=f"{line.POLL_S} s"),
    ),
)  # fmt: skip
