"""Remedies: the smallest single change that would have held, found by simulating it.

Every size of every change meets the same luck (common random numbers), so that a bigger one does not
look worse by chance. The size is doubled until a few launches hold, then halved in between; a change
is dropped as soon as it would have to be bigger than the smallest one known. The last word is had
by as many launches as were predicted. Nothing looks at a clock: the search ends after so much
work, and says the same for the same seed.

A line is no free remedy: what a change costs people in it is told with it, and one that keeps more of
them out than is tolerated (:mod:`simulator.advice.change.toll`) does not count as holding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from simulator.advice.change.candidates import candidates, hard_launches, line_at_fault
from simulator.advice.change.smallest import further, smallest_value
from simulator.advice.change.toll import Toll, tolerated, toll_of
from simulator.advice.change.tweak import Tweak
from simulator.advice.why.diagnosis import Diagnosis
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction, play, predict
from simulator.plan.plan import Plan, Subject
from simulator.verdict.chance import certain
from simulator.verdict.criteria import Outcome
from simulator.verdict.objectives import outcome_of

CONFIRMATIONS = 6
"""How many sizes are tried with all launches, at most, in one search for the smallest change."""
CONFIRMATIONS_EACH = 2
"""And of each change: one that holds in the few launches alone must not use up the others' turns."""

FIRST_PART = 5
"""A fifth of all launches shows most of the sizes that will not do."""
WORK_AGAIN = 3
"""The search may simulate so many times as much as was predicted."""
FEWEST = 100
"""But as much as so many launches in any case."""
MOST_OTHERS = 2
"""So many changes of another kind are told."""

Told = Callable[[float, float], None]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What would have held."""

    remedy: Remedy | None = None
    """The smallest change by more or less."""
    others: tuple[Remedy, ...] = ()
    """Changes of another kind."""
    tried: int = 0
    """How many things were turned."""
    ran_out: bool = False
    """Whether the search ended before all of them had been tried in every size."""
    tolerated: Toll | None = None
    """What a change might cost people in the line; None where none was looked for."""


def prescribe(
    plan: Plan,
    prediction: Prediction,
    diagnoses: Sequence[Diagnosis],
    engine: Engine,
    *,
    told: Told | None = None,
) -> Prescription:
    """Search among the changes that the diagnoses suggest."""
    found = candidates(plan.system, diagnoses, prediction)
    launches = len(prediction.launches)
    # A line that is at fault is no measure of what people may be asked to bear.
    now = None if line_at_fault(diagnoses) else toll_of(prediction.launches, within=1.0)
    limit = tolerated(plan.objectives.line, now)
    work = sum(work_of(summary) for summary in prediction.launches)
    search = Search(
        plan=plan,
        engine=engine,
        few=hard_launches(prediction, spare_of(launches)),
        launches=launches,
        budget=max(FEWEST, WORK_AGAIN * launches) * work / launches,
        tolerated=limit,
        told=told,
    )
    remedy = search.smallest(found.sized)
    others: list[Remedy] = []
    for tweak in found.other:
        other = search.smallest([tweak]) if len(others) < MOST_OTHERS else None
        others += [other] if other else []
    return Prescription(
        remedy=remedy,
        others=tuple(others),
        tried=len(found.sized) + len(found.other),
        ran_out=search.ran_out,
        tolerated=limit,
    )


def spare_of(launches: int) -> int:
    """How many of so many launches need not hold.

    >>> spare_of(58), spare_of(92), spare_of(93)
    (0, 0, 1)
    """
    spare = 0
    while spare < launches and certain([True] * (launches - spare - 1) + [False] * (spare + 1)):
        spare += 1
    return spare


@dataclass(kw_only=True)
class Search:
    """A search among single changes."""

    plan: Plan
    engine: Engine
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
        if self.tolerated is not None and not toll_of([summary]).within(self.tolerated):
            return False
        closes = self.plan.subject is Subject.LAUNCH
        outcome = outcome_of(self.plan.objectives, summary, closes=closes)
        return outcome is Outcome.HOLDS

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
        if not certain([*first, *[True] * (self.launches - part)]):
            return None
        launches = predict(plan, self.engine, self.launches).launches
        held = [self._good(summary) for summary in launches]
        if not certain(held):
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
