"""Mixture: a prediction of which some launches hold and others do not, told apart.

Under an uncertain demand most launches may be calm and some collapse: a mean of all of them describes
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.run.report.report import Column, VariantReport
from reports.sentences import words
from simulator.plan.launches import Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The launches of one prediction, by whether they hold."""

    subject: str
    good: Prediction
    bad: Prediction

    @property
    def named(self) -> list[tuple[str, Prediction]]:
        """Both, and what people call them."""
        return [
            (f"{len(self.good.launches):,} that do not fail", self.good),
            (f"{len(self.bad.launches):,} that do not hold", self.bad),
        ]

    @property
    def note(self) -> str:
        """What to know before a mean of all of them is read."""
        every = len(self.good.launches) + len(self.bad.launches)
        return (
            f"{len(self.bad.launches):,} of {words.times(every, self.subject)}, as simulated, do not"
            " hold: a mean over all of them describes neither these nor the others"
        )


def mixture_of(column: Column | None) -> Mixture | None:
    """None where nothing is predicted, or all launches are of one kind."""
    if column is None or column.prediction is None or column.said is None:
        return None
    prediction, failing = column.prediction, column.said.verdict.failing
    if all(failing) or not any(failing):
        return None
    pairs = list(zip(prediction.launches, failing, strict=True))
    return Mixture(
        subject=column.plan.subject,
        good=replace(prediction, launches=[one for one, fails in pairs if not fails]),
        bad=replace(prediction, launches=[one for one, fails in pairs if fails]),
    )


def notes(variant: VariantReport) -> Iterator[str]:
    """One for each prediction that is a mixture."""
    for column in (variant.launch, variant.rehearsal):
        found = mixture_of(column)
        if found:
            yield found.note
