"""What a target serves with: stations, how many each serves at once, and how many may wait there.

It is told by the target itself, or by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from scenarios.http import bounded
from scenarios.http.allow import Target
from scenarios.http.answers.answer import json_object
from simulator.errors import UsageError
from simulator.scenario.words.terms import MOST

HEALTH = {"workers": "servers", "queue": "waiting_room"}
METRICS = {"signup_workers": "servers", "signup_queue_limit": "waiting_room"}
ONLY = "target"
"""The name of the one station of a target that names none."""
GENEROUS = 1000
"""A waiting room of which nobody tells, or saw the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStation:
    """A station of the target; None is what is not told."""

    name: str = ONLY
    serves: tuple[str, ...] = ()
    """The beginnings of the paths that are served here: ``read``, ``read/feed``."""
    servers: int | None = None
    waiting_room: int | None = None
    retry_after_s: float = 0.0
    """What a refusal asks to wait, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """All stations of a target, and who told of them."""

    stations: tuple[ToldStation, ...]
    """The first one serves what no other does."""
    source: str

    def of(self, path: str) -> ToldStation:
        """The station that serves a path: the one that names the longest part of it."""
        word = path.partition("?")[0].strip("/")
        named = [
            (len(beginning), number)
            for number, station in enumerate(self.stations)
            for beginning in station.serves
            if word == beginning or word.startswith(f"{beginning}/")
        ]
        return self.stations[max(named)[1] if named else 0]


async def find_capacity(
    client: httpx.AsyncClient, servers: int | None, waiting_room: int | None
) -> Capacity:
    """What the caller gives, of one station; where he does not give all, what the target tells.

    A waiting room that nobody tells of is taken to be generous.

    Raises UsageError where nobody tells of the servers.
    """
    if servers is not None and waiting_room is not None:
        only = ToldStation(servers=servers, waiting_room=waiting_room)
        return Capacity(stations=(only,), source="given to the probe")
    told = await ask(client)
    given = {"servers": servers, "waiting_room": waiting_room}
    stations = tuple(
        replace(
            station,
            servers=station.servers if servers is None else servers,
            waiting_room=station.waiting_room if waiting_room is None else waiting_room,
        )
        for station in told.stations
    )
    if any(station.servers is None for station in stations):
        raise UsageError(
            f"{bounded.url_of(client, '')} does not report its servers in /healthz or /metrics: measure"
            " them with surgeproof probe --ladder, or give --servers"
        )
    by_caller = [name for name, value in given.items() if value is not None]
    source = told.source + "".join(f", {name} given to the probe" for name in by_caller)
    if any(station.waiting_room is None for station in stations):
        source += f"; nobody tells of a waiting room: {GENEROUS:,} is generous, not measured"
        stations = tuple(
            replace(each, waiting_room=GENEROUS) if each.waiting_room is None else each
            for each in stations
        )
    return Capacity(stations=stations, source=source)


async def tells(target: Target) -> bool:
    """Whether a target tells how many requests it serves at once."""
    async with bounded.client_of(target) as client:
        told = await ask(client)
    return all(station.servers is not None for station in told.stations)


async def ask(client: httpx.AsyncClient) -> Capacity:
    """What the target tells, and where."""
    if told := read_health(await bounded.request(client, "GET", "/healthz")):
        return Capacity(stations=told, source="reported by /healthz")
    told = read_metrics(await bounded.request(client, "GET", "/metrics"))
    return Capacity(stations=told, source="reported by /metrics")


def read_health(answer: httpx.Response) -> tuple[ToldStation, ...]:
    """The stations that ``/healthz`` tells, or the one of which it tells a number."""
    found = json_object(answer.content)
    told = found.get("stations")
    tables = told if isinstance(told, list) else []
    stations = tuple(station_in(table) for table in tables if isinstance(table, dict))
    if stations:
        return stations
    only = counted(ToldStation(), found, HEALTH)
    return () if only == ToldStation() else (only,)


def station_in(table: Mapping[str, Any]) -> ToldStation:
    """One of several stations, as far as it is told in words that we know."""
    name, serves, asks_s = table.get("name"), table.get("serves"), table.get("retry_after_s")
    station = ToldStation(
        name=name if isinstance(name, str) else ONLY,
        serves=tuple(map(str, serves)) if isinstance(serves, list) else (),
        retry_after_s=float(str(asks_s)) if is_count(asks_s) else 0.0,
    )
    return counted(station, table, HEALTH)


def counted(
    station: ToldStation, found: Mapping[str, Any], names: Mapping[str, str]
) -> ToldStation:
    """The station with the numbers that are found under those names."""
    counts = {
        names[name]: round(value)
        for name, value in found.items()
        if name in names and is_count(value)
    }
    # No server at all is nothing that a station that serves could mean.
    return replace(
        station, servers=counts.get("servers") or None, waiting_room=counts.get("waiting_room")
    )


def is_count(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= MOST and value % 1 == 0


def read_metrics(answer: httpx.Response) -> tuple[ToldStation, ...]:
    """The one station of which metrics tell; at least a station of which nothing is known."""
    return (counted(ToldStation(), samples_in(answer), METRICS),)


def samples_in(answer: httpx.Response) -> Mapping[str, float]:
    """What a page of metrics tells, by name."""
    if answer.status_code != 200:
        return {}
    try:
        families = list(text_string_to_metric_families(answer.content.decode(errors="replace")))
    except (ValueError, LookupError, TypeError):  # the parser is written for well-formed text
        return {}
    return {sample.name: sample.value for family in families for sample in family.samples}


def read_cpu(answer: httpx.Response) -> float | None:
    """``process_cpu_seconds_total``, as Prometheus' client libraries tell it."""
    return samples_in(answer).get("process_cpu_seconds_total")
