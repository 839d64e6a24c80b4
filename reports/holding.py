"""Holding: when a simulated launch counts as one that holds, for those who search for what helps."""

from __future__ import annotations

from collections.abc import Sequence

from reports.chance import share_that_holds
from reports.criteria import Outcome, conclusion, judge_objectives
from simulator.advice.remedy import Certain, Holds
from simulator.outcomes.counts.summary import Summary
from simulator.plan.launches import Prediction
from simulator.system.objectives import Objectives


def holds_by(objectives: Objectives) -> Holds:
    """One launch: all its objectives hold."""

    def holds(summary: Summary) -> bool:
        return conclusion(judge_objectives(objectives, summary)) is Outcome.HOLDS

    return holds


def failing_of(objectives: Objectives, prediction: Prediction) -> tuple[bool, ...]:
    """Which launches do not hold; one that cannot be judged is none of them."""
    return tuple(
        conclusion(judge_objectives(objectives, launch)) is Outcome.FAILS
        for launch in prediction.launches
    )


def certain_of(noun: str) -> Certain:
    """All launches: as the verdict judges them; where they are too few for one, all of them."""

    def certain(held: Sequence[bool]) -> bool:
        outcomes = [Outcome.HOLDS if one else Outcome.FAILS for one in held]
        return all(held) or share_that_holds(outcomes, noun).outcome is Outcome.HOLDS

    return certain
