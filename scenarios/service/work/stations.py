"""Who works on what: each endpoint goes to a station, which has its own workers and waiting room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from scenarios.service.settings import SIGNUP, Settings, StationSettings
from scenarios.service.work.answers import TurnedAway, asked_s
from scenarios.service.work.busy import after_toil
from scenarios.service.work.metrics import Metrics
from scenarios.service.work.workers import Done, Pool

T = TypeVar("T")


class Station:
    """A pool, and what its settings say of it."""

    def __init__(self, settings: StationSettings) -> None:
        self.settings = settings
        self.pool = Pool(settings.workers, settings.queue, settings.name)

    def health(self) -> dict[str, object]:
        return {
            "name": self.settings.name,
            "serves": list(self.settings.serves),
            "workers": self.pool.servers,
            "queue": self.pool.waiting_room,
            "in_service": self.pool.in_service,
            "waiting": self.pool.waiting,
            "retry_after_s": asked_s(self.pool.drained_in_s(self.pool.waiting_room)),
        }


class Stations:
    """All stations of a target; the first serves the signup, and whatever no other one does."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self.all = [Station(station) for station in settings.every_station]
        self.signup = self.all[0]
        self._by_endpoint = {name: found for found in self.all for name in found.settings.serves}
        self._metrics = metrics
        for station in self.all:
            metrics.watch(station.settings.name, station.pool)

    def of(self, endpoint: str, what: str = "") -> Station:
        """The station of ``read/feed``, or else of ``read``, or else the first."""
        for name in (f"{endpoint}/{what}", endpoint):
            if name in self._by_endpoint:
                return self._by_endpoint[name]
        return self.signup

    async def serve(self, endpoint: str, work: Callable[[], T], *, what: str = "") -> Done[T]:
        """Have work done, at the cost that the station's settings name; a signup's hash is its cost.

        Raises TurnedAway where the waiting room is full, or the server ends.
        """
        station = self.of(endpoint, what)
        cost_ns = 0 if endpoint == SIGNUP else station.settings.work_ns
        done = await outcome(station.pool.submit(after_toil(cost_ns, work)))
        if done is None:
            self._metrics.answered(endpoint, "turned_away")
            raise TurnedAway(station.pool.drained_in_s(station.pool.waiting))
        self._metrics.served(endpoint, done)
        return done

    def close(self) -> None:
        for station in self.all:
            station.pool.close()


async def outcome(job: Future[Done[T]] | None) -> Done[T] | None:
    """What came of some work; None: it was not taken on, or is given up."""
    if job is None:
        return None
    try:
        return await asyncio.wrap_future(job)
    except asyncio.CancelledError:  # the server ends, and nobody will do the work
        return None
