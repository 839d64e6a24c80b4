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

from reports.run.facts import Standing
from reports.run.shown import OF_ALL
from reports.sentences import words
from reports.sentences.reasons import too_few_launches, too_few_samples
from simulator.outcomes.counts.durations import SUB
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.figures import FIGURES, Figure, Reading
from simulator.outcomes.figures.intervals import Estimate
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

RESOLUTION = {"s": 1.0 / SUB}
"""Two durations that are closer than a bucket of the histogram cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure in one column."""

    value: float
    """NaN where it is unknown or too few; infinite for what never ends."""
    text: str
    """As people read it."""
    from_: float = math.nan
    to: float = math.nan
    """Where the middle 95 % of launches lie; NaN in an observed column, and of too few launches."""
    spread: str = ""
    """The same as people read it, or the words for why there is none."""
    few: bool = False
    """Whether there is no value because its samples are too few."""
    most: float = math.nan
    """The largest that it can be, where the value is a lower bound."""
    surely_from: float = math.nan
    surely_to: float = math.nan
    """Where so, that the middle 95 % of launches reach from here to there is sure."""

    @property
    def open(self) -> bool:
        """Whether the value is a lower bound, since not all of it was seen to its end."""
        return self.most > self.value

    @property
    def bounds(self) -> tuple[float, float]:
        return self.value, self.most if self.open else self.value


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
            and _comparable(self.rehearsal, self.observed)
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
    error, error_open = _error(predicted, seen)
    difference = _difference(predicted, seen) if figure.unit == "" else None
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
        within=_within(predicted, seen, figure.unit),
    )


def predicted_cell(figure: Figure, prediction: Prediction) -> Cell:
    """The median of the launches, and the middle 95 % of them."""
    estimate = prediction.estimate(figure)
    reading = figure.read(prediction.launches[0])
    if estimate.launches and not estimate.enough:
        few = Reading(math.nan, estimate.samples, enough=False, needed=reading.needed)
        return Cell(value=math.nan, text=_few(few), few=bool(few.samples))
    several = estimate.launches > 1
    return Cell(
        value=estimate.median,
        text=words.narrow_bound(estimate.median, figure.unit, open_=estimate.open),
        from_=estimate.from_,
        to=estimate.to,
        spread=_spread(estimate, figure.unit),
        most=math.inf if estimate.open else math.nan,
        surely_from=estimate.surely_from if several else math.nan,
        surely_to=estimate.surely_to if several else math.nan,
    )


def observed_cell(figure: Figure, summary: Summary) -> Cell:
    """The figure as it was observed, or the words for why there is none."""
    reading = figure.read(summary)
    if math.isnan(reading.value):
        return Cell(value=math.nan, text=words.NOTHING)
    if not reading.enough:
        return Cell(value=math.nan, text=_few(reading), few=bool(reading.samples))
    return Cell(
        value=reading.value,
        text=words.narrow_bound(reading.value, figure.unit, open_=reading.open),
        most=reading.most if reading.open else math.nan,
    )


def _few(reading: Reading) -> str:
    return too_few_samples(reading) if reading.samples else words.NOTHING


def _spread(estimate: Estimate, unit: str) -> str:
    if math.isnan(estimate.median):
        return ""
    if few := too_few_launches(estimate):
        return few
    if estimate.open and math.isinf(estimate.to):
        return f"> {words.figure(estimate.from_, unit)}"
    return words.between(estimate.from_, estimate.to, unit, " – ")


def _comparable(predicted: Cell | None, observed: Cell | None) -> bool:
    return (
        predicted is not None
        and observed is not None
        and not math.isnan(predicted.value)
        and not math.isnan(observed.value)
    )


def _error(predicted: Cell | None, observed: Cell | None) -> tuple[float | None, bool]:
    """The error, and whether it is only the least that it can be.

    Of two figures that were not seen to their end, that of the least that they can be: it is what was
    seen for as long, of either. Of two of which one that lie between bounds the error does too; where these bounds are on one side of
    zero, that which is nearer to it can be told.
    """
    if predicted is None or observed is None or not _comparable(predicted, observed):
        return None, False
    (least, most), (seen_least, seen_most) = predicted.bounds, observed.bounds
    if predicted.open == observed.open:
        return _relative(least, seen_least), False
    if seen_least > most:
        return _relative(most, seen_least), True
    if seen_most < least:
        return _relative(least, seen_most), True
    return None, False


def _relative(predicted: float, observed: float) -> float | None:
    if predicted == observed:
        return 0.0
    if not math.isfinite(predicted) or not math.isfinite(observed):
        return None
    return (observed - predicted) / predicted if predicted else None


def carries_a_ratio(predicted: Cell | None, observed: Cell | None) -> bool:
    """Whether what is predicted is large enough for an error in per cent of it.

    A prediction tells of one launch, as an observation does, and either spreads by ``s`` from launch
    to launch. Of ``o`` over ``p`` those ratios ``r`` fit for which ``(o - r p)**2`` is at most
    ``z**2 s**2 (1 + r**2)``. They reach from one number to another only if ``p > z s``; else they
    have no end, and chance alone makes nothing or twice as much of it. The middle 95 % of launches
    are ``2 z s`` wide: half of that has to be less than ``p``. A count of Poisson carries a ratio
    from ``z**2 = 3.84`` on.

    What equals its prediction has no error, however small; and where there are too few launches to
    know their middle, or it has no upper end, the ratio is told.

    Source: Fieller 1954, "Some problems in interval estimation", J. R. Stat. Soc. B 16.
    """
    if predicted is None or observed is None or predicted.value == observed.value:
        return True
    half = (predicted.to - predicted.from_) / 2
    return not predicted.value <= half < math.inf


def _difference(predicted: Cell | None, observed: Cell | None) -> float | None:
    """What a count was off by, where a ratio would say nothing."""
    if carries_a_ratio(predicted, observed) or predicted is None or observed is None:
        return None
    found = observed.value - predicted.value
    return found if math.isfinite(found) else None


def _within(predicted: Cell | None, observed: Cell | None, unit: str) -> bool | None:
    """Whether all that it can be lies within what is sure; or outside of all that can be.

    Where neither was seen to its end, both were seen for as long: then the least and the most that
    it can be are held against those of the launches.
    """
    if predicted is None or observed is None or not _comparable(predicted, observed):
        return None
    if math.isnan(predicted.from_):
        return None
    slack = 1.0 + RESOLUTION.get(unit, 0.0)
    least, most = observed.bounds
    surely_from, surely_to = (
        (predicted.surely_from, predicted.surely_to)
        if predicted.open
        else (predicted.from_, predicted.to)
    )
    if predicted.open and observed.open:
        least_fits = predicted.from_ / slack <= least <= surely_to * slack
        return least_fits and surely_from / slack <= most <= predicted.to * slack
    if surely_from / slack <= least and most <= surely_to * slack:
        return True
    outside = most < predicted.from_ / slack or least > predicted.to * slack
    return None if not outside else False
