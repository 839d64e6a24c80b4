"""Side: one of those that are compared, a variant of a run or a launch as it is predicted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.run.comparison.comparison import known
from reports.run.facts import RunFacts
from reports.run.report.report import Column, Report, VariantReport
from reports.sentences.verdict import Said
from simulator.errors import Stopped
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.compared.replays import Seen
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
    replays: tuple[Side, ...] = ()
    """Where several runs are one side: each of them that says something. The rest is of the last one."""

    @property
    def each(self) -> tuple[Side, ...]:
        """Its replays, or itself as the only one."""
        return self.replays or (self,)

    @property
    def seeds(self) -> set[int]:
        """Of whose luck its replays are."""
        return {one.rehearsal.plan.seed for one in self.each if one.rehearsal}

    @property
    def readings(self) -> Callable[[str], list[Seen]]:
        """Of a figure, by its key: what each of its replays showed."""
        figures = [
            (one.rehearsal.plan.seed, one.observed, known(one.observed))
            for one in self.each
            if one.rehearsal and one.observed
        ]
        return lambda key: [
            Seen(seed, of_one[key].read(summary))
            for seed, summary, of_one in figures
            if key in of_one
        ]

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
            flaw=_flaw(name, report, variant),
            stopped=report.ending is not None and report.ending.exit_code == Stopped.exit_code,
        )


def together(sides: Sequence[Side]) -> Side:
    """Several runs as one side, as if each were one observation of the same.

    Those of which nothing can be said are left out; where that are all of them, that is why.
    """
    *_, last = sides
    sound = [side for side in sides if not side.flaw and side.observed]
    if len(sides) == 1 or not sound:
        return last
    *_, last = sound
    name = f"{len(sound)} replays" if len(sound) > 1 else last.name
    stopped = any(side.stopped for side in sides)
    return replace(last, name=name, stopped=stopped, replays=tuple(sound))


def _flaw(name: str, report: Report, variant: VariantReport) -> str:
    if report.facts.target is None:
        return ""
    if variant.observed is None or variant.instrument is None:
        return f"nothing was observed in {name}"
    flaw = flaw_of(variant)
    return flaw and f"what was observed in {name} says nothing, {flaw}"


def flaw_of(variant: VariantReport) -> str:
    """Why what was observed says nothing of the target: the instrument failed, or the replay was cut short; empty: it does."""
    seen = variant.verdict_on(Subject.REHEARSAL, Provenance.OBSERVED)
    if seen is None or not seen.verdict.impaired:
        return ""
    return f"its instrument was impaired ({seen.why})"


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
