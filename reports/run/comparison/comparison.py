"""Comparison: the launch predicted, the rehearsal predicted, and the rehearsal observed.

It walks :func:`simulator.outcomes.figures.every.figures_of` and defines no figure of its own. One observed rehearsal
is held against the median of the predicted ones and their middle 95 %: a single run should fall in there
19 times out of 20, figure by figure, if the prediction is right. Not against their mean: where services are
not surely known some launches collapse and others do not, and hardly any comes near the mean of both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.run.comparison.cells import Cell, observed_cell, predicted_cell
from reports.run.comparison.deviation import (
    carries_a_ratio,
    comparable,
    difference_of,
    error_of,
    is_within,
)
from reports.run.facts import Standing
from reports.run.shown import OF_ALL
from reports.sentences import words
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.figures import FIGURES
from simulator.outcomes.figures.reading import Figure
from simulator.plan.launches import Prediction

SHORT = (
    "arrivals", "let_in", "served", "errors", "line_peak", "wait_p50", "wait_p95", "response_p50", "response_p95",
    "response_p99", "service_mean", "turned_away", "goodput",
)  # fmt: skip
"""The figures that a terminal shows, in the order of :mod:`reports.run.shown`."""
SHORT_OF_PARTS = (
    "response_p95", "errors", "turned_away", "queue_p95", "utilisation_highest",
)  # fmt: skip
"""Those of each journey and step, where there are several."""

Known = dict[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure in all columns; None where a column was not filled."""

    figure: Figure
    launch: Cell | None
    rehearsal: Cell | None
    observed: Cell | None
    error: float | None
    """Observed against predicted rehearsal, as a share of the predicted; None: not comparable, or
    what is predicted does not carry a share."""
    within: bool | None
    """Whether the observed figure lies in the predicted middle 95 %; None: not comparable, or what
    was not seen to its end leaves it open."""
    error_open: bool = False
    """Whether the error is the least that it can be, in its direction."""
    difference: float | None = None
    """Observed less predicted, of counts too small for a share of them (:func:`carries_a_ratio`)."""

    @property
    def cells(self) -> tuple[Cell | None, Cell | None, Cell | None]:
        return self.launch, self.rehearsal, self.observed

    @property
    def is_observed(self) -> bool:
        """Whether the observed column says something, if only that it is too few."""
        seen = self.observed
        return seen is not None and (seen.few or not math.isnan(seen.value))

    @property
    def undecided(self) -> bool:
        """Whether both figures are there, and what was not seen to its end leaves the rest open."""
        return (
            self.within is None
            and comparable(self.rehearsal, self.observed)
            and any(cell is not None and cell.open for cell in (self.rehearsal, self.observed))
        )

    @property
    def varies(self) -> bool:
        """Whether the simulated rehearsals differ in it, so that one observation says something."""
        cell = self.rehearsal
        return self.within is not None and cell is not None and cell.from_ < cell.to

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0, or unknown, in all columns."""
        cells = [cell for cell in (self.launch, self.rehearsal, self.observed) if cell]
        return all(
            not cell.few and (math.isnan(cell.value) or (cell.value == 0 and not cell.to > 0))
            for cell in cells
        )

    @property
    def error_text(self) -> str:
        if self.difference is not None:
            sign = "+" if self.difference > 0 else "-" if self.difference < 0 else ""
            return f"{sign}{words.count(abs(self.difference))}"
        if self.error is None:
            return ""
        said = words.change(self.error)
        return f"{'>' if self.error > 0 else '<'} {said}" if self.error_open else said

    @property
    def within_text(self) -> str:
        if self.undecided:
            return "open"
        return {True: "yes", False: "no", None: ""}[self.within]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One variant's three columns."""

    variant: str
    launch_standing: Standing
    """EXTRAPOLATED where the launch goes beyond what was rehearsed."""
    lines: tuple[Line, ...]

    @property
    def short(self) -> tuple[Line, ...]:
        """The most important first; of parts, those of which something was observed, if anything was."""
        every = [line for line in self.lines if line.figure.key in SHORT]
        observed = any(line.observed for line in self.lines)
        parts = (
            line
            for line in self.lines
            if line.figure.of_part
            and line.figure.kind in SHORT_OF_PARTS
            and (line.is_observed or not observed)
        )
        return (*sorted(every, key=lambda line: OF_ALL.index(line.figure.key)), *parts)

    @property
    def telling(self) -> tuple[Line, ...]:
        """Those that are not nothing but zeros."""
        return tuple(line for line in self.lines if not line.is_nothing)

    @property
    def zeros(self) -> tuple[Line, ...]:
        """The others."""
        return tuple(line for line in self.lines if line.is_nothing)

    @property
    def varying(self) -> tuple[Line, ...]:
        """The shown figures that could miss their prediction: the plan does not fix them."""
        return tuple(line for line in self.short if line.varies)


def compare(
    variant: str,
    *,
    launch: Prediction | None = None,
    rehearsal: Prediction | None = None,
    observed: Summary | None = None,
) -> Comparison:
    """Put side by side what there is."""
    both = launch is not None and (rehearsal is not None or observed is not None)
    columns = (
        {} if launch is None else known(launch.launches[0]),
        {} if rehearsal is None else known(rehearsal.launches[0]),
        {} if observed is None else known(observed),
    )
    return Comparison(
        variant=variant,
        launch_standing=Standing.EXTRAPOLATED if both else Standing.PREDICTED,
        lines=tuple(
            _line(figure, columns, launch, rehearsal, observed) for figure in together(columns)
        ),
    )


def known(summary: Summary) -> Known:
    """The figures of a column, by their keys."""
    return {figure.key: figure for figure in figures_of(summary.layout)}


def together(columns: Sequence[Known]) -> Sequence[Figure]:
    """Every figure that any column has, as the first of them calls it.

    Not everything of a launch is rehearsed, and the stations of a rehearsal are the target's.
    """
    found: Known = {}
    for column in columns:
        for key, figure in column.items():
            found.setdefault(key, figure)
    return tuple(found.values()) or FIGURES


def _line(
    figure: Figure,
    columns: tuple[Known, Known, Known],
    launch: Prediction | None,
    rehearsal: Prediction | None,
    observed: Summary | None,
) -> Line:
    of_launch, of_rehearsal, of_observed = (column.get(figure.key) for column in columns)
    predicted = predicted_cell(of_rehearsal, rehearsal) if of_rehearsal and rehearsal else None
    seen = observed_cell(of_observed, observed) if of_observed and observed else None
    error, error_open = error_of(predicted, seen)
    difference = difference_of(predicted, seen) if figure.unit == "" else None
    if difference is not None or not carries_a_ratio(predicted, seen):
        error, error_open = None, False
    return Line(
        figure=figure,
        launch=predicted_cell(of_launch, launch) if of_launch and launch else None,
        rehearsal=predicted,
        observed=seen,
        error=error,
        error_open=error_open,
        difference=difference,
        within=is_within(predicted, seen, figure.unit),
    )
