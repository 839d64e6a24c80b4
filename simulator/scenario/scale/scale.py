"""A launch of another size: so many times as many people, met by so many times the system.

It works on the plain document, and on what a variant lays over it: there, an entry of an array goes
by its name. Rates and counts of people are multiplied; servers, slots and whatever else is whole is
rounded up, so that a smaller launch has at least one of each. Times, shares and what a single person
does stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.scenario.scale.numbers import (
    bursts_times,
    rates_times,
    rounded_up,
    significant,
)
from simulator.scenario.scale.size import Size, servers_in, slowness
from simulator.scenario.scale.tables import Raw, each, inside, with_each
from simulator.scenario.words.changes import RELATIVE, relative_servers, station_lever
from simulator.scenario.words.costs import count_in

OF_PEOPLE = ("size", "market", "capacity", "invited")
OF_RATE = ("rate", "first", "last", "peak")
OF_FEEDBACK = ("first", "lowest", "highest", "step")


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
            "burst": bursts_times(self.factor),
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
        return size.station(station)

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
        return rates_times(self.factor)(rate)

    def _as_many_visitors(self, demand_factor: float) -> float:
        """A rehearsal is not larger because its launch is."""
        return significant(demand_factor / self.factor)

    def _up(self, number: int) -> int:
        return rounded_up(number, self.factor)
