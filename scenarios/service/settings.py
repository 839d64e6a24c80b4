"""How a target is set up."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scenarios.http.line import LineSettings, Policy
from scenarios.http.required import require, require_whole

URL_SCHEMES = ("postgresql", "postgres")


SIGNUP = "signup"
"""The endpoint, and the station that serves it."""
ENDPOINTS = ("verify", "read", "write", "pay")
"""What a station of its own may serve."""
SERVES = re.compile(r"verify|pay|(read|write)(/[A-Za-z0-9_.-]{1,64})?")
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
MOST_WORKERS = 1024
MOST_WAITING = 10**6
LONGEST_WORK_NS = 60 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSettings:
    """Workers that serve some endpoints and nothing else."""

    name: str
    serves: tuple[str, ...]
    """Endpoints: ``pay``, ``verify``, ``read`` or, of one thing alone, ``read/feed``."""
    workers: int = 1
    queue: int = 64
    """The waiting room: how many may wait for a worker; one more is turned away."""
    work_ns: int = 0
    """How long a core is busy with an answer, beside the database."""

    def __post_init__(self) -> None:
        of = f"station {self.name}'s "
        require(
            isinstance(self.name, str) and NAME.fullmatch(self.name) is not None,
            "station's name",
            self.name,
            "letters, digits, - and _",
        )
        require_whole(f"{of}workers", self.workers, 1, MOST_WORKERS)
        require_whole(f"{of}queue", self.queue, 0, MOST_WAITING)
        require_whole(f"{of}work_ns", self.work_ns, 0, LONGEST_WORK_NS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a target is told when it starts."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any free port."""
    workers: int = max(1, (os.cpu_count() or 1) - 1)
    queue: int = 64
    """The waiting room: how many signups may wait for a worker; one more is turned away."""
    hash_cost: int = 14
    """Binary logarithm of scrypt's n; 14 costs some 30 ms and 16 MiB."""
    release_rate_per_s: float | None = None
    """None: there is no line, the policy is open."""
    burst: int = 1
    poll_every_s: float = 2.0
    work_ns: int = 0
    """How long a core is busy with any answer but that to a signup, beside the database."""
    stations: tuple[StationSettings, ...] = ()
    """Who serves endpoints that are not to share the workers of the signup."""
    database: Path | str | None = None
    """A file, or the URL of a PostgreSQL server; None: a temporary file, removed at the end."""
    outbox: bool = False
    """Whether whoever signs up is told his code, and GET /outbox tells it; for rehearsals only."""

    def __post_init__(self) -> None:
        require_whole("port", self.port, 0, 65535)
        require_whole("workers", self.workers, 1, MOST_WORKERS)
        require_whole("queue", self.queue, 0, MOST_WAITING)
        require_whole("hash_cost", self.hash_cost, 1, 20)
        require_whole("work_ns", self.work_ns, 0, LONGEST_WORK_NS)
        _ = self.line
        self._require_one_station_each()

    def _require_one_station_each(self) -> None:
        names, taken = {SIGNUP}, dict[str, str]()
        for station in self.stations:
            require(station.name not in names, "station", station.name, "a name used once")
            names.add(station.name)
            for endpoint in station.serves:
                require(
                    isinstance(endpoint, str) and SERVES.fullmatch(endpoint) is not None,
                    f"station {station.name} serves what",
                    endpoint,
                    f"one of {', '.join(ENDPOINTS)}, or as read/feed or write/feed; the signup has"
                    " the workers and the queue of the target itself",
                )
                require(
                    endpoint not in taken,
                    f"station {station.name} serves what",
                    endpoint,
                    f"what no other station serves ({taken.get(endpoint)} does)",
                )
                taken[endpoint] = station.name

    @property
    def every_station(self) -> tuple[StationSettings, ...]:
        """The station of the signup, which serves whatever no other one does, and the others."""
        first = StationSettings(
            name=SIGNUP,
            serves=(SIGNUP,),
            workers=self.workers,
            queue=self.queue,
            work_ns=self.work_ns,
        )
        return (first, *self.stations)

    @property
    def line(self) -> LineSettings:
        if self.release_rate_per_s is None:
            return LineSettings(burst=self.burst, poll_every_s=self.poll_every_s)
        return LineSettings(
            policy=Policy.FIFO,
            release_rate_per_s=self.release_rate_per_s,
            burst=self.burst,
            poll_every_s=self.poll_every_s,
        )

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        fields = json.loads(text)
        database, stations = fields.pop("database"), fields.pop("stations")
        return cls(
            database=database if database is None or is_url(database) else Path(database),
            stations=tuple(
                StationSettings(**station | {"serves": tuple(station["serves"])})
                for station in stations
            ),
            **fields,
        )


def is_url(database: Path | str) -> bool:
    """Whether it is a PostgreSQL server, and not a file."""
    return isinstance(database, str) and urlsplit(database).scheme in URL_SCHEMES


def shown(database: Path | str) -> str:
    """What may be said of a database: a URL without the password that it may hold."""
    if not is_url(database):
        return str(database)
    parts = urlsplit(str(database))
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
