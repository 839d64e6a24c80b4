"""A trial: one crowd at a host's doors, predicted, with what breaks first and the smallest fix."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulator.advice.change.remedy import Prescription, Remedy, prescribe
from simulator.advice.gauntlet.together import Together, together
from simulator.advice.why.diagnosis import Diagnosis, diagnoses_of
from simulator.advice.why.trouble import Sign
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.system.capacity import Supply
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import Verdict, judge

LAUNCHES = 60
FIRST = 20
"""Launches simulated before the others: where none of so many holds, a share of 0.95 that do would have
let this come about once in 10^26, and the others are not simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """What breaks first, in most of the launches that do not hold."""

    station: int | None
    """The station of which something ran out; None: the line kept people out, or too long."""
    supply: Supply | None
    """What ran out there."""
    at: int | None
    """The station at which attempts came to nothing, or late, since then."""
    sign: Sign | None
    """How."""
    began_ns: int
    """When: the median over those launches, of the starts of bins."""
    launches: int
    """In so many of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was predicted of one crowd."""

    name: str
    plan: Plan
    prediction: Prediction
    verdict: Verdict
    breaks: Break | None
    """None where it is predicted to hold, or where nothing that was counted explains why not."""
    prescription: Prescription
    together: Together | None = None
    """What would have held where no single change does: several at once."""

    @property
    def outcome(self) -> Outcome:
        return self.verdict.outcome

    @property
    def fix(self) -> Remedy | None:
        """The smallest change by more or less that would have held, or else one of another kind."""
        found = (self.prescription.remedy, *self.prescription.others)
        return next((each for each in found if each), None)

    @property
    def lost(self) -> float:
        """The share of all who come that are not served, over all launches."""
        launches = self.prediction.launches
        came = sum(each.arrivals for each in launches)
        return 1.0 - sum(int(each.fates[Fate.SERVED]) for each in launches) / max(1, came)


def trial(name: str, plan: Plan, engine: Engine, launches: int = LAUNCHES) -> Trial:
    """Predict the launch of one crowd, and search the smallest fix where it does not hold.

    So many launches decide that it holds; none of the first few that holds is enough for that it does
    not, and a fix is confirmed by as many as showed that it is needed: ``size`` certifies one.
    """
    prediction = predict(plan, engine, min(FIRST, launches))
    verdict = judge(prediction.launches, plan.objectives, plan.subject)
    if Outcome.HOLDS in verdict.launches and launches > FIRST:
        prediction = predict(plan, engine, launches)
        verdict = judge(prediction.launches, plan.objectives, plan.subject)
    diagnoses = diagnoses_of(plan, prediction)
    failing = [each for each, fails in zip(diagnoses, verdict.failing, strict=True) if fails]
    found = Trial(
        name=name,
        plan=plan,
        prediction=prediction,
        verdict=verdict,
        breaks=None,
        prescription=Prescription(),
    )
    if verdict.outcome is not Outcome.FAILS:
        return found
    found = replace(
        found,
        breaks=first_break(failing),
        prescription=prescribe(plan, prediction, failing, engine),
    )
    if found.fix is not None:
        return found
    return replace(found, together=together(plan, prediction, engine))


def first_break(failing: Sequence[Diagnosis]) -> Break | None:
    """What began first, in most of these launches; None where nothing did in any."""
    found = [each for each in map(earliest, failing) if each is not None]
    if not found:
        return None
    places = Counter((each.station, each.supply, each.at, each.sign) for each in found)
    (place, many), *_ = places.most_common(1)
    began = [
        each.began_ns for each in found if (each.station, each.supply, each.at, each.sign) == place
    ]
    station, supply, at, sign = place
    return Break(
        station=station,
        supply=supply,
        at=at,
        sign=sign,
        began_ns=statistics.median_low(began),
        launches=many,
    )


def earliest(diagnosis: Diagnosis) -> Break | None:
    """What began first in one launch; of a station and the line in the same bin it is the station."""
    found = [
        Break(
            station=each.cause,
            supply=each.supply,
            at=each.station,
            sign=each.sign,
            began_ns=each.began_ns,
            launches=1,
        )
        for each in sorted(diagnosis.troubles, key=lambda each: each.began_ns)[:1]
    ]
    if diagnosis.line_began_ns is not None:
        found.append(
            Break(
                station=None,
                supply=None,
                at=None,
                sign=None,
                began_ns=diagnosis.line_began_ns,
                launches=1,
            )
        )
    return min(found, key=lambda each: each.began_ns, default=None)
