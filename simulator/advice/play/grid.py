"""Grid: what becomes of the launch at other demands and other capacities, for whoever turns them.

Few launches a cell, on common luck, so that neighbouring cells differ by what was turned and not by
chance; each cell says how sure its share is. Between cells nothing is simulated: whoever shows a value
there interpolates, and says so.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player, read
from simulator.advice.size.trials import Trial, median_wait_p95_s
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.intervals import interval_of_share
from simulator.plan.launches import play, side_by_side
from simulator.plan.plan import Plan
from simulator.plan.sized import times_as_many
from simulator.units import NS_PER_S, Floats
from simulator.verdict.criteria import Outcome

DEMANDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
"""Factors of the likely demand."""
CAPACITIES = (0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0)
"""Factors of the candidate that is asked about."""
SEVERAL, FEWER = (0.5, 0.75, 1.0, 1.5, 2.0), (0.5, 1.0, 2.0)
"""Of either, where the launch is large."""
MOST_LAUNCHES = 12
"""A cell."""
MOST_PEOPLE = 25_000_000
"""So many people are simulated at most, all cells together."""
SIZES = ((DEMANDS, CAPACITIES, 6), (SEVERAL, SEVERAL, 3), (FEWER, FEWER, 2))
"""The finest that is affordable is played: demands, capacities, and the fewest launches a cell."""
POINTS = 48
"""Of the line over time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a few launches came to, at one demand and one capacity."""

    holds: int
    launches: int
    peak: float
    """The most who wait at once, in the median launch."""
    wait_p95_s: float
    """In the median launch; infinite where those waits never end, NaN where nobody waits."""
    lost: float
    """People, in the mean."""
    waiting: tuple[float, ...]
    """Who stands in the line (without one: who has come and not gone) over time, in the mean."""

    @property
    def interval(self) -> tuple[float, float]:
        """The two-sided 95 % Clopper-Pearson interval of the share that holds."""
        return interval_of_share(self.holds, self.launches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells by demand and capacity."""

    demands: tuple[float, ...]
    """Factors of the likely demand."""
    capacities: tuple[float, ...]
    """Factors of the candidate that is asked about, before what is whole was rounded up."""
    knobs: tuple[Knob, ...]
    """What is turned for that."""
    candidates: tuple[Candidate, ...]
    """What each of the capacities is."""
    at_s: tuple[float, ...]
    """The instants at which :attr:`Cell.waiting` is read."""
    lined: bool
    """Whether people wait in a line."""
    cells: tuple[tuple[Cell, ...], ...]
    """A row for each demand."""


def grid_of(
    player: Player, around: Candidate, *, most_launches: int = MOST_LAUNCHES
) -> Grid | None:
    """Play it; None where the launch is so large that not even a few cells are affordable."""
    plan = player.plan
    size = _size(plan.demand.total, most_launches)
    if size is None or not player.knobs:
        return None
    demands, factors, launches = size
    steps = dict(_steps(player.knobs, around, factors))
    plans = [
        replace(player.planned(candidate), demand=times_as_many(plan.demand, factor))
        for factor in demands
        for candidate in steps.values()
    ]
    tasks = [(each, player.engine, number) for each in plans for number in range(launches)]
    found = []
    for one in side_by_side(_played, tasks, player.engine):
        found.append(one)
        player.note()
    cells = [cell_of(found[first : first + launches]) for first in range(0, len(found), launches)]
    width = len(steps)
    return Grid(
        demands=tuple(demands),
        capacities=tuple(steps),
        knobs=player.knobs,
        candidates=tuple(steps.values()),
        at_s=instants_s(plan),
        lined=plan.system.has_line,
        cells=tuple(tuple(cells[row : row + width]) for row in range(0, len(cells), width)),
    )


def _size(people: float, most_launches: int) -> tuple[Sequence[float], Sequence[float], int] | None:
    """Demands, capacities and launches a cell, as many as are affordable."""
    for demands, capacities, fewest in SIZES:
        once = max(1.0, people) * sum(demands) * len(capacities)
        launches = min(most_launches, int(MOST_PEOPLE // once))
        if launches >= min(fewest, most_launches):
            return demands, capacities, launches
    return None


def _steps(
    knobs: tuple[Knob, ...], around: Candidate, factors: Sequence[float]
) -> Iterator[tuple[float, Candidate]]:
    """The candidate made smaller and larger; steps that are no other candidate are left out."""
    known: set[Candidate] = set()
    for factor in factors:
        values = tuple(
            _turned(knob, value, factor) for knob, value in zip(knobs, around.values, strict=True)
        )
        candidate = around if factor == 1.0 else Candidate(values=values)
        if candidate not in known and (factor == 1.0 or candidate != around):
            known.add(candidate)
            yield factor, candidate


def _turned(knob: Knob, value: float, factor: float) -> float:
    """A knob so many times as far; the range in which sizes were searched does not bind it."""
    return float(math.ceil(value * factor - 1e-9)) if knob.tweak.whole else value * factor


def instants_s(plan: Plan) -> tuple[float, ...]:
    """Where the line is read: evenly, up to the horizon."""
    return tuple(plan.horizon_ns / NS_PER_S * number / POINTS for number in range(1, POINTS + 1))


def _played(plan: Plan, engine: Engine, launch: int) -> tuple[Trial, Floats]:
    summary = play(plan, engine, launch)
    waits = waiting(summary, instants_s(plan), lined=plan.system.has_line)
    return read(plan, launch, summary), waits


def waiting(summary: Summary, at_s: Sequence[float], *, lined: bool) -> Floats:
    """Who waits at each instant: in the line or, where there is none, for what he came for."""
    levels = summary.bins.line if lined else summary.bins.present
    numbers = np.clip(np.array(at_s) * NS_PER_S / summary.bin_ns - 1, 0, len(levels) - 1)
    return levels[numbers.astype(np.int64)].astype(np.float64)


def cell_of(played: Sequence[tuple[Trial, Floats]]) -> Cell:
    """What these launches came to."""
    trials = [trial for trial, _ in played]
    return Cell(
        holds=sum(trial.outcome is Outcome.HOLDS for trial in trials),
        launches=len(trials),
        peak=statistics.median(max(trial.line_peak, float(line.max())) for trial, line in played),
        wait_p95_s=median_wait_p95_s(trials),
        lost=statistics.fmean(trial.lost for trial in trials),
        waiting=tuple(np.mean([line for _, line in played], axis=0).tolist()),
    )
