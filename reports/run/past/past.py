"""Past: what is kept of a launch that was predicted and took place, for the ledger.

No address, host or path of a target is kept: a ledger is committed, and read by everybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reports.run.comparison.comparison import Line
from reports.run.facts import Standing
from reports.run.report.report import Report, VariantReport
from reports.run.side import flaw_of
from simulator.outcomes.figures.score import Held
from simulator.outcomes.rows import Provenance
from simulator.plan.plan import Subject
from simulator.verdict.criteria import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigure:
    """One figure as it was predicted, and as it came."""

    key: str
    label: str
    unit: str
    predicted: float
    low: float
    """Where the middle 95 % of the predicted launches begin, and below where they end."""
    high: float
    came: float
    error: float | None
    within: bool | None

    @property
    def held(self) -> Held:
        error = math.nan if self.error is None else self.error
        if math.isinf(self.came) and math.isfinite(self.predicted):
            error = math.inf  # never, and predicted to end
        return Held(key=self.key, error=error, within=self.within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One launch."""

    launch: str
    variant: str
    at: str
    """When it began, in UTC: 2026-11-28T23:15:00+00:00."""
    standing: Standing
    """OBSERVED in a rehearsal."""
    version: str
    predicted: Outcome
    came: Outcome
    figures: tuple[PastFigure, ...]
    """None where the instrument failed: what it saw may be its own doing."""

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.at, self.launch, self.variant

    @property
    def held(self) -> tuple[Held, ...]:
        return tuple(figure.held for figure in self.figures)


def pasts_of(report: Report) -> Iterator[Past]:
    """Each variant of a run that was predicted and took place."""
    for variant in report.variants:
        found = past_of(report, variant)
        if found is not None:
            yield found


def past_of(report: Report, variant: VariantReport) -> Past | None:
    predicted = variant.verdict_on(Subject.REHEARSAL, Provenance.PREDICTED)
    came = variant.verdict_on(Subject.REHEARSAL, Provenance.OBSERVED)
    if predicted is None or came is None or variant.observed is None:
        return None
    return Past(
        launch=report.facts.scenario,
        variant=variant.label,
        at=report.facts.started_at.isoformat(timespec="seconds"),
        standing=Standing.OBSERVED,
        version=report.facts.versions.get("surgeproof", ""),
        predicted=predicted.outcome,
        came=came.outcome,
        figures=() if flaw_of(variant) else tuple(map(figure_of, variant.comparison.varying)),
    )


def figure_of(line: Line) -> PastFigure:
    predicted, came = line.rehearsal, line.observed
    assert predicted is not None, "what varies was predicted"
    assert came is not None, "and observed"
    return PastFigure(
        key=line.figure.key,
        label=line.figure.label,
        unit=line.figure.unit,
        predicted=predicted.value,
        low=predicted.from_,
        high=predicted.to,
        came=came.value,
        error=line.error,
        within=line.within,
    )
