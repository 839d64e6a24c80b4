"""Few launches that decide: in how many of them a candidate must hold, and when that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.trials import Trial, Tried
from simulator.verdict.criteria import Outcome

AT_A_TIME = 2
"""So many are played before it is asked whether the others are still needed."""
FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Few:
    """The first launches, and the share of them that must hold.

    What they decide is an estimate, not a certificate: a system that holds in 95 of 100 launches
    passes 20 with one failure allowed with probability 0.74, and one that holds in 80 with 0.07.
    """

    launches: int = 20
    share: float = 0.95
    alike: bool = True
    """Whether launches differ by chance alone, and not by the system that each of them meets."""

    @property
    def needed(self) -> int:
        """How many of them must hold.

        >>> Few(launches=20).needed, Few(launches=8).needed
        (19, 8)
        """
        return math.ceil(self.share * self.launches - 1e-9)

    def lighter(self, factor: float) -> Few:
        """For a demand so many times as large: as many fewer, so that they take no longer to play.

        Where launches are not alike, fewer of them would be easier ones, or harder.

        >>> Few(launches=20).lighter(5.0).launches, Few(launches=20).lighter(0.5).launches
        (4, 20)
        """
        if not self.alike:
            return self
        return replace(self, launches=max(FEWEST, round(self.launches / max(1.0, factor))))

    @property
    def parts(self) -> tuple[range, ...]:
        """The launches, a few at a time."""
        starts = range(0, self.launches, AT_A_TIME)
        return tuple(range(first, min(first + AT_A_TIME, self.launches)) for first in starts)

    def hold(self, player: Player, candidate: Candidate) -> bool:
        """Whether enough of them hold; those that can no longer change that are not played."""
        spare = self.launches - self.needed
        for part in self.parts:
            spare -= len(part) - player.tried(candidate, part).holds
            if spare < 0:
                return False
        return True

    def fail(self, player: Player, candidate: Candidate) -> bool:
        """Whether so many of them fail that not enough can hold; what cannot be judged is no failure."""
        spare = self.launches - self.needed
        for part in self.parts:
            spare -= sum(_fails(trial) for trial in player.tried(candidate, part).trials)
            if spare < 0:
                return True
        return False

    def counted(self, player: Player, candidate: Candidate) -> Tried:
        """All of them; the first alone where none of these holds, which says enough."""
        first = player.tried(candidate, self.parts[0])
        return player.tried(candidate, range(self.launches)) if first.holds else first

    def failing(self, player: Player, candidate: Candidate) -> list[int]:
        """Those of them that were played and fail, a few."""
        known = player.known.get(candidate, {})
        failing = [each for each in range(self.launches) if each in known and _fails(known[each])]
        return failing[:AT_A_TIME]


def _fails(trial: Trial) -> bool:
    return trial.outcome is Outcome.FAILS
