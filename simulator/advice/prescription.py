"""Prescriptions: what to change in a launch that does not hold, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.advice.candidates import candidates, hard_launches, line_at_fault
from simulator.advice.diagnosis import Diagnosis, diagnose
from simulator.advice.remedy import Certain, Holds, Remedy, Search, Told, work_of
from simulator.advice.toll import Toll, tolerated, toll_of
from simulator.engine.rules import Engine
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan

WORK_AGAIN = 3
"""The search may simulate so many times as much as was predicted."""
FEWEST = 100
"""But as much as so many launches in any case."""
MOST_OTHERS = 2
"""So many changes of another kind are told."""


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


def diagnoses_of(plan: Plan, prediction: Prediction) -> tuple[Diagnosis, ...]:
    """One of each launch."""
    return tuple(diagnose(summary, plan.system, plan.objectives) for summary in prediction.launches)


def prescribe(
    plan: Plan,
    prediction: Prediction,
    diagnoses: Sequence[Diagnosis],
    engine: Engine,
    *,
    holds: Holds,
    certain: Certain,
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
        holds=holds,
        certain=certain,
        few=hard_launches(prediction, spare_of(launches, certain)),
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


def spare_of(launches: int, certain: Certain) -> int:
    """How many of so many launches need not hold.

    >>> spare_of(100, lambda held: held.count(False) <= 1)
    1
    """
    spare = 0
    while spare < launches and certain([True] * (launches - spare - 1) + [False] * (spare + 1)):
        spare += 1
    return spare
