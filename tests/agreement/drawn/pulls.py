"""Levers pulled at random while a launch runs."""

from collections.abc import Sequence
from dataclasses import replace

from simulator.system.line import Feedback, Policy, Release, Slots, TokenBucket, Waitlist
from simulator.system.stations import Station, StationKind
from simulator.system.system import Change, Lever
from tests.agreement.drawn.dice import Dice


def changes_of(dice: Dice, line: Waitlist, stations: tuple[Station, ...]) -> tuple[Change, ...]:
    many = dice.one_of([1, 2, 5, 9]) if dice.has() or dice.has() else 0
    order = Policy.FIFO if line.policy is Policy.OPEN else line.policy
    changes = [change_of(dice, line.release, order, stations) for _ in range(many)]
    changes += [closing for change in changes for closing in closings_of(dice, change, order)]
    return tuple(sorted(changes, key=lambda change: change.at_ns))


def closings_of(dice: Dice, change: Change, order: Policy) -> list[Change]:
    """A line that opens is often closed again soon."""
    if change.lever is not Lever.POLICY or change.value != Policy.OPEN or dice.whole(0, 1):
        return []
    return [replace(change, at_ns=change.at_ns + dice.ns(0, 4), value=order)]


def change_of(dice: Dice, release: Release, order: Policy, stations: tuple[Station, ...]) -> Change:
    station = dice.whole(0, len(stations) - 1)
    levers = levers_of(release, stations[station]) if dice.whole(0, 9) else list(Lever)
    lever = dice.one_of(levers)
    return Change(
        at_ns=dice.ns(0, 40),
        lever=lever,
        value=dice.one_of(values_of(lever, dice.tick_ns, order)),
        station=station if lever in OF_A_STATION else 0,
    )


def levers_of(release: Release, station: Station) -> list[Lever]:
    """The levers that this launch has."""
    levers = [Lever.POLICY, Lever.WAITING_ROOM]
    if isinstance(release, TokenBucket | Feedback):
        levers.append(Lever.RELEASE_SPACING_NS)
    if isinstance(release, Slots):
        levers.append(Lever.SLOTS)
    if station.kind is StationKind.QUOTA:
        return [*levers, Lever.QUOTA_SPACING_NS]
    if station.kind is StationKind.CPU:
        levers.append(Lever.CORES)
    return [*levers, Lever.SERVERS]


OF_A_STATION = {Lever.SERVERS, Lever.WAITING_ROOM, Lever.CORES, Lever.QUOTA_SPACING_NS}


def values_of(lever: Lever, tick_ns: int, order: Policy) -> Sequence[int]:
    spacings_ns = range(tick_ns, 9 * tick_ns, tick_ns)
    return {
        Lever.SERVERS: range(5),
        Lever.POLICY: [Policy.OPEN, order],
        Lever.RELEASE_SPACING_NS: spacings_ns,
        Lever.WAITING_ROOM: range(4),
        Lever.CORES: range(1, 4),
        Lever.QUOTA_SPACING_NS: spacings_ns,
        Lever.SLOTS: range(5),
    }[lever]
