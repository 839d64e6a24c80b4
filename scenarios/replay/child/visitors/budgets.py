"""The retry budgets of a replay: what each group may still spend on trying again."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.system.people import People
from simulator.units import MILLION


class Budgets:
    """One for each entry of the system, shared by all its visitors; in millionths of a retry."""

    def __init__(self, people: Sequence[People], shards: int = 1) -> None:
        """``shards``: among so many processes the visitors are, and with them what they start with."""
        self._retries, self._shards = [group.retries for group in people], shards
        self._left = [group.retries.budget_burst * MILLION // shards for group in people]

    def _full(self, group: int) -> int:
        """Where saving ends: with one retry at least, since who can never save one never tries again."""
        return max(MILLION, self._retries[group].budget_burst * MILLION // self._shards)

    def earn(self, group: int) -> None:
        """The first attempt of a step is worth a part of a retry."""
        earned = self._left[group] + self._retries[group].budget_millionths
        self._left[group] = min(self._full(group), earned)

    def spend(self, group: int) -> bool:
        """Whether the group can afford a retry, and then it has paid."""
        if self._retries[group].budget_millionths == 0:
            return True
        if self._left[group] < MILLION:
            return False
        self._left[group] -= MILLION
        return True
