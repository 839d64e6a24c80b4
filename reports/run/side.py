"""Side: one of those that are compared, a variant of a run or a launch as it is predicted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.run.facts import RunFacts
from reports.run.report import Column, Report, VariantReport
from reports.sentences.verdict import Said
from simulator.errors import Stopped
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Provenance
from simulator.plan.plan import Subject
from simulator.scenario.document.changed import MISSING, Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What there is of it; None where there is nothing."""

    name: str
    launch: Column | None = None
    rehearsal: Column | None = None
    observed: Summary | None = None
    seen: Said | None = None
    """The verdict on what was observed."""
    flaw: str = ""
    """Why what was observed says nothing, or why there is nothing; empty where nothing was to be."""
    stopped: bool = False
    """Whether the kill switch ended it."""

    @classmethod
    def of(cls, name: str, report: Report, variant: VariantReport) -> Side:
        """A variant of a run."""
        seen = variant.verdict_on(Subject.REHEARSAL, Provenance.OBSERVED)
        return cls(
            name=name,
            launch=variant.launch,
            rehearsal=variant.rehearsal,
            observed=variant.observed,
            seen=seen,
            flaw=_flaw(name, report, variant, seen),
            stopped=report.ending is not None and report.ending.exit_code == Stopped.exit_code,
        )


def _flaw(name: str, report: Report, variant: VariantReport, seen: Said | None) -> str:
    if report.facts.target is None:
        return ""
    if variant.observed is None or variant.instrument is None:
        return f"nothing was observed in {name}"
    if seen is not None and seen.verdict.impaired:
        return f"what was observed in {name} says nothing, its instrument was impaired ({seen.why})"
    return ""


def around(old: RunFacts, new: RunFacts) -> tuple[Changed, ...]:
    """What changed between two runs beside the launch file, as far as it was kept."""
    return tuple(_changed(_kept(old), _kept(new)))


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Changed]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key, MISSING), new.get(key, MISSING)
        if before != after:
            yield Changed(key=key, old=before, new=after)


def _kept(facts: RunFacts) -> dict[str, object]:
    told: dict[str, object] = {
        "seed": facts.seed,
        "target": facts.target,
        "probe": facts.probe,
        "connections": facts.connections,
        "machine": facts.machine,
    }
    known = {key: value for key, value in told.items() if value not in (None, "")}
    return {**known, **facts.versions}
