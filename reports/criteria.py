"""Criteria: one thing that is asked, what was found, and what follows from it."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass

from reports import words
from simulator.figures import Reading, errors_of, quantile_of, response_of
from simulator.intervals import ENOUGH_LAUNCHES, Estimate
from simulator.plan import JourneyObjective, Objectives
from simulator.quantities import NS_PER_S
from simulator.summary import Summary


class Outcome(enum.StrEnum):
    """What can be said."""

    HOLDS = "holds"
    FAILS = "does not hold"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


class Kind(enum.StrEnum):
    """What a criterion speaks of: the generator, the launch, or how many launches hold."""

    INSTRUMENT = "instrument"
    OBJECTIVE = "objective"
    LAUNCHES = "launches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that is asked. Figures of unit "s" are in seconds."""

    kind: Kind
    name: str
    limit: float
    """What is allowed at most (for launches that hold: at least)."""
    measured: float
    """NaN where nothing could be measured; infinite for what never ended."""
    unit: str
    outcome: Outcome
    reason: str
    """A sentence without its full stop."""

    @property
    def strain(self) -> float:
        """How much of what is allowed was used: 1 at the limit. NaN where it cannot be said."""
        if math.isnan(self.measured) or math.isnan(self.limit):
            return math.nan
        if self.limit == 0:
            return 0.0 if self.measured == 0 else math.inf
        return self.measured / self.limit

    @property
    def found(self) -> str:
        """What was measured, as people read it."""
        return words.figure(self.measured, self.unit)

    @property
    def asked(self) -> str:
        """What is allowed, as people write it."""
        return words.figure(self.limit, self.unit)

    def __str__(self) -> str:
        """The figure against its objective."""
        return f"{self.name} {self.found} (objective {self.asked})"


def conclusion(criteria: Iterable[Criterion]) -> Outcome:
    """A failure decides; without one, whatever cannot be judged does."""
    outcomes = {criterion.outcome for criterion in criteria}
    for decisive in (Outcome.FAILS, Outcome.INCONCLUSIVE, Outcome.HOLDS):
        if decisive in outcomes:
            return decisive
    return Outcome.INCONCLUSIVE


def judge_objectives(
    objectives: Objectives, summary: Summary, forgotten: int | None = 0
) -> tuple[Criterion, ...]:
    """Every objective against one Summary; None: nobody knows how many were forgotten.

    Nobody can be forgotten in a prediction: there every visit has a fate by construction.
    """
    several, line = len(objectives.journeys) > 1, objectives.line
    found = [
        criterion
        for asked in objectives.journeys
        for criterion in _of_journey(asked, summary, several=several)
    ]
    found.extend(_wait(quantile, limit, summary) for quantile, limit in line.wait_quantiles_ns)
    if line.forgotten is not None:
        found.append(_forgotten(line.forgotten, forgotten))
    return tuple(found)


def _of_journey(asked: JourneyObjective, summary: Summary, *, several: bool) -> list[Criterion]:
    journey = summary.layout.journeys.index(asked.journey)
    found = [
        _quantile(
            f"{asked.journey} {words.quantile_name(quantile)}",
            limit_ns,
            response_of(journey, quantile)(summary),
        )
        for quantile, limit_ns in asked.quantiles_ns
    ]
    if asked.errors is not None:
        name = f"{asked.journey} errors" if several else "errors"
        found.append(_errors(name, asked.errors, errors_of(journey)(summary)))
    return found


def _quantile(name: str, limit_ns: int, reading: Reading) -> Criterion:
    limit_s = limit_ns / NS_PER_S
    if not reading.samples:
        outcome, reason = Outcome.INCONCLUSIVE, "nobody was let in"
    elif not reading.enough:
        outcome, reason = Outcome.INCONCLUSIVE, too_few(reading)
    elif reading.value <= limit_s:
        outcome, reason = Outcome.HOLDS, f"over {words.times(reading.samples, 'visit')}"
    else:
        outcome, reason = Outcome.FAILS, f"over {words.times(reading.samples, 'visit')}"
    return Criterion(
        kind=Kind.OBJECTIVE,
        name=name,
        limit=limit_s,
        measured=reading.value if reading.enough else math.nan,
        unit="s",
        outcome=outcome,
        reason=reason,
    )


def _wait(quantile: float, limit_ns: int, summary: Summary) -> Criterion:
    name = f"wait {words.quantile_name(quantile)}"
    if summary.bins.joined.any():
        return _quantile(name, limit_ns, quantile_of(lambda s: s.wait, quantile)(summary))
    return Criterion(
        kind=Kind.OBJECTIVE,
        name=name,
        limit=limit_ns / NS_PER_S,
        measured=math.nan,
        unit="s",
        outcome=Outcome.NOT_APPLICABLE,
        reason="there was no line",
    )


def _errors(name: str, limit: float, reading: Reading) -> Criterion:
    if not reading.samples:
        outcome, reason = Outcome.INCONCLUSIVE, "nobody was let in"
    else:
        outcome = Outcome.HOLDS if reading.value <= limit else Outcome.FAILS
        reason = f"of {reading.samples:,} let in"
    return Criterion(
        kind=Kind.OBJECTIVE,
        name=name,
        limit=limit,
        measured=reading.value,
        unit="share",
        outcome=outcome,
        reason=reason,
    )


def _forgotten(limit: int, forgotten: int | None) -> Criterion:
    if forgotten is None:
        outcome, reason = Outcome.INCONCLUSIVE, "the replay was cut short"
    else:
        outcome = Outcome.HOLDS if forgotten <= limit else Outcome.FAILS
        reason = "whose fate nobody knows; giving up is not being lost"
    return Criterion(
        kind=Kind.OBJECTIVE,
        name="forgotten",
        limit=float(limit),
        measured=math.nan if forgotten is None else float(forgotten),
        unit="",
        outcome=outcome,
        reason=reason,
    )


def too_few(reading: Reading) -> str:
    """The words for a figure that its samples do not carry."""
    return f"too few, {reading.samples:,} of {reading.needed:,}"


def too_few_launches(estimate: Estimate) -> str:
    """The words for the middle 95 % of launches that are too few to have one; else nothing."""
    if estimate.launches >= ENOUGH_LAUNCHES:
        return ""
    return f"too few, {estimate.launches:,} of {ENOUGH_LAUNCHES}"
