"""What was published of a launch, beside what the launch comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Outcomes
from simulator.plan.published.counted import came_and_counted
from simulator.plan.published.fit import Fit
from simulator.plan.resolve import Arriving, Resolved, counts_outcomes, signups_of
from simulator.plan.surges.curve import Clock
from simulator.plan.surges.demand import components_of
from simulator.plan.surges.milestones import Peaks, band, peaks
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Reading
from simulator.scenario.words.surges.surge import Adoption, Milestones, Point
from simulator.timetable.demand import Demand
from simulator.units import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """How many are expected to have been counted by each instant, and what the counts leave open."""

    surge: Milestones
    at_ns: Ints
    count: Floats
    lower: Floats
    """No curve through the published counts is below this."""
    upper: Floats
    """None is above this."""
    by_point: tuple[float | None, ...]
    """At each published count; None beyond the last instant."""

    @property
    def points(self) -> tuple[Point, ...]:
        """As they were published."""
        return self.surge.points

    @property
    def peaks(self) -> Peaks:
        """How many a second the counts allow at most."""
        return peaks(self.surge.points)


def deciding(scenario: Scenario) -> list[Milestones]:
    """The published counts that decide the demand."""
    return [surge for surge in scenario.words.surge if isinstance(surge, Milestones)]


def outcome_of(scenario: Scenario) -> Milestones | None:
    """The published counts of signups or of the line, if there are any."""
    return next((surge for surge in deciding(scenario) if counts_outcomes(surge)), None)


def sources_of(series: Milestones | Adoption | Reading, point: Point) -> tuple[str, ...]:
    """The keys of the sources of a published count; none, if it is assumed."""
    said = {*series.assumed, *(f"points.{key}" for key in point.assumed)}
    return () if said & {"points", "points.count"} else point.source or series.source


def expected_arrivals(launch: Resolved, surge: Milestones, at_ns: Ints) -> Expected:
    """Of a surge whose published counts are of arrivals: those who come in it."""
    clock = Clock(opening=launch.clock.opening, horizon_ns=int(at_ns[-1]))
    likely = Demand(components=components_of([surge], launch.entries, clock)).likely
    instants = np.concatenate([at_ns, _points_ns(surge)])
    return _expected(surge, at_ns, np.array([likely.expected_by(int(at)) for at in instants]))


def expected_outcome(people: Arriving, engine: Engine, at_ns: Ints) -> Expected:
    """Of published signups or lengths of the line: those who are counted in the launch.

    One launch is simulated, and counted in proportion to those of whom anybody may be counted: as
    many more or fewer are expected as are expected to come.
    """
    launch, plan = people.launch, people.plan(seed=0)
    assert launch.fit is not None, "it counts an outcome"
    surge = launch.fit.surge
    certain = replace(plan, demand=plan.demand.likely)
    fit = replace(
        launch.fit,
        system=launch.system,
        entries=launch.entries,
        signups=signups_of(surge, launch.scenario),
    )
    order = np.argsort(instants := np.concatenate([at_ns, _points_ns(surge)]), kind="stable")
    share = np.empty(len(instants))
    outcomes = engine.simulate(certain.timetable(), plan.system)
    share[order] = share_counted(outcomes, instants[order], fit)
    return _expected(surge, at_ns, fit.expected(certain.demand, instants) * share)


def share_counted(outcomes: Outcomes, at_ns: Ints, fit: Fit) -> Floats:
    """How many are counted before each instant, for each who had come and may be."""
    steps = None if fit.surge.counts == "line" else fit.signups
    came, counts = came_and_counted(outcomes, at_ns, steps, fit.among)
    return counts / np.maximum(came, 1)


def _points_ns(surge: Milestones) -> Ints:
    return np.array([point.at_ns for point in surge.points], np.int64)


def _expected(surge: Milestones, at_ns: Ints, count: Floats) -> Expected:
    """``count`` holds the instants of the curve and then those of the points."""
    left_open = band(surge, at_ns)
    by_point = zip(surge.points, count[len(at_ns) :], strict=True)
    return Expected(
        surge=surge,
        at_ns=at_ns,
        count=count[: len(at_ns)],
        lower=left_open.lower,
        upper=left_open.upper,
        by_point=tuple(
            float(value) if point.at_ns <= at_ns[-1] else None for point, value in by_point
        ),
    )
