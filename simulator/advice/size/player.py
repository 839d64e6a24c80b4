"""Player: plays candidates on common luck, over all cores, and remembers what it has played."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.prices import Prices
from simulator.advice.size.trials import Trial, Tried
from simulator.advice.why.diagnosis import diagnose
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.figures import line_peak
from simulator.outcomes.figures.times import quantile_of
from simulator.outcomes.rows import Fate
from simulator.plan.launches import play, side_by_side
from simulator.plan.plan import Plan, Subject
from simulator.timetable import draws
from simulator.verdict.criteria import Criterion, Outcome, conclusion, worst_of
from simulator.verdict.objectives import judge_objectives

Told = Callable[[int], None]
"""Told how many launches have been played, all candidates together."""
Spend = Callable[[float], None]
"""Told how many people one more launch has, about; what it raises ends the work."""

THE_LINE = "the line"
"""What the line in front of everything is called among the names of stations."""
Found = TypeVar("Found")
Work = Callable[[Plan, Engine, int], Found]
"""A function of a module, so that another process can be told to do it."""

wait_p50 = quantile_of(lambda summary: summary.wait, 0.50)
wait_p95 = quantile_of(lambda summary: summary.wait, 0.95)


@dataclass(kw_only=True)
class Player:
    """One plan, its knobs, and every launch that was played with them."""

    plan: Plan
    knobs: tuple[Knob, ...]
    prices: Prices
    engine: Engine
    told: Told | None = None
    spend: Spend | None = None
    played: int = field(default=0, init=False)
    """How many launches were."""
    known: dict[Candidate, dict[int, Trial]] = field(default_factory=dict, init=False)

    def tried(self, candidate: Candidate, launches: Iterable[int]) -> Tried:
        """The candidate in these launches; those that are known are not played again."""
        numbers = list(launches)
        known = self.known.setdefault(candidate, {})
        missing = [number for number in numbers if number not in known]
        if missing:
            plan = self.planned(candidate)
            tasks = [(plan, self.engine, number) for number in missing]
            for trial in side_by_side(trial_of, tasks, self.engine):
                known[trial.launch] = trial
                self.note()
                self._spend()
        return Tried(
            candidate=candidate,
            cost=self.prices.of(candidate.values),
            trials=tuple(known[number] for number in numbers),
        )

    def planned(self, candidate: Candidate) -> Plan:
        """The plan with a candidate's system."""
        return replace(self.plan, system=candidate.applied(self.knobs, self.plan.system))

    def each(
        self, work: Work[Found], candidate: Candidate, launches: Iterable[int]
    ) -> Iterator[Found]:
        """What other work makes of each launch with a candidate, in their order; it is counted."""
        plan = self.planned(candidate)
        tasks = [(plan, self.engine, number) for number in launches]
        for found in side_by_side(work, tasks, self.engine):
            self.note()
            self._spend()
            yield found

    def note(self, _: int = 0) -> None:
        """One more launch was played."""
        self.played += 1
        if self.told:
            self.told(self.played)

    def _spend(self) -> None:
        if self.spend:
            self.spend(self.plan.demand.total)

    def on(self, plan: Plan) -> Player:
        """The same knobs on another plan: of another demand, or other luck.

        It remembers by itself; what it plays counts here as well.
        """
        return Player(
            plan=plan, knobs=self.knobs, prices=self.prices, engine=self.engine, told=self.note,
            spend=self.spend,
        )  # fmt: skip

    @property
    def now(self) -> Candidate:
        """The file's own system."""
        return Candidate(values=tuple(knob.now for knob in self.knobs))


def trial_of(plan: Plan, engine: Engine, launch: int) -> Trial:
    """Play one launch, and keep what a comparison of candidates needs of it."""
    return read(plan, launch, play(plan, engine, launch))


def read(plan: Plan, launch: int, summary: Summary) -> Trial:
    """What a launch came to."""
    closes = plan.subject is Subject.LAUNCH
    criteria = judge_objectives(plan.objectives, summary, closes=closes)
    outcome, worst = conclusion(criteria), worst_of(criteria)
    failed = worst if worst is not None and outcome is Outcome.FAILS else None
    place = "" if failed is None else place_of(plan, launch, summary, failed)
    served = int(summary.fates[Fate.SERVED])
    return Trial(
        launch=launch,
        outcome=outcome,
        failed=(failed.asks, failed.journey) if failed else None,
        strain=worst.strain if worst else math.nan,
        came=summary.arrivals,
        served=served,
        lost=summary.arrivals - served,
        wait_p50_s=wait_p50(summary).value,
        wait_p95_s=wait_p95(summary).value,
        line_peak=line_peak(summary),
        luck=plan.timetable(launch).uniform(draws.VOLUME, 0),
        place=place,
    )


def place_of(plan: Plan, launch: int, summary: Summary, failed: Criterion) -> str:
    """Where a launch went wrong: the station of which something ran out, or the line."""
    if failed.of_line:
        return THE_LINE
    found = diagnose(summary, plan.system_of(launch), plan.objectives)
    if found.first is None:
        return THE_LINE if found.line_began_ns is not None else ""
    return plan.system.stations[found.first.cause].name
