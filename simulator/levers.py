"""What operators change while a launch runs, resolved from words to levers and values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from simulator.change_words import Change as ChangeWords
from simulator.change_words import relative_servers
from simulator.errors import Mistake, ScenarioError
from simulator.quantities import parse_rate
from simulator.system import Change, Lever, Policy, Pool, System, TokenBucket

OF_A_STATION = {"servers": Lever.SERVERS, "waiting_room": Lever.WAITING_ROOM}
OF_THE_LINE = (Lever.POLICY, Lever.RELEASE_SPACING_NS)
POLICIES = {"open": Policy.OPEN, "fifo": Policy.FIFO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """The changes of a file, for the station that serves."""

    words: tuple[ChangeWords, ...]
    station: Pool
    file: str

    def changes(self) -> tuple[Change, ...]:
        """Every change at its instant, in order; "-3 servers" counts from those before it.

        Raises :class:`ScenarioError` where more servers go than there are.
        """
        found: list[Change] = []
        servers = self.station.servers
        for number, change in sorted(enumerate(self.words, 1), key=lambda pair: pair[1].at_ns):
            for lever, value in self._settings(change, servers):
                if value < 0:
                    raise ScenarioError([self._too_many(number, change, servers)])
                found.append(Change(at_ns=change.at_ns, lever=lever, value=value))
                servers = value if lever is Lever.SERVERS else servers
        return tuple(found)

    def _settings(self, change: ChangeWords, servers: int) -> Iterator[tuple[Lever, int]]:
        if isinstance(change.set_, str):
            yield Lever.SERVERS, servers + relative_servers(change.set_)
            return
        for key, value in change.set_.items():
            yield from self._lever(key, value)

    def _lever(self, key: str, value: Any) -> Iterator[tuple[Lever, int]]:
        if key == "waitlist.policy":
            yield Lever.POLICY, POLICIES[value]
        elif key == "waitlist.release.rate":
            yield Lever.RELEASE_SPACING_NS, TokenBucket.at_rate(parse_rate(value)).spacing_ns
        else:
            station, lever = key.removeprefix("station.").rsplit(".", 1)
            if station == self.station.name:
                yield OF_A_STATION[lever], value

    def _too_many(self, number: int, change: ChangeWords, servers: int) -> Mistake:
        problem = f'"{change.set_}" takes more than the {servers} there are'
        return Mistake(self.file, f"change[{number}].set", problem, "take fewer")


def shifted(system: System, from_ns: int, *, measured: bool) -> System:
    """The system as a rehearsal finds it that starts at ``from_ns``.

    What was changed before stands from the start. A measured station is what it is: nobody changes
    the servers of the real target while it is rehearsed.
    """
    kept = [c for c in system.changes if c.lever in OF_THE_LINE or not measured]
    for change in kept:
        if change.at_ns <= from_ns:
            system = pulled(system, change)
    later = (replace(c, at_ns=c.at_ns - from_ns) for c in kept if c.at_ns > from_ns)
    return replace(system, changes=tuple(later))


def pulled(system: System, change: Change) -> System:
    """The system with one lever set from the start."""
    line, station = system.waitlist, system.station
    if change.lever is Lever.POLICY:
        return replace(system, waitlist=replace(line, policy=Policy(change.value)))
    if change.lever is Lever.RELEASE_SPACING_NS:
        release = replace(line.release, spacing_ns=change.value)
        return replace(system, waitlist=replace(line, release=release))
    if change.lever is Lever.SERVERS:
        return replace(system, station=replace(station, servers=change.value))
    return replace(system, station=replace(station, waiting_room=change.value))
