"""Runs that took place, to be compared: variant by variant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reports.run.contrast import Contrast, contrasts
from reports.run.folder import RunFolder
from reports.run.report.reading import read_report
from reports.run.report.report import Report, VariantReport
from reports.run.side import Side, around
from scenarios.library import shelf as library
from simulator.errors import Damaged, ScenarioError, UsageError
from simulator.scenario.document.changed import changes
from surgeproof.endings import tell
from surgeproof.verbs.compare.named import Named, require_distinct
from surgeproof.verbs.sending.demo import ACTS
from surgeproof.verbs.sending.rehearsal.rehearsal import AS_WRITTEN

OF_DEMO = {act.label: act.variant for act in ACTS}
"""The variants of a launch that the demo plays, by what it calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that was read."""

    named: Named
    report: Report

    @classmethod
    def of(cls, named: Named) -> Run:
        """Raises UsageError or Damaged where it cannot be read."""
        return cls(named=named, report=read_report(RunFolder.open(Path(named.where))))

    @property
    def variants(self) -> tuple[VariantReport, ...]:
        """Those that are meant.

        Raises UsageError where there is none of that name, Damaged where there is none at all.
        """
        every, wanted = self.report.variants, self.named.variant
        if not every:
            raise Damaged(f"{self.named.where}: the run ended before anything was predicted")
        found = tuple(one for one in every if wanted in (None, one.label))
        if not found:
            labels = ", ".join(f'"{one.label}"' for one in every)
            raise UsageError(f'{self.named.where}: has no variant "{wanted}"; it has {labels}')
        return found

    def document(self, variant: VariantReport) -> Mapping[str, Any] | None:
        """What the launch file said, with that variant; None where it was not kept, or no more."""
        file, label = str(self.report.folder.path / "scenario.toml"), variant.label
        try:
            scenario = library.load(file, allow_files=True)
            known = OF_DEMO.get(label, label)
            if scenario.variant is None and label != AS_WRITTEN and known in scenario.variants:
                scenario = library.load(file, variant=known, allow_files=True)
        except ScenarioError:
            return None
        return scenario.merged


Chosen = tuple[Run, VariantReport]
"""A run, and which variant of it."""


def of_runs(named: Sequence[Named], *, tolerance: float) -> tuple[Contrast, ...]:
    """Each run against the first; of one run alone, its other variants against its first.

    Raises UsageError or Damaged.
    """
    require_distinct(named)
    first, *others = [Run.of(each) for each in named]
    chosen = [pair for other in others for pair in paired(first, other)]
    if not others:
        chosen = within(first)
    found = contrasts([sides_of(old, new) for old, new in chosen], tolerance=tolerance)
    return tuple(in_context(each, old, new) for each, (old, new) in zip(found, chosen, strict=True))


def within(run: Run) -> list[tuple[Chosen, Chosen]]:
    """The variants of one run.

    Raises UsageError where there is but one.
    """
    first, *others = run.variants
    if not others:
        raise UsageError(f"{run.named.typed}: name a second run to compare it with")
    return [((run, first), (run, each)) for each in others]


def paired(old: Run, new: Run) -> Iterator[tuple[Chosen, Chosen]]:
    """The variants that both have; where they have none in common, the one that decides of each."""
    mine, theirs = old.variants, {one.label: one for one in new.variants}
    both = [one.label for one in mine if one.label in theirs]
    if not both:
        yield (old, mine[0]), (new, new.variants[0])
        both = [mine[0].label, new.variants[0].label]
    else:
        yield from (((old, one), (new, theirs[one.label])) for one in mine if one.label in theirs)
    for run, other in ((old, new), (new, old)):
        for one in run.variants:
            if one.label not in both:
                tell(f'"{one.label}" of {run.named.typed} is not in {other.named.typed}: left out')


def sides_of(old: Chosen, new: Chosen) -> tuple[Side, Side]:
    """Both, called so that they can be told apart."""
    names = [name_of(*old), name_of(*new)]
    if names[0] == names[1]:
        names = [f"{run.named.where}@{one.label}" for run, one in (old, new)]
    before, after = (
        Side.of(name, run.report, one) for name, (run, one) in zip(names, (old, new), strict=True)
    )
    return before, after


def name_of(run: Run, variant: VariantReport) -> str:
    """What a variant of a run is called."""
    folder = run.report.folder.path.resolve().name
    return folder if len(run.report.variants) == 1 else f"{folder}@{variant.label}"


def in_context(contrast: Contrast, old: Chosen, new: Chosen) -> Contrast:
    """With what changed in the launch file, and around it."""
    before, after = (run.document(one) for run, one in (old, new))
    return replace(
        contrast,
        scenario=None if before is None or after is None else changes(before, after),
        environment=around(old[0].report.facts, new[0].report.facts),
    )
