"""A launch of another size: so many times as many people, met by so many times the system.

It works on the plain document, and on what a variant lays over it: there, an entry of an array goes
by its name. Rates and counts of people are multiplied; servers, slots and whatever else is whole is
rounded up, so that a smaller launch has at least one of each. Times, shares and what a single person
does stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.words.changes import RELATIVE, relative_servers, station_lever
from simulator.scenario.words.costs import count_in
from simulator.scenario.words.stations import MOST_FACTORS
from simulator.scenario.words.terms import MOST
from simulator.text.money import PRICE
from simulator.text.quantities import UNITS_PER_S, parse_rate_from_zero

DIGITS = 4
"""Of what is multiplied: within 0.05 % of what it was."""

Raw = dict[str, Any]
OF_PEOPLE = ("size", "market", "capacity", "invited")
OF_RATE = ("rate", "first", "last", "peak")
OF_FEEDBACK = ("first", "lowest", "highest", "step")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How many times as large a launch becomes, and each station of it."""

    factor: float
    stations: Mapping[str, Size]

    @classmethod
    def of(cls, document: Mapping[str, Any], factor: float) -> Scale:
        """That of a valid document."""
        sizes = {entry["name"]: Size.of(entry, factor) for entry in document["station"]}
        return cls(factor=factor, stations=sizes)

    def roomier(self, document: Mapping[str, Any]) -> dict[str, float]:
        """How many times its part of the system each station has, since servers are whole."""
        return {
            entry["name"]: many / (self.factor * there) * self._quicker(entry)
            for entry in document["station"]
            if (there := entry.get("cores") or servers_in(entry))
            for size in [self.stations[entry["name"]]]
            for many in [
                rounded_up(there, size.servers)
                * rounded_up(count_in(entry), size.instances)
                / count_in(entry)
            ]
        }

    def _quicker(self, station: Raw) -> float:
        """How many times as fast each server is while all are busy: fewer may inflate less."""
        return slowness(station) / slowness(self._station(station["name"], station))

    def document(self, table: Mapping[str, Any]) -> Raw:
        """The whole document, or what a variant lays over it."""
        within: dict[str, Callable[[Any], Any]] = {
            "people": lambda groups: each(groups, self._group),
            "surge": lambda surges: each(surges, self._surge),
            "waitlist": self._waitlist,
            "station": self._stations,
            "change": lambda changes: each(changes, self._change),
            "replay": inside({"demand_factor": self._as_many_visitors}),
            "variant": lambda variants: each(variants, self.document),
        }
        return with_each(table, within)

    def _group(self, group: Raw) -> Raw:
        refers = {"places": self._up}
        retries = {"budget_burst": self._up}
        return with_each(
            group,
            {"refers": inside(refers), "retries": inside(retries)},
        )

    def _surge(self, surge: Raw) -> Raw:
        people = dict.fromkeys(OF_PEOPLE, self.people)
        rates = dict.fromkeys(OF_RATE, self.rate)
        others: dict[str, Callable[[Any], Any]] = {
            "crowd": lambda crowd: round(self.people(crowd)),
            "points": lambda points: [self._pair(point, "count") for point in points],
            "batches": lambda batches: [self._pair(batch, "invited") for batch in batches],
            "counts": self._recorded,
            "ceiling": self._ceiling,
        }
        return with_each(surge, {**people, **rates, **others})

    def _ceiling(self, ceiling: Any) -> Any:
        if isinstance(ceiling, dict):
            return with_each(ceiling, dict.fromkeys(("low", "likely", "high"), self.people))
        return self.people(ceiling)

    def _pair(self, entry: Any, word: str) -> Any:
        if isinstance(entry, dict):
            return with_each(entry, {word: self.people})
        return [entry[0], self.people(entry[1])]

    def _recorded(self, counts: Any) -> Any:
        """Of a recording; the milestones' word of this name is a text."""
        if isinstance(counts, str):
            if not counts.replace(".", " ").replace(" ", "").isdigit():
                return counts
            counts = [float(count) for count in counts.split()]
        return [self.people(count) for count in counts]

    def _waitlist(self, line: Raw) -> Raw:
        feedback: dict[str, Callable[[Any], Any]] = {
            "limit": lambda limit: limit if isinstance(limit, str) else self._up(limit),
            **dict.fromkeys(OF_FEEDBACK, self.rate),
        }
        release: dict[str, Callable[[Any], Any]] = {
            "rate": self.rate,
            "burst": self._burst,
            "batch": inside({"size": self._up}),
            "slots": inside({"total": self._up, "per_minute": self._up}),
            "feedback": inside(feedback),
        }
        return with_each(line, {"places": self._up, "release": inside(release)})

    def _stations(self, stations: Any) -> Any:
        if isinstance(stations, dict):
            return {name: self._station(name, entry) for name, entry in stations.items()}
        return [self._station(entry["name"], entry) for entry in stations]

    def _station(self, name: str, station: Raw) -> Raw:
        size = self.stations.get(name) or Size.of(station, self.factor)
        number = times(size.instances)
        return with_each(
            station,
            {
                "servers": times(size.servers),
                "cores": times(size.servers),
                "instances": lambda said: self._instances(said, size),
                "cost": lambda cost: price_text(cost, size.price),
                "inflation": lambda factors: inflated(factors, size.served),
                "waiting_room": times(size.waiting_room),
                "autoscaler": inside({"floor": number, "ceiling": number}),
                "quota": inside(
                    {
                        "rate": self.rate,
                        "burst": self._burst,
                        "per_day": self._up,
                        "per_day_from_opening": self._up,
                    }
                ),
            },
        )

    def _instances(self, said: Any, size: Size) -> Any:
        """So many times as many; what one of them is becomes smaller only where one is too much."""
        if not isinstance(said, dict):
            return rounded_up(said, size.instances)
        return with_each(
            {"count": 1, **said},
            {
                "count": times(size.instances),
                "servers": times(size.servers),
                "price": lambda price: price_text(price, size.price),
            },
        )

    def _change(self, change: Raw) -> Raw:
        value = change.get("set")
        if isinstance(value, str):
            return {**change, "set": self._relative(value, change.get("station"))}
        if isinstance(value, dict):
            return {**change, "set": {key: self._lever(key, v) for key, v in value.items()}}
        return change

    def _relative(self, text: str, station: str | None) -> str:
        """So many servers more or fewer, at the station that is named or the only one."""
        if RELATIVE.fullmatch(text.strip()) is None:
            return text
        size = self.stations.get(station or "") or next(iter(self.stations.values()))
        by = relative_servers(text)
        many = rounded_up(abs(by), size.servers)
        return f"{'-' if by < 0 else '+'}{many} {'server' if many == 1 else 'servers'}"

    def _lever(self, key: str, value: Any) -> Any:
        if key == "waitlist.release.rate":
            return self.rate(value)
        if key == "waitlist.release.slots.total":
            return self._up(value)
        if (found := station_lever(key)) is None or found[0] not in self.stations:
            return value
        size = self.stations[found[0]]
        if found[1] == "quota.rate":
            return self.rate(value)
        return rounded_up(value, size.waiting_room if found[1] == "waiting_room" else size.servers)

    def people(self, count: float) -> float:
        """How many people, a whole number where there are a thousand."""
        return significant(count * self.factor)

    def rate(self, rate: str) -> str:
        """A rate in words."""
        return rate_text(parse_rate_from_zero(rate) * self.factor)

    def _as_many_visitors(self, demand_factor: float) -> float:
        """A rehearsal is not larger because its launch is."""
        return significant(demand_factor / self.factor)

    def _up(self, number: int) -> int:
        return rounded_up(number, self.factor)

    def _burst(self, burst: int) -> int:
        """One at a time is one at a time in any size."""
        return burst if burst == 1 else self._up(burst)


def times(factor: float) -> Callable[[int], int]:
    """So many times a whole number."""
    return lambda number: rounded_up(number, factor)


def rounded_up(number: int, factor: float) -> int:
    """A whole number that is at least one; none of them stays none.

    >>> rounded_up(2, 0.3), rounded_up(10, 0.3), rounded_up(0, 7.0)
    (1, 3, 0)
    """
    return min(MOST, math.ceil(round(number * factor, 6))) or min(number, 1)


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


def significant(value: float) -> float:
    """A few digits of a number; whole from a thousand on.

    >>> significant(123_456.0), significant(0.123456), significant(0.0)
    (123500, 0.1235, 0)
    """
    if value == 0:
        return 0
    places = DIGITS - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    return int(rounded) if rounded == int(rounded) else rounded


def rate_text(per_s: float) -> str:
    """A rate as people write it, which :func:`parse_rate` reads.

    >>> rate_text(1_234.56), rate_text(0.5), rate_text(1 / 86_400)
    ('1_235/s', '30/min', '1/day')
    """
    numbers = {unit: significant(per_s * seconds) for unit, seconds in UNITS_PER_S.items()}
    unit, number = next((u_n for u_n in numbers.items() if u_n[1] >= 1), ("day", numbers["day"]))
    return f"{plain_number(number)}/{unit}"


def price_text(price: str, factor: float) -> str:
    """So many times a price, as people write it.

    >>> price_text("0.40 EUR/h", 0.5), price_text("0.40 EUR/h", 1.0)
    ('0.2 EUR/h', '0.40 EUR/h')
    """
    if factor == 1.0 or (match := PRICE.fullmatch(price.strip())) is None:
        return price
    number, currency, unit = match.groups()
    return f"{plain_number(significant(float(number) * factor))} {currency}/{unit}"


def plain_number(number: float) -> str:
    """Without an exponent, which no file has."""
    return f"{number:_}" if isinstance(number, int) else f"{number:.12f}".rstrip("0")


def each(entries: Any, change: Callable[[Raw], Raw]) -> Any:
    """Every table of an array, or of a table that names them."""
    if isinstance(entries, dict):
        return {name: change(entry) for name, entry in entries.items()}
    return [change(entry) for entry in entries]


def with_each(table: Mapping[str, Any], changes: Mapping[str, Callable[[Any], Any]]) -> Raw:
    """The table with some of its values changed."""
    return {key: changes[key](value) if key in changes else value for key, value in table.items()}


def inside(changes: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """What changes some values of a table within a table."""
    return lambda table: with_each(table, changes) if isinstance(table, dict) else table
