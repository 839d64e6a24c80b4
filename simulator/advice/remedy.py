"""Remedies: the smallest single change that would have held, found by simulating it.

Every size of every change meets the same luck (common random numbers), so that a bigger one does not
look worse by chance. The size is doubled until a few launches hold, then halved in between; a change
is dropped as soon as it would have to be bigger than the smallest one known. The last word is had
by as many launches as were predicted. Nothing looks at a clock: the search ends after so much
work, and says the same for the same seed.

A line is no free remedy: what a change costs people in it is told with it, and one that keeps more of
them out than is tolerated (:mod:`simulator.advice.toll`) does not count as holding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from simulator.advice.sizing import further, smallest_value
from simulator.advice.toll import Toll, toll_of
from simulator.advice.tweak import Tweak
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import play, predict
from simulator.plan.plan import Plan

CONFIRMATIONS = 6
"""How many sizes are tried with all launches, at most, in one search for the smallest change."""
CONFIRMATIONS_EACH = 2
"""And of each change: one that holds in the few launches alone must not use up the others' turns."""

Holds = Callable[[Summary], bool]
Certain = Callable[[Sequence[bool]], bool]
"""Whether so many launches that hold, or do not, show that the launch holds."""
Told = Callable[[float, float], None]
FIRST_PART = 5
"""A fifth of all launches shows most of the sizes that will not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change that would have held."""

    tweak: Tweak
    value: float
    holds: int
    launches: int
    """So many launches hold with it, of so many."""
    toll: Toll | None = None
    """What it costs people in the line, over these launches; None where it was not asked."""


@dataclass(kw_only=True)
class Search:
    """A search among single changes."""

    plan: Plan
    engine: Engine
    holds: Holds
    certain: Certain
    few: Sequence[int]
    """The launches that a size has to pass first."""
    launches: int
    """How many have the last word."""
    budget: float
    """How much work may be simulated before that (:func:`work_of`)."""
    tolerated: Toll | None = None
    """What a change may cost people in the line; None: anything."""
    told: Told | None = None
    played: float = field(default=0.0, init=False)
    """How much work was."""
    confirmations: int = field(default=CONFIRMATIONS, init=False)
    """How many are left."""

    def smallest(self, tweaks: Iterable[Tweak]) -> Remedy | None:
        """The smallest of all; None: none of them, or it was not found in time."""
        found: list[tuple[float, Tweak, float]] = []
        self.confirmations = CONFIRMATIONS
        for tweak in tweaks:
            least = min((size for size, _, _ in found), default=math.inf)
            value = smallest_value(tweak, self._passing(tweak), least)
            if value is not None:
                found.append((tweak.change_to(value), tweak, value))
        for _, tweak, value in sorted(found, key=lambda each: each[0]):
            remedy = self._confirmed(tweak, value)
            if remedy:
                return remedy
        return None

    @property
    def ran_out(self) -> bool:
        """Whether it ended before everything was tried."""
        return self.played >= self.budget or not self.confirmations

    def _passing(self, tweak: Tweak) -> Callable[[float], bool]:
        return lambda value: self.passes(self._with(tweak, value))

    def _with(self, tweak: Tweak, value: float) -> Plan:
        return replace(self.plan, system=tweak.applied(self.plan.system, value))

    def passes(self, plan: Plan) -> bool:
        """Whether the few launches of a plan hold; beyond the budget nothing does."""
        for launch in self.few:
            if self.played >= self.budget:
                return False
            summary = play(plan, self.engine, launch)
            self.played += work_of(summary)
            if self.told:
                self.told(min(self.played, self.budget), self.budget)
            if not self._good(summary):
                return False
        return True

    def _good(self, summary: Summary) -> bool:
        """Whether a launch holds, at a toll that is tolerated."""
        bearable = self.tolerated is None or toll_of([summary]).within(self.tolerated)
        return bearable and self.holds(summary)

    def _confirmed(self, tweak: Tweak, value: float) -> Remedy | None:
        """With all launches; a little more where that does not do."""
        for _ in range(min(CONFIRMATIONS_EACH, self.confirmations)):
            self.confirmations -= 1
            remedy = self._held_by_all(tweak, value)
            if remedy:
                return remedy
            if tweak.at_once:
                return None
            value = further(tweak, value)
        return None

    def _held_by_all(self, tweak: Tweak, value: float) -> Remedy | None:
        """What all launches say; a part of them first, which may show enough."""
        plan = self._with(tweak, value)
        part = -(-self.launches // FIRST_PART)
        first = [self._good(one) for one in predict(plan, self.engine, part).launches]
        if not self.certain([*first, *[True] * (self.launches - part)]):
            return None
        launches = predict(plan, self.engine, self.launches).launches
        held = [self._good(summary) for summary in launches]
        if not self.certain(held):
            return None
        return Remedy(
            tweak=tweak, value=value, holds=sum(held), launches=len(held), toll=toll_of(launches)
        )


def work_of(summary: Summary) -> int:
    """What a launch takes to simulate, whatever the machine: its people and their attempts.

    A launch that collapses has several times as many attempts as one that does not, so a search is
    bounded by these and not by launches.
    """
    return summary.arrivals + int(summary.steps.sent.sum())
