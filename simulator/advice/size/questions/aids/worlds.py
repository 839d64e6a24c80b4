"""The same launch with more or fewer people: players that share their luck and what they have played."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from simulator.advice.size.player import Player
from simulator.plan.sized import LIKELY, is_uncertain, of_size
from simulator.timetable.demand import Demand


@dataclass(kw_only=True)
class Sized:
    """Players of a plan's demand in other sizes, each made once."""

    player: Player
    known: dict[tuple[float, float], Player] = field(default_factory=dict, init=False)

    def at(self, factor: float = 1.0, luck: float = LIKELY) -> Player:
        """Of so many times the volume that a draw names, for certain.

        Where the volume is certain anyhow, the likely one is the plan's own, and shares its launches.
        """
        if factor == 1.0 and not is_uncertain(self.player.plan.demand):
            return self.player
        asked = factor, luck
        if asked not in self.known:
            plan = replace(self.player.plan, demand=self.demand(factor, luck))
            self.known[asked] = self.player.on(plan)
        return self.known[asked]

    def demand(self, factor: float = 1.0, luck: float = LIKELY) -> Demand:
        """That demand."""
        return of_size(self.player.plan.demand, factor, luck)
