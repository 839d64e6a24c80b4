"""What a probe wrote, in figures: of its station, and of the rungs in its comments."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.text.quantities import parse_duration

RUNG = re.compile(r"^# +(\d+) +([\d.]+) ± \S+ +([\d.]+) ± ", re.MULTILINE)
LIMIT = re.compile(r"^# quota = \{ rate = \"([\d.e+]+)/s\", burst = (\d+) \}", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A closed loop."""

    at_once: int
    per_s: float
    answer_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """A station as it was measured."""

    name: str
    kind: str
    servers: int
    at_once: int
    """How many seconds of service are done in a second: servers, or cores that they share."""
    service_s: float
    cv: float
    inflation: tuple[float, ...]
    waiting_room: int
    round_trip_s: float
    rungs: tuple[Rung, ...]
    limit_per_s: float | None = None
    """A rate beyond which the probe was turned away."""

    @property
    def busy_s(self) -> float:
        """A service while all servers are busy."""
        known = min(max(1, self.at_once), len(self.inflation))
        return self.service_s * self.inflation[known - 1]

    @property
    def capacity_per_s(self) -> float:
        return self.at_once / self.busy_s

    @classmethod
    def of(cls, text: str) -> Probed:
        """From a file of stations.

        Raises ValueError where it has no station.
        """
        stations = tomllib.loads(text).get("station")
        if not stations:
            raise ValueError("the probe wrote no station")
        station: Mapping[str, Any] = stations[0]
        serves = station.get("serves") or {}
        law = next(iter(serves.values()), station["service"])
        limit = LIMIT.search(text)
        servers = int(station["servers"])
        return cls(
            name=station["name"],
            kind=station.get("kind", "pool"),
            servers=servers,
            at_once=min(servers, int(station.get("cores", servers))),
            service_s=parse_duration(law["mean"]) / 1e9,
            cv=float(law.get("cv", 0.0)),
            inflation=tuple(map(float, station.get("inflation", [1.0]))),
            waiting_room=int(station["waiting_room"]),
            round_trip_s=parse_duration(station.get("round_trip", "0 ms")) / 1e9,
            rungs=tuple(
                Rung(at_once=int(n), per_s=float(x), answer_s=float(r) / 1e3)
                for n, x, r in RUNG.findall(text)
            ),
            limit_per_s=float(limit[1]) if limit else None,
        )
