"""What operators change while a launch runs, resolved from words to levers and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.errors import Mistake, ScenarioError
from simulator.plan.meaning.line import POLICIES
from simulator.scenario.words.changes import Change as ChangeWords
from simulator.scenario.words.changes import relative_servers, station_lever
from simulator.system.line import TokenBucket
from simulator.system.stations import Station, StationKind
from simulator.system.system import Change, Lever
from simulator.text.quantities import parse_rate

OF_A_STATION = {
    "servers": Lever.SERVERS,
    "waiting_room": Lever.WAITING_ROOM,
    "cores": Lever.CORES,
    "quota.rate": Lever.QUOTA_SPACING_NS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """The changes of a file, for the stations that serve."""

    words: tuple[ChangeWords, ...]
    stations: Sequence[Station]
    measured: bool
    """A measured station is what it is: nobody changes the servers of a real target."""
    file: str

    def changes(self) -> tuple[Change, ...]:
        """Every change at its instant, in order; "-3 servers" counts from those before it.

        Raises :class:`ScenarioError` where more servers go than there are.
        """
        found: list[Change] = []
        servers = [station.servers for station in self.stations]
        for number, change in sorted(enumerate(self.words, 1), key=lambda pair: pair[1].at_ns):
            for set_ in self._settings(change, servers):
                if set_.value < 0:
                    raise ScenarioError([self._too_many(number, change, servers[set_.station])])
                found.append(set_)
                if set_.lever is Lever.SERVERS:
                    servers[set_.station] = set_.value
        return tuple(found)

    def _settings(self, change: ChangeWords, servers: Sequence[int]) -> Iterator[Change]:
        if isinstance(change.set_, str):
            where = self._where(change.station)
            if where is not None and not self.measured:
                value = servers[where] + relative_servers(change.set_)
                yield Change(at_ns=change.at_ns, lever=Lever.SERVERS, value=value, station=where)
            return
        for key, value in change.set_.items():
            yield from self._lever(change.at_ns, key, value)

    def _where(self, named: str | None) -> int | None:
        """The station that is named, or the only one that has servers; None if nobody needs it."""
        for number, station in enumerate(self.stations):
            if station.name == named or (named is None and station.kind is not StationKind.QUOTA):
                return number
        return None

    def _lever(self, at_ns: int, key: str, value: Any) -> Iterator[Change]:
        if key == "waitlist.policy":
            yield Change(at_ns=at_ns, lever=Lever.POLICY, value=POLICIES[value])
        elif key == "waitlist.release.rate":
            yield Change(at_ns=at_ns, lever=Lever.RELEASE_SPACING_NS, value=spacing_ns(value))
        elif key == "waitlist.release.slots.total":
            yield Change(at_ns=at_ns, lever=Lever.SLOTS, value=value)
        elif (found := station_lever(key)) and not self.measured:
            name, word = found
            where = self._where(name)
            if where is not None:
                amount = spacing_ns(value) if word == "quota.rate" else value
                yield Change(at_ns=at_ns, lever=OF_A_STATION[word], value=amount, station=where)

    def _too_many(self, number: int, change: ChangeWords, servers: int) -> Mistake:
        problem = f'"{change.set_}" takes more than the {servers} there are'
        return Mistake(self.file, f"change[{number}].set", problem, "take fewer")


def spacing_ns(rate: str) -> int:
    """How far apart tokens of a rate are."""
    return TokenBucket.at_rate(parse_rate(rate)).spacing_ns
