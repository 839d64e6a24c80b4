"""Whether a prediction came true: right, wrong, or not comparable, with the reasons as figures.

It is wrong if what was observed would be as surprising once in twenty times or less
(:mod:`simulator.verdict.truth.surprise`). It is not comparable if the machine has changed its speed since
it was probed, and that alone explains it: predicted with the machine as it was, the same observation is
no surprise. The prediction was made for another machine then, and says nothing about this one. So it is where
others kept all cores of the machine busy, and with the services as they were it is right; and where the pieces of
work changed, nobody knows the target's own processor time, which would tell whether that was the machine, and the machine
could explain it: no service was slower than that piece, since the machine slows all of it at most.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.intervals import CONFIDENCE
from simulator.outcomes.figures.reading import Figure
from simulator.plan.launches import Prediction
from simulator.verdict.truth.machine.changed import Changed
from simulator.verdict.truth.parts import Step, Waterfall, waterfalls
from simulator.verdict.truth.reasons import (
    Contradicted,
    Lacking,
    Reason,
    RightWith,
    StillWrongWith,
    TooFewLaunches,
)
from simulator.verdict.truth.surprise import LEAST_LAUNCHES, Compared, Surprise, surprise
from simulator.verdict.truth.suspects.found import Suspect
from simulator.verdict.truth.suspects.others import Others
from simulator.verdict.truth.took import Took

OF_ALL = frozenset({
    "served", "errors", "line_peak", "wait_p50", "wait_p95", "response_p50", "response_p95",
    "response_p99", "service_mean", "turned_away", "timed_out", "goodput",
})  # fmt: skip
OF_PARTS = frozenset({"response_p95", "errors", "turned_away", "queue_p95"})
"""The figures that are judged: of all together, and of each journey and step."""
OFTEN_EARLY = 0.01
"""Of answers that are correct to the discipline not one comes early; of clocks that differ a few do."""


class Came(enum.StrEnum):
    """What a prediction came to."""

    RIGHT = "predicted right"
    WRONG = "predicted wrong"
    NOT_COMPARABLE = "not comparable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A figure that was surprising."""

    key: str
    label: str
    unit: str
    observed: float
    from_: float
    to: float
    """Where the middle 95 % of predicted launches lie; of fewer than have one, all of them."""
    p: float
    """As one of all the figures that are judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionVerdict:
    """What a prediction came to, and why."""

    outcome: Came
    p: float = math.nan
    """How likely so surprising an observation is where the prediction is right."""
    missed: tuple[Missed, ...] = ()
    """The most surprising first."""
    reasons: tuple[Reason, ...] = ()


def judge_prediction(
    observed: Summary | None,
    probed: Prediction | None,
    *,
    demand: Prediction | None = None,
    machine: Prediction | None = None,
    at_most: Prediction | None = None,
    services: Prediction | None = None,
    took: Sequence[Took] = (),
    changed: Changed | None = None,
    suspects: Sequence[Suspect] = (),
    beside: Others | None = None,
    valid: bool = True,
    told: Collection[str] | None = None,
) -> PredictionVerdict:
    """Hold one observed rehearsal, or a recorded launch, against its prediction.

    ``machine`` and ``services`` are predictions of the same with these as they were, and ``demand`` one with
    those who came, ``at_most`` one with services slowed by all that a piece of work was; ``took`` and ``changed`` how far they were from what had been probed; ``suspects`` may
    explain why it was wrong, and ``beside`` are who used the machine as well. ``valid``: whether the replay sent its plan. ``told``: the keys of the figures
    that were seen at all; None: all of them.
    """
    if probed is None or observed is None or not valid:
        return PredictionVerdict(outcome=Came.UNKNOWN, reasons=(lacking(observed, probed),))
    if len(probed.launches) < LEAST_LAUNCHES:
        few = TooFewLaunches(launches=len(probed.launches), needed=LEAST_LAUNCHES)
        return PredictionVerdict(outcome=Came.UNKNOWN, reasons=(few,))
    found = held_against(observed, probed, told)
    if not found.of_figures:
        return PredictionVerdict(outcome=Came.UNKNOWN, reasons=(Lacking.NOTHING_VARIES,))
    falls = waterfalls(observed, probed, demand=demand, machine=machine, services=services)
    again = {
        Step.DEMAND: demand,
        Step.MACHINE: machine,
        Step.AT_MOST: at_most,
        Step.SERVICE: services,
    }
    tried = [
        with_it(observed, step, prediction, falls, told)
        for step, prediction in again.items()
        if prediction is not None and can_tell(observed, prediction, told)
    ]
    outcome = came(found, tried, changed, beside, took)
    blamed: tuple[Reason, ...] = tuple(suspects) if outcome is not Came.RIGHT else ()
    if outcome is not Came.RIGHT and beside is not None:
        blamed = (beside, *blamed)
    reasons = (*_measured(took, changed), *blamed, *tried, *_contradicted(took))
    missed = tuple(missed_of(observed, probed, found))
    return PredictionVerdict(outcome=outcome, p=found.p, missed=missed, reasons=reasons)


def can_tell(
    observed: Summary, prediction: Prediction, told: Collection[str] | None = None
) -> bool:
    """Whether a prediction could be surprised at all."""
    enough = len(prediction.launches) >= LEAST_LAUNCHES
    return enough and bool(held_against(observed, prediction, told).of_figures)


def lacking(observed: Summary | None, probed: Prediction | None) -> Lacking:
    """What is missing."""
    if probed is None:
        return Lacking.NOTHING_PREDICTED
    return Lacking.NOTHING_OBSERVED if observed is None else Lacking.NOT_VALID


def came(
    found: Surprise,
    tried: Sequence[RightWith | StillWrongWith],
    changed: Changed | None,
    beside: Others | None = None,
    took: Sequence[Took] = (),
) -> Came:
    """Right if it is no surprise; not comparable if the machine alone explains it, or could and nobody can say whether it does."""
    if not is_surprising(found):
        return Came.RIGHT
    right = {each.step for each in tried if isinstance(each, RightWith)}
    moved = changed is not None and changed.differs and Step.MACHINE in right
    untold = changed is not None and changed.untold and could_be(changed, tried, took)
    crowded = beside is not None and Step.SERVICE in right
    return Came.NOT_COMPARABLE if moved or untold or crowded else Came.WRONG


def could_be(
    changed: Changed, tried: Sequence[RightWith | StillWrongWith], took: Sequence[Took]
) -> bool:
    """Whether a machine that changed so could have made all of it: it slows services by no more than its pieces of work.

    By less, where part of a service is no work of a processor. Where nobody knows how long services took, by all of it.
    """
    right = {each.step for each in tried if isinstance(each, RightWith)}
    if Step.AT_MOST in right:
        return True
    if not took:
        return not any(each.step is Step.AT_MOST for each in tried)
    low, high = min(1.0, changed.low), max(1.0, changed.high)
    return Step.SERVICE in right and all(each.low <= high and each.high >= low for each in took)


def is_surprising(found: Surprise) -> bool:
    """Whether a right prediction surprises so much once in twenty times at most."""
    return found.p <= 1 - CONFIDENCE + 1e-9


def held_against(
    observed: Summary, prediction: Prediction, told: Collection[str] | None = None
) -> Surprise:
    """How surprising the observed launch is among the predicted ones, in the figures that are judged."""
    first = prediction.launches[0]
    predicted = {figure.key: figure for figure in figures_of(first.layout)}
    return surprise([
        Compared(
            key=figure.key,
            unit=figure.unit,
            observed=figure.read(observed),
            launches=[predicted[figure.key].read(launch) for launch in prediction.launches],
        )
        for figure in judged_figures(observed)
        if figure.key in predicted and (told is None or figure.key in told)
    ])  # fmt: skip


def judged_figures(observed: Summary) -> Iterator[Figure]:
    """In the order in which they are printed."""
    for figure in figures_of(observed.layout):
        if figure.kind in OF_PARTS if figure.of_part else figure.key in OF_ALL:
            yield figure


def with_it(
    observed: Summary,
    step: Step,
    prediction: Prediction,
    falls: Sequence[Waterfall],
    told: Collection[str] | None = None,
) -> RightWith | StillWrongWith:
    """What the observation is to a prediction with demand, machine or services as they were."""
    found = held_against(observed, prediction, told)
    if is_surprising(found):
        missed = missed_of(observed, prediction, found)
        return StillWrongWith(step=step, labels=tuple(each.label for each in missed))
    errors = [error for each in falls if (error := off(each, step)) is not None]
    return RightWith(step=step, within=max(errors, default=None))


def off(fall: Waterfall, step: Step) -> float | None:
    """The error of a level, as a share of it; None where there is none, or its launches spread over more than it is.

    Of such a level chance alone makes nothing or twice as much, so that no share says anything
    (Fieller 1954, as in a comparison's column of errors).
    """
    level = next((each for each in fall.levels if each.step is step), None)
    if level is None:  # AT_MOST is a bound, and no part of an error
        return None
    seen = fall.levels[-1]
    half = (level.to - level.from_) / 2
    if not half < level.value < math.inf or not math.isfinite(seen.value):
        return None
    return abs(seen.value - level.value) / level.value


def missed_of(observed: Summary, prediction: Prediction, found: Surprise) -> list[Missed]:
    """The figures that were surprising, the most surprising first."""
    figures = {figure.key: figure for figure in judged_figures(observed)}
    missed = []
    for key, p in sorted(found.of_figures.items(), key=lambda each: each[1]):
        if p > 1 - CONFIDENCE + 1e-9:
            continue
        figure = figures[key]
        middle = prediction.estimate(figure)
        low, high = middle.from_, middle.to
        if math.isnan(low):  # of so few launches no middle 95 % is told, and none came so far out
            values = [figure.read(launch).value for launch in prediction.launches]
            low, high = min(values), max(values)
        value = figure.read(observed).value
        missed.append(
            Missed(
                key=key,
                label=figure.label,
                unit=figure.unit,
                observed=value,
                from_=low,
                to=high,
                p=p,
            )
        )
    return missed


def _measured(took: Sequence[Took], changed: Changed | None) -> Iterator[Reason]:
    """What differed from what had been probed, by more than chance."""
    if changed is not None and changed.moved:
        yield changed
    yield from (each for each in took if each.differs)


def _contradicted(took: Sequence[Took]) -> Iterator[Reason]:
    for each in took:
        if each.contradicted > OFTEN_EARLY:
            yield Contradicted(station=each.station, share=each.contradicted)
