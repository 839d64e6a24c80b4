"""Parts: how much of a prediction's error the machine made, how much the services, how much the queue.

The rehearsal is predicted three times on the same luck: as probed, with the machine as it was, and with
the services as they were; then it is observed. From each of these levels to the next goes one part of
the error, and they add up to all of it:

    machine = with the machine as it was - as probed
    service = with the services as they were - with the machine as it was
    queue   = observed - with the services as they were

Of a launch that nobody sent, production's, there is one before these: with those who really came.
Where a prediction is missing its part falls to the next one. A predicted level is the median of the launches:
that of a rehearsal of which some launches collapse and others do not. What lies between two of them
has the interval of a bootstrap over the launches, which are paired by their luck (Efron 1979). The last
compares one launch with many: its interval is what is left between the observed figure and the middle 95 %
of the launches, so that it holds zero where that middle holds what was observed.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.compared.paired import between_medians
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.reading import Figure
from simulator.plan.launches import Prediction


class Step(enum.StrEnum):
    """What a figure is known from, in the order of the parts between them."""

    PROBED = "probed"
    DEMAND = "demand"
    """Predicted with those who really came: of a launch that nobody sent."""
    MACHINE = "machine"
    """Predicted with the machine as it was."""
    AT_MOST = "at most"
    """Predicted with all of each service as much slower as the yardstick: where nobody knows how much the machine was."""
    SERVICE = "service"
    """Predicted with the services as they were."""
    OBSERVED = "observed"


class Part(enum.StrEnum):
    """Of an error."""

    DEMAND = "demand"
    MACHINE = "machine"
    SERVICE = "service"
    QUEUE = "queue"


PART_OF = {
    Step.DEMAND: Part.DEMAND,
    Step.MACHINE: Part.MACHINE,
    Step.SERVICE: Part.SERVICE,
    Step.OBSERVED: Part.QUEUE,
}
"""The part that leads to a level."""
SHOWN = ("response_p50", "response_p95", "goodput", "turned_away")
OF_THE_LINE = "wait_p95"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A figure as one of the steps has it."""

    step: Step
    value: float
    """The median of the launches, or what was observed; NaN where that is too few."""
    from_: float = math.nan
    to: float = math.nan
    """Where the middle 95 % of launches lie; NaN of what was observed, and of too few launches."""
    open: bool = False
    """Whether the value is a lower bound, since not all of it was seen to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a part adds to the level before, with its 95 % interval; NaN where it cannot be told."""

    part: Part
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """One figure, from what was predicted to what was observed."""

    key: str
    label: str
    unit: str
    levels: tuple[Level, ...]
    parts: tuple[Contribution, ...]
    """One less than there are levels."""


def waterfalls(
    observed: Summary,
    probed: Prediction,
    *,
    demand: Prediction | None = None,
    machine: Prediction | None = None,
    services: Prediction | None = None,
) -> tuple[Waterfall, ...]:
    """Those of the figures that say the most: p50, p95, goodput, turned away, and the wait in a line.

    The predictions are of the same rehearsal, with the same seed and as many launches.
    """
    given = {
        Step.PROBED: probed,
        Step.DEMAND: demand,
        Step.MACHINE: machine,
        Step.SERVICE: services,
    }
    predictions = {step: each for step, each in given.items() if each is not None}
    figures = {figure.key: figure for figure in figures_of(observed.layout)}
    keys = (*SHOWN, OF_THE_LINE) if observed.stood_in_line else SHOWN
    return tuple(_waterfall(figures[key], observed, predictions) for key in keys)


def _waterfall(figure: Figure, observed: Summary, predictions: dict[Step, Prediction]) -> Waterfall:
    levels = [_predicted(figure, step, each) for step, each in predictions.items()]
    seen = _observed(figure, observed)
    parts = list(_paired(figure, predictions))
    return Waterfall(
        key=figure.key,
        label=figure.label,
        unit=figure.unit,
        levels=(*levels, seen),
        parts=(*parts, _queue(levels[-1], seen)),
    )


def _predicted(figure: Figure, step: Step, prediction: Prediction) -> Level:
    found = prediction.estimate(figure)
    if not found.enough:
        return Level(step=step, value=math.nan)
    return Level(step=step, value=found.median, from_=found.from_, to=found.to, open=found.open)


def _observed(figure: Figure, observed: Summary) -> Level:
    reading = figure.read(observed)
    value = reading.value if reading.enough else math.nan
    return Level(step=Step.OBSERVED, value=value, open=reading.open)


def _paired(figure: Figure, predictions: dict[Step, Prediction]) -> Iterator[Contribution]:
    """What each prediction adds to the one before it."""
    for before, after in pairwise(predictions):
        old, new = (
            [figure.read(summary) for summary in predictions[step].launches]
            for step in (before, after)
        )
        value, low, high = between_medians(old, new)
        yield Contribution(part=PART_OF[after], value=value, low=low, high=high)


def _queue(predicted: Level, seen: Level) -> Contribution:
    """What is left."""
    return Contribution(
        part=Part.QUEUE,
        value=_less(seen.value, predicted.value),
        low=_less(seen.value, predicted.to),
        high=_less(seen.value, predicted.from_),
    )


def _less(one: float, other: float) -> float:
    """One less the other; of two that never end nothing."""
    return 0.0 if one == other else one - other
