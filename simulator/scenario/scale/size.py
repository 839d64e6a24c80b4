"""What becomes of a station where there is so many times as much of everything."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.scale.numbers import (
    bursts_times,
    price_text,
    rates_times,
    rounded_up,
    times,
)
from simulator.scenario.scale.tables import Raw, inside, with_each
from simulator.scenario.words.costs import count_in
from simulator.scenario.words.stations import MOST_FACTORS
from simulator.scenario.words.terms import MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What becomes of a station: its instances, and what each of them has."""

    instances: float
    """Factor of their number, and of an autoscaler's limits."""
    servers: float
    """Factor of the servers and cores of each."""
    served: float
    """Factor of how many are served at once where services inflate: by an instance, or a queue."""
    waiting_room: float
    """Factor of the room of each: as the servers really become, so that the wait stays."""
    quota: float
    price: float
    """Factor of what one of it costs: an instance that is made smaller or larger costs its part."""

    @classmethod
    def of(cls, station: Mapping[str, Any], factor: float) -> Size:
        """Instances are multiplied where there are several, and each made smaller below one."""
        instances, servers = 1.0, factor
        scaler, there = station.get("autoscaler"), count_in(station)
        if scaler or there > 1 or isinstance(station.get("instances"), Mapping):
            fewest = min(there, (scaler or {}).get("floor", MOST))
            instances, servers = (factor, 1.0) if fewest * factor >= 1 else (
                1.0 / fewest, fewest * factor
            )  # fmt: skip
        each = servers_in(station)
        room = factor if each is None else rounded_up(each, servers) / each
        together = station.get("balance", "shared") == "shared"
        piece = int(station.get("cores") or each or 1)
        by_instance = "instances" in station or scaler is not None
        return cls(
            instances=instances,
            servers=servers,
            served=servers * (instances if together else 1.0),
            waiting_room=room,
            quota=factor,
            price=rounded_up(piece, servers) / piece if by_instance else 1.0,
        )

    def station(self, station: Raw) -> Raw:
        """A station, or what a variant lays over it, in that size."""
        number, whole = times(self.instances), times(self.quota)
        quota: dict[str, Callable[[Any], Any]] = {
            "rate": rates_times(self.quota),
            "burst": bursts_times(self.quota),
            "per_day": whole,
            "per_day_from_opening": whole,
        }
        return with_each(
            station,
            {
                "servers": times(self.servers),
                "cores": times(self.servers),
                "instances": self._instances,
                "cost": lambda cost: price_text(cost, self.price),
                "inflation": lambda factors: inflated(factors, self.served),
                "waiting_room": times(self.waiting_room),
                "autoscaler": inside({"floor": number, "ceiling": number}),
                "quota": inside(quota),
            },
        )

    def _instances(self, said: Any) -> Any:
        """So many times as many; what one of them is becomes smaller only where one is too much."""
        if not isinstance(said, dict):
            return rounded_up(said, self.instances)
        return with_each(
            {"count": 1, **said},
            {
                "count": times(self.instances),
                "servers": times(self.servers),
                "price": lambda price: price_text(price, self.price),
            },
        )


def servers_in(station: Mapping[str, Any]) -> int | None:
    """The servers of each instance of a station of a plain document; None: it does not say."""
    said = station.get("instances")
    of_instances = said.get("servers") if isinstance(said, Mapping) else None
    found = station.get("servers", of_instances)
    return None if found is None else int(found)


def slowness(station: Raw) -> float:
    """By what factor a service takes longer while every server is busy.

    >>> slowness({"servers": 2, "inflation": [1, 1.2, 1.5]}), slowness({"servers": 9})
    (1.2, 1.0)
    """
    factors = station.get("inflation", [1.0])
    instances = count_in(station) if station.get("balance", "shared") == "shared" else 1
    return float(factors[min((servers_in(station) or 1) * instances, len(factors)) - 1])


def inflated(factors: list[float], size: float) -> list[float]:
    """The factors of an inflation where so many times as many are served at once: all are all.

    One alone takes its own time in any size.

    >>> inflated([1, 1.2, 1.5, 2], 0.5), inflated([1, 1.5], 2.0)
    ([1, 2], [1, 1, 1.5, 1.5])
    """
    many = min(MOST_FACTORS, rounded_up(len(factors), size))
    places = (math.ceil(round(number / size, 6)) for number in range(2, many))
    between = (factors[min(place, len(factors)) - 1] for place in places)
    return [1, *between, factors[-1]] if many > 1 else [1]
