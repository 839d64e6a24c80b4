"""The grid that a planner plays with: its cells as a picture, and as numbers for the sliders."""

from __future__ import annotations

import math
from typing import Any

from reports.planner.answer import Answer
from reports.planner.drawing.heat import Heat
from reports.planner.figure import Column, Figure, Table
from reports.planner.language import Language
from reports.planner.said.knobs import turned_text
from simulator.advice.play.grid import Cell, Grid
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.prices import Prices
from simulator.system.system import System

STRINGS = (
    "times_likely", "interpolated", "simulated", "between_sizes", "axes.line", "axes.present",
    "axes.after_opening", "never", "play.interval", "keys.as_asked",
)  # fmt: skip
DIGITS = 4


def grid(answer: Answer, language: Language) -> Figure | None:
    """How many launches hold at each demand and each capacity."""
    found = answer.grid
    if found is None:
        return None
    asked = (_nearest(found.demands), _nearest(found.capacities))
    chart = Heat(
        rows=tuple(f"×{language.factor(each)}" for each in found.demands),
        columns=tuple(f"×{language.factor(each)}" for each in found.capacities),
        shares=tuple(tuple(_share(cell) for cell in row) for row in found.cells),
        texts=tuple(
            tuple(language.share(round(_share(cell), 2)) for cell in row) for row in found.cells
        ),
        across=language.say("axes.capacity", what=capacity_of(answer, language)),
        down=language.say("axes.demand"),
        marked=asked,
    )
    table = Table(
        columns=(
            Column(key="demand_factor", label=language.say("columns.factor"), unit="factor"),
            Column(key="capacity_factor", label=language.say("columns.capacity"), unit="factor"),
            Column(key="holds", label=language.say("columns.holds")),
            Column(key="launches", label=language.say("columns.of_launches")),
            Column(key="share_low", label=language.say("columns.low"), unit="share"),
            Column(key="share_high", label=language.say("columns.high"), unit="share"),
            Column(key="peak", label=language.say("columns.peak")),
            Column(key="wait_p95_s", label=language.say("columns.wait_p95"), unit="s"),
            Column(key="lost_mean", label=language.say("columns.lost")),
        ),
        rows=tuple(
            (
                demand, capacity, float(cell.holds), float(cell.launches), *cell.interval,
                cell.peak, cell.wait_p95_s, cell.lost,
            )
            for demand, row in zip(found.demands, found.cells, strict=True)
            for capacity, cell in zip(found.capacities, row, strict=True)
        ),
    )  # fmt: skip
    return Figure.of(
        "grid", language, chart, table, _finding(answer, found, language), _note(found, language)
    )


def _note(found: Grid, language: Language) -> str:
    return language.say("notes.grid", launches=language.many("launch", found.cells[0][0].launches))


def capacity_of(answer: Answer, language: Language) -> str:
    """What a capacity is so many times as much as."""
    if answer.sizing is None:
        return language.say("todays_system")
    key = "labels.recommended" if answer.sizing.certificate is not None else "labels.nearest_size"
    return language.say(key)


def _finding(answer: Answer, found: Grid, language: Language) -> str:
    """The largest demand at which most launches hold, with the capacity that is asked about."""
    column = _nearest(found.capacities)
    good = [
        demand
        for demand, row in zip(found.demands, found.cells, strict=True)
        if 2 * row[column].holds > row[column].launches
    ]
    if not good:
        return language.say("findings.grid_never", what=capacity_of(answer, language))
    what, factor = capacity_of(answer, language), language.factor(max(good))
    return language.say("findings.grid", factor=factor, what=what)


def _nearest(factors: tuple[float, ...]) -> int:
    return min(range(len(factors)), key=lambda number: abs(math.log(factors[number])))


def _share(cell: Cell) -> float:
    return cell.holds / cell.launches


def play_data(
    found: Grid, language: Language, system: System, prices: Prices | None
) -> dict[str, Any]:
    """What the sliders read: strict JSON, in which what never ends is "inf" and what is unknown null."""
    return {
        "language": language.code,
        "demands": found.demands,
        "capacities": found.capacities,
        "asked": [_nearest(found.demands), _nearest(found.capacities)],
        "sizes": [_size_text(language, found.knobs, each, system) for each in found.candidates],
        "costs": [None if prices is None else prices.of(each.values) for each in found.candidates],
        "currency": prices.currency if prices else "",
        "at_s": [_number(each) for each in found.at_s],
        "lined": found.lined,
        "cells": [[_cell(cell) for cell in row] for row in found.cells],
        "strings": {key: _template(language, key) for key in STRINGS},
        "units": {
            "day": language.say("units.day"),
            "one_day": language.say("units.one_day"),
            "server": language.say("units.server"),
        },
    }


def _template(language: Language, key: str) -> str:
    """The sentence with its gaps, which the script fills."""
    gaps = {name: f"{{{name}}}" for name in ("factor", "a", "b", "low", "high", "launches")}
    return language.say(key, **gaps)


def _size_text(
    language: Language, knobs: tuple[Knob, ...], candidate: Candidate, system: System
) -> str:
    return ", ".join(
        turned_text(language, knob.tweak, value, system)
        for knob, value in zip(knobs, candidate.values, strict=True)
    )


def _cell(cell: Cell) -> dict[str, Any]:
    low, high = cell.interval
    return {
        "p": _number(_share(cell)),
        "low": _number(low),
        "high": _number(high),
        "n": cell.launches,
        "peak": _number(cell.peak),
        "wait": _number(cell.wait_p95_s),
        "lost": _number(cell.lost),
        "line": [_number(each) for each in cell.waiting],
    }


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "inf" if math.isinf(value) else float(f"{value:.{DIGITS}g}")
