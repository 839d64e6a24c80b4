"""Prescriptions: what to change in a launch that does not hold, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.candidates import candidates, hard_launches
from simulator.diagnosis import Diagnosis, diagnose
from simulator.engine import Engine
from simulator.launches import Prediction
from simulator.plan import Plan
from simulator.remedy import Certain, Holds, Remedy, Search, Told

LAUNCHES_AGAIN = 2
"""The search may simulate so many times as many launches as were predicted."""
FEWEST = 100
"""But so many in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What would have held."""

    remedy: Remedy | None = None
    """The smallest change by more or less."""
    others: tuple[Remedy, ...] = ()
    """Changes of another kind."""


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
    search = Search(
        plan=plan,
        engine=engine,
        holds=holds,
        certain=certain,
        few=hard_launches(prediction),
        launches=launches,
        budget=max(FEWEST, LAUNCHES_AGAIN * launches),
        told=told,
    )
    remedy = search.smallest(found.sized)
    others = [search.smallest([tweak]) for tweak in found.other]
    return Prescription(remedy=remedy, others=tuple(one for one in others if one))
