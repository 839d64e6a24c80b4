"""A figure in one column of a comparison, as it was predicted or observed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reports.sentences import words
from reports.sentences.reasons import too_few_launches, too_few_samples
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.intervals import Estimate
from simulator.outcomes.figures.reading import Figure, Reading
from simulator.plan.launches import Prediction


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
