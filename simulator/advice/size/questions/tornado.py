"""Tornado: each input at its low and its high end, all others at their likely value.

What the cheapest that holds costs there, found from the certified one by the same rule at every end;
and how many the certified one loses. The widest comes first: what is worth measuring next is the
widest of those that can be measured before the launch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from simulator.advice.size.answers.sensitivity import Swing
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.questions.aids.cheapest import Cheapest
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.inputs import Input, inputs_of, likely_plan


def swings(
    player: Player,
    certified: Candidate,
    cheapest: Cheapest,
    few: Few,
    surges: Sequence[str] = (),
) -> tuple[Swing, ...]:
    """Every input, the widest first."""
    found = list(_swings(player, certified, cheapest, few, surges))
    return tuple(sorted(found, key=width, reverse=True))


def width(swing: Swing) -> tuple[float, float]:
    """By how much the cost moves between the ends, then the people lost.

    Without end where nothing in range holds at one of them.
    """
    ends = swing.cost_low, swing.cost_high
    costs = [math.inf if cost is None else cost for cost in ends]
    moved = 0.0 if ends == (None, None) else abs(costs[1] - costs[0])
    return moved, abs(swing.lost_high - swing.lost_low)


def worth_measuring(swings: Sequence[Swing]) -> Swing | None:
    """The widest of what can be measured beforehand: how many come cannot. None: none of it matters."""
    known = (each for each in swings if not each.key.startswith("surge."))
    return next((each for each in known if width(each) > (0.0, 0.0)), None)


def _swings(
    player: Player, certified: Candidate, cheapest: Cheapest, few: Few, surges: Sequence[str]
) -> Iterator[Swing]:
    for each in inputs_of(player.plan, surges):
        low, high = (_end(player, certified, cheapest, few, each, f) for f in (each.low, each.high))
        yield Swing(
            key=each.key,
            low=each.low,
            high=each.high,
            assumed=each.assumed,
            cost_low=low[0],
            cost_high=high[0],
            lost_low=low[1],
            lost_high=high[1],
        )


def _end(
    player: Player,
    certified: Candidate,
    cheapest: Cheapest,
    few: Few,
    given: Input,
    factor: float,
) -> tuple[float | None, float]:
    """What the cheapest costs with an input at one end, and how many the certified one loses there."""
    there = player.on(given.at(likely_plan(player.plan), factor))
    stations = [station.name for station in player.plan.system.stations]
    needs = cheapest(there, few, [given.grows(knob, stations, factor) for knob in player.knobs])
    lost = few.counted(there, certified).lost
    return needs.cost if needs else None, lost
