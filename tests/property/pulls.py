"""Levers pulled at random while a launch runs."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.system import Change, Lever, Policy, Waitlist
from tests.property.dice import Dice


def changes_of(dice: Dice, line: Waitlist, stations: int) -> tuple[Change, ...]:
    many = dice.one_of([1, 2, 5, 9]) if dice.has() or dice.has() else 0
    order = Policy.FIFO if line.policy is Policy.OPEN else line.policy
    changes = [change_of(dice, order, stations) for _ in range(many)]
    return tuple(sorted(changes, key=lambda change: change.at_ns))


def change_of(dice: Dice, order: Policy, stations: int) -> Change:
    lever = dice.one_of([*Lever, Lever.POLICY])
    return Change(
        at_ns=dice.ns(0, 60),
        lever=lever,
        value=dice.one_of(values_of(lever, dice.tick_ns, order)),
        station=dice.whole(0, stations - 1) if lever in OF_A_STATION else 0,
    )


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
