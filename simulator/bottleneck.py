"""How many people a second the stations can serve for ever: the slowest station decides.

What a station can serve is divided by what a person asks of it in the mean: of a pool the time for
which a server is busy (while it calls others, too), of a CPU that or the work of its cores, of a
quota the number of jobs. Attempts that fail are not counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.duration import Duration
from simulator.system import Journey, Station, StationKind, Step


@dataclass(slots=True)
class Asked:
    """What one person asks of a station, in the mean."""

    jobs: float = 0.0
    busy_ns: float = 0.0
    """For how long a server is taken."""
    work_ns: float = 0.0
    """What its cores have to do."""

    def add(self, jobs: float, busy_ns: float, work_ns: float) -> None:
        self.jobs += jobs
        self.busy_ns += busy_ns
        self.work_ns += work_ns


def people_per_s(
    mix: Mapping[int, float], journeys: Sequence[Journey], stations: Sequence[Station]
) -> float:
    """How many a second can be served of people who take these journeys in these shares."""
    asked = [Asked() for _ in stations]
    for number, share in mix.items():
        for step in journeys[number].steps:
            _ask(step, share, asked, stations)
    return min(map(served_per_s, stations, asked))


def _ask(step: Step, share: float, asked: Sequence[Asked], stations: Sequence[Station]) -> None:
    """Add what a share of a person asks at one step, of all stations that it needs."""
    own_ns = _mean_ns(step.service, stations[step.station])
    busy_ns = own_ns
    for call in step.calls:
        called_ns = _mean_ns(call.service, stations[call.station])
        asked[call.station].add(share, share * called_ns, share * called_ns)
        busy_ns += called_ns
    asked[step.station].add(share, share * busy_ns, share * own_ns)
    if step.holds is not None:
        asked[step.holds.station].add(share, share * step.holds.lasts.mean_ns(), 0.0)


def _mean_ns(own: Duration | None, station: Station) -> float:
    return (station.service if own is None else own).mean_ns()


def served_per_s(station: Station, asked: Asked) -> float:
    """How many people a second a station can serve for ever, as it is at the opening."""
    if not asked.jobs:
        return math.inf
    if station.kind is StationKind.QUOTA:
        return station.capacity_per_s / asked.jobs
    by_servers = station.instances * station.servers * 1e9 / asked.busy_ns
    if station.kind is StationKind.POOL or not asked.work_ns:
        return by_servers
    return min(by_servers, station.instances * station.cores * 1e9 / asked.work_ns)
