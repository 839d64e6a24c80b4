"""The long table: every figure of a launch, with its interval."""

from __future__ import annotations

import math

from reports.planner.answer import Answer
from reports.planner.figure import Column, Table, brief
from reports.planner.language import Language
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.intervals import Estimate
from simulator.outcomes.figures.reading import Figure
from simulator.plan.launches import Prediction


def numbers(answer: Answer, language: Language) -> Table:
    """A row for each figure."""
    prediction = answer.prediction
    layout = prediction.launches[0].layout
    return Table(
        columns=(
            Column(key="key", label=language.say("columns.key"), unit="text"),
            Column(key="figure", label=language.say("columns.figure"), unit="text"),
            Column(key="mean", label=language.say("columns.mean"), unit="text"),
            Column(key="interval_of_mean", label=language.say("columns.interval"), unit="text"),
            Column(key="middle_of_launches", label=language.say("columns.middle"), unit="text"),
        ),
        rows=tuple(_row(figure, prediction, layout, language) for figure in figures_of(layout)),
    )


def _row(
    figure: Figure, prediction: Prediction, layout: Layout, language: Language
) -> tuple[str, ...]:
    found = prediction.estimate(figure)
    label = label_of(figure.key, layout, language)
    if not found.enough:
        return figure.key, label, language.say("too_few", n=language.count(found.samples)), "", ""
    return (
        figure.key,
        label,
        language.bound(found.mean, figure.unit, open_=found.open),
        _between(found.low, found.high, figure.unit, language) if found.launches > 1 else "",
        _middle(found, figure.unit, language),
    )


def _middle(found: Estimate, unit: str, language: Language) -> str:
    return "" if math.isnan(found.from_) else _between(found.from_, found.to, unit, language)


def _between(low: float, high: float, unit: str, language: Language) -> str:
    ends = language.figure(low, unit), language.figure(high, unit)
    return ends[0] if ends[0] == ends[1] else language.say("from_to", a=ends[0], b=ends[1])


def label_of(key: str, layout: Layout, language: Language) -> str:
    """What a figure is called: by its key, behind the name of what it is of."""
    name, _, kind = key.rpartition("/")
    if not name:
        alone = len(layout.journeys) == 1
        name = layout.journeys[0] if alone else language.say("all_journeys")
        return language.say(f"quantities.{kind}", name=brief(name, 40))
    return language.say(f"quantities_of.{kind}", name=brief(name, 60))
