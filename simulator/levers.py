"""What operators change while a launch runs, resolved from words to levers and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.errors import Mistake, ScenarioError
from simulator.quantities import WrongQuantity, parse_rate
from simulator.system import Change, Lever, Policy, Pool, System, TokenBucket
from simulator.words import Change as ChangeWords

RELATIVE = re.compile(r"^(?P<sign>[+-]) ?(?P<number>[0-9]+) servers?$")
POLICIES = {"open": Policy.OPEN, "fifo": Policy.FIFO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """The changes of a file, for the station that serves."""

    words: tuple[ChangeWords, ...]
    station: Pool
    file: str

    def changes(self) -> tuple[Change, ...]:
        """Every change with its instant, in their order; "-3 servers" counts from those before it.

        Raises :class:`ScenarioError` with every value that a lever does not take.
        """
        mistakes: list[Mistake] = []
        found: list[Change] = []
        servers = self.station.servers
        ordered = sorted(enumerate(self.words, start=1), key=lambda pair: pair[1].at_ns)
        for number, change in ordered:
            try:
                for lever, value in self._settings(change, servers):
                    found.append(Change(at_ns=change.at_ns, lever=lever, value=value))
                    servers = value if lever is Lever.SERVERS else servers
            except WrongQuantity as wrong:
                mistakes.append(
                    Mistake(self.file, f"change[{number}].set", wrong.problem, wrong.remedy)
                )
        if mistakes:
            raise ScenarioError(mistakes)
        return tuple(found)

    def _settings(self, change: ChangeWords, servers: int) -> list[tuple[Lever, int]]:
        if isinstance(change.set_, str):
            return [(Lever.SERVERS, relative(change.set_, servers))]
        return [self._lever(key, value) for key, value in change.set_.items()]

    def _lever(self, key: str, value: Any) -> tuple[Lever, int]:
        if key == "waitlist.policy":
            return Lever.POLICY, policy(value)
        if key == "waitlist.release.rate":
            return Lever.RELEASE_SPACING_NS, TokenBucket.at_rate(parse_rate(value)).spacing_ns
        lever = Lever.SERVERS if key.endswith(".servers") else Lever.WAITING_ROOM
        return lever, whole(key, value)


def policy(value: object) -> int:
    """The policy of that name."""
    known: Mapping[str, Policy] = POLICIES
    if not isinstance(value, str) or value not in known:
        raise WrongQuantity(f"waitlist.policy is {value}", 'it must be "open" or "fifo"')
    return known[value]


def whole(key: str, value: object) -> int:
    """A number of servers or places."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WrongQuantity(f"{key} is {value}", "it must be a whole number, 0 or more")
    return value


def relative(text: str, servers: int) -> int:
    """How many servers there are after "-3 servers"."""
    match = RELATIVE.match(text.strip())
    if match is None:
        raise WrongQuantity(f'"{text}" is no change', 'write "-3 servers" or "+2 servers"')
    after = servers + int(match["sign"] + match["number"])
    if after < 0:
        raise WrongQuantity(f'"{text}" takes more than the {servers} there are', "take fewer")
    return after


def shifted(system: System, from_ns: int, *, measured: bool) -> System:
    """The system as a rehearsal finds it that starts at ``from_ns``.

    What was changed before stands from the start. A measured station is what it is: nobody changes
    the servers of the real target while it is rehearsed.
    """
    levers = (Lever.POLICY, Lever.RELEASE_SPACING_NS) if measured else tuple(Lever)
    kept = [change for change in system.changes if change.lever in levers]
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
