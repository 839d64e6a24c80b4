"""Part: one subject on both sides, its figures as they were and as they are.

It walks :func:`simulator.outcomes.figures.every.figures_of` and defines no figure of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from reports.run.comparison.comparison import known
from reports.run.report.report import Column
from reports.run.shown import OF_ALL, OF_PARTS, OF_THE_STATION
from reports.run.side import Side
from reports.sentences import words
from reports.sentences.differences import Told
from reports.sentences.verdict import Said
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.compared.change import Change
from simulator.outcomes.figures.compared.difference import Difference
from simulator.outcomes.figures.compared.paired import of_outcomes, of_pairs
from simulator.outcomes.figures.compared.replays import of_replays
from simulator.outcomes.figures.reading import Figure
from simulator.outcomes.rows import Provenance
from simulator.plan.launches import Prediction
from simulator.plan.plan import Subject
from simulator.verdict.criteria import Outcome

HOLDING = "launches_that_hold"
AS_PROBED = (
    "no word on these: each run was predicted with what its own probe found, and the probe's error is"
    " in no interval; what was observed decides"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure on both sides."""

    key: str
    label: str
    unit: str
    difference: Difference
    judged: bool = True
    """Whether it is one of those that a prediction shows; all others are details of these."""
    change: Change | None = None
    """What became of it; None: it is not judged."""

    @property
    def kind(self) -> str:
        """The key without the name of a journey or station."""
        return self.key.rpartition("/")[2]

    @property
    def of_part(self) -> bool:
        """Whether it speaks of one journey or station among several."""
        return "/" in self.key

    @property
    def told(self) -> Told | None:
        """For a sentence; None where it is not judged."""
        if self.change is None:
            return None
        return self.label, self.unit, self.difference, self.change

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0 on both sides."""
        return self.difference.same and self.difference.old == 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The launch or the rehearsal, predicted or observed."""

    subject: Subject
    provenance: Provenance
    old: Said | None
    new: Said | None
    rows: tuple[Row, ...] = ()
    """The judged ones first, in the order in which a prediction shows them."""
    launches: int = 0
    """How many pairs of simulated launches; of what was observed, how many launches of the side that has fewer tell its spread."""
    replays: tuple[int, int] = (1, 1)
    """How many runs are the old side, and how many the new one."""
    same_luck: bool = False
    """Whether the launches of a pair have the same luck."""
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    """Labels of figures that one side alone has."""
    why_not: str = ""
    """Why it is not compared; empty: it is."""
    beside: str = ""
    """Why no word is said on any of its figures; empty: there is."""

    @property
    def is_observed(self) -> bool:
        return self.provenance is Provenance.OBSERVED

    @property
    def name(self) -> str:
        return f"{self.subject} {'observed' if self.is_observed else 'predicted'}"

    @property
    def judged(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.judged)


def parts_of(old: Side, new: Side, *, tolerance: float) -> Iterator[Part]:
    """What was observed first, then the predictions that both have."""
    if old.observed or new.observed or old.flaw or new.flaw:
        yield _observed(old, new, tolerance)
    for before, after in ((old.rehearsal, new.rehearsal), (old.launch, new.launch)):
        if before and after and before.prediction and after.prediction:
            part = _predicted(before, before.prediction, after, after.prediction, tolerance)
            yield _unjudged(part) if part.subject is Subject.REHEARSAL else part


def _unjudged(part: Part) -> Part:
    """Its figures without a word on any."""
    rows = (replace(row, judged=False) for row in part.rows)
    return replace(part, rows=tuple(rows), beside=AS_PROBED)


def _predicted(
    old: Column, before: Prediction, new: Column, after: Prediction, tolerance: float
) -> Part:
    same_luck = old.plan.seed == new.plan.seed
    part = Part(
        subject=old.plan.subject,
        provenance=Provenance.PREDICTED,
        old=old.said,
        new=new.said,
        launches=min(len(before.launches), len(after.launches)),
        same_luck=same_luck,
    )

    def difference(earlier: Figure, figure: Figure) -> Difference:
        return of_pairs(
            [earlier.read(one) for one in before.launches],
            [figure.read(one) for one in after.launches],
            alike=_alike(old, new),
            tolerance=tolerance,
        )

    return _filled(
        part, before.launches[0], after.launches[0], difference, tuple(_holding(old, new))
    )


def _observed(old: Side, new: Side, tolerance: float) -> Part:
    part = Part(
        subject=Subject.REHEARSAL, provenance=Provenance.OBSERVED, old=old.seen, new=new.seen
    )
    flaws = "; ".join(side.flaw for side in (old, new) if side.flaw)
    if flaws or not (old.observed and new.observed and old.rehearsal and new.rehearsal):
        return replace(part, why_not=flaws or "one of the two alone was replayed")
    if old.seeds.isdisjoint(new.seeds):
        return replace(part, why_not=_other_people(old, new))
    spreads = [
        one.prediction.launches if one.prediction else () for one in (old.rehearsal, new.rehearsal)
    ]
    seen = old.readings, new.readings

    def difference(earlier: Figure, figure: Figure) -> Difference:
        return of_replays(
            seen[0](earlier.key),
            seen[1](figure.key),
            [earlier.read(one) for one in spreads[0]],
            [figure.read(one) for one in spreads[1]],
            unit=figure.unit,
            alike=_alike(*(one.rehearsal for one in (*old.each, *new.each))),
            tolerance=tolerance,
        )

    part = replace(part, launches=min(map(len, spreads)), replays=(len(old.each), len(new.each)))
    return _filled(part, old.observed, new.observed, difference)


def _filled(
    part: Part,
    old: Summary,
    new: Summary,
    difference: Callable[[Figure, Figure], Difference],
    first: Sequence[Row] = (),
) -> Part:
    """The part with a row for each figure that both sides have, and somebody knows."""
    before, after = known(old), known(new)
    shown = OF_PARTS if len(new.layout.stations) > 1 else (*OF_PARTS, *OF_THE_STATION)
    rows = [
        Row(
            key=key,
            label=figure.label,
            unit=figure.unit,
            difference=difference(before[key], figure),
            judged=figure.kind in shown if figure.of_part else key in OF_ALL,
        )
        for key, figure in after.items()
        if key in before
    ]
    return replace(
        part,
        rows=(*first, *_ordered([row for row in rows if _is_known(row)])),
        only_old=tuple(one.label for key, one in before.items() if key not in after),
        only_new=tuple(one.label for key, one in after.items() if key not in before),
    )


def _ordered(rows: Sequence[Row]) -> Iterator[Row]:
    of_all = (row for row in rows if row.judged and not row.of_part)
    yield from sorted(of_all, key=lambda row: OF_ALL.index(row.key))
    yield from (row for row in rows if row.judged and row.of_part)
    yield from (row for row in rows if not row.judged)


def _is_known(row: Row) -> bool:
    """Whether somebody knows something of it, on either side."""
    seen = row.difference
    return seen.few or not (math.isnan(seen.old) and math.isnan(seen.new))


def _holding(old: Column, new: Column) -> Iterator[Row]:
    """How many launches hold, each by the objectives of its own side."""
    if old.said and new.said:
        before, after = (
            [one is Outcome.HOLDS for one in said.verdict.launches] for said in (old.said, new.said)
        )
        label = f"{words.plural(old.plan.subject)} that hold"
        yield Row(key=HOLDING, label=label, unit="share", difference=of_outcomes(before, after))


def _other_people(old: Side, new: Side) -> str:
    """A rehearsal is one drawing of who comes, and all its simulated launches have that one."""
    seeds = " and ".join(", ".join(map(str, sorted(side.seeds))) for side in (old, new))
    return (
        f"the seeds differ ({seeds}), so that other people came to the rehearsal; repeat it with the"
        " same --seed"
    )


def _alike(*columns: Column | None) -> bool:
    """Whether all were looked at for as long."""
    return len({(one.plan.horizon_ns, one.plan.end_ns) for one in columns if one}) <= 1
