"""The retry budgets of a replay: what each group may still spend on trying again."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.system.people import People
from simulator.units import MILLION


class Budgets:
    """One for each entry of the system, shared by all its visitors; in millionths of a retry."""

    def __init__(self, people: Sequence[People], shards: int = 1) -> None:
        """``shards``: among so many processes the visitors are, and with them what they start with."""
        self._earned = [group.retries.budget_millionths for group in people]
        self._left = [group.retries.budget_burst * MILLION // shards for group in people]
        self._full = [max(MILLION, left) for left in self._left]
        """Where saving ends: with one retry at least, since who can never save one never tries again."""

    def earn(self, group: int) -> None:
        """The first attempt of a step is worth a part of a retry."""
        self._left[group] = min(self._full[group], self._left[group] + self._earned[group])

    def spend(self, group: int) -> bool:
        """Whether the group can afford a retry, and then it has paid."""
        if self._earned[group] == 0:
            return True
        if self._left[group] < MILLION:
            return False
        self._left[group] -= MILLION
        return True
