"""Judge: whether a candidate holds, found with as few launches as may be.

The pool is a number of launches of common luck. They are played in the order of how hard they are: by
how many candidates failed in them so far, then by how many people come. So a candidate that does not
hold is mostly refused after the first of them, and one that holds for the hardest holds for most.
Three questions are asked: whether it is *promising*, with a few of them, while the search goes far; whether
it is *likely*, with many, where it may end; and whether it is *ready* to be confirmed on luck that no search
has seen, with so many that it is rather certified than not.

Nothing depends on a clock or on how many cores there are: batches have fixed sizes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.trials import Trial, Tried
from simulator.verdict.criteria import Outcome

BATCH = 8
"""So many launches are played at a time, beyond those that are needed to refuse a candidate."""


class Judging(Protocol):
    """What a search needs to know of candidates."""

    def promising(self, candidate: Candidate) -> bool:
        """Whether it holds in a few launches."""

    def likely(self, candidate: Candidate) -> bool:
        """Whether it holds in many."""

    def ready(self, candidate: Candidate) -> bool:
        """Whether it holds in so many that a confirmation is worth it."""

    def at_fault(self, candidate: Candidate) -> str:
        """The place at which most of its failed launches failed; empty: nobody can tell."""

    def tried(self, candidate: Candidate) -> Tried:
        """Its launches, as far as any were played."""


@dataclass(kw_only=True)
class Judge:
    """Candidates on common luck."""

    player: Player
    few: int
    """Launches that make a candidate promising."""
    many: int
    """And likely."""
    most: int
    """And ready to be confirmed."""
    pool: int
    """Of so many launches the hardest are played."""
    spare: int
    """So many of those that are played need not hold."""
    budget: int
    """After so many launches nothing more is found promising, or likely."""
    fails: Counter[int] = field(default_factory=Counter, init=False)
    """How often each launch failed."""
    known: dict[tuple[Candidate, int], bool] = field(default_factory=dict, init=False)
    came: dict[int, int] = field(default_factory=dict, init=False)
    searched: int = field(default=0, init=False)
    """How many launches of the budget were played."""

    @property
    def ran_out(self) -> bool:
        """Whether the search ended before it came to its end."""
        return self.searched >= self.budget

    def promising(self, candidate: Candidate) -> bool:
        """Whether it holds in the few hardest launches."""
        return self._holds(candidate, self.few)

    def likely(self, candidate: Candidate) -> bool:
        """Whether it holds in the many hardest launches."""
        return self._holds(candidate, self.many)

    def ready(self, candidate: Candidate) -> bool:
        """Whether it holds in the most launches."""
        return self._holds(candidate, self.most)

    def tried(self, candidate: Candidate) -> Tried:
        """Its launches, as far as any were played."""
        return self.player.tried(candidate, sorted(self.player.known.get(candidate, {})))

    def at_fault(self, candidate: Candidate) -> str:
        """The place at which most of its failed launches failed; the first in the alphabet of equals."""
        places = Counter(each.place for each in self._trials(candidate) if each.place)
        return min(places, key=lambda place: (-places[place], place), default="")

    def _trials(self, candidate: Candidate) -> list[Trial]:
        return list(self.player.known.get(candidate, {}).values())

    def _failures(self, candidate: Candidate) -> int:
        return sum(each.outcome is not Outcome.HOLDS for each in self._trials(candidate))

    def _holds(self, candidate: Candidate, launches: int) -> bool:
        asked = (candidate, launches)
        if asked not in self.known:
            counts = launches < self.most
            if counts and self.ran_out:
                return False
            before = self.player.played
            self.known[asked] = self._found(candidate, launches)
            self.searched += counts * (self.player.played - before)
        return self.known[asked]

    def _found(self, candidate: Candidate, launches: int) -> bool:
        """Play the hardest ones until it is sure, a batch at a time."""
        order = self._hardest_first()[:launches]
        at_a_time = self.spare + 1
        while self._failures(candidate) <= self.spare:
            missing = [each for each in order if each not in self.player.known.get(candidate, {})]
            if not missing:
                return True
            for trial in self.player.tried(candidate, missing[:at_a_time]).trials:
                self.fails[trial.launch] += trial.outcome is not Outcome.HOLDS
            at_a_time = BATCH
        return False

    def _hardest_first(self) -> list[int]:
        if not self.came:
            plan = self.player.plan
            self.came.update((number, plan.timetable(number).total) for number in range(self.pool))
        return sorted(
            range(self.pool), key=lambda number: (-self.fails[number], -self.came[number], number)
        )
