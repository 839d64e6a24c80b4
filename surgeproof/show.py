"""``surgeproof show``: a launch's demand as a chart, with the figures that were published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reports import words
from reports.terminal_chart import chart
from scenarios import library
from simulator import surge
from simulator.launches import play
from simulator.plan import Plan
from simulator.quantities import NS_PER_S, format_rate
from simulator.resolve import launch_plan
from simulator.scenario import Scenario
from simulator.surge_words import Countdown, Milestones, Point
from simulator.system import Policy
from surgeproof.engines import engine_named
from surgeproof.progress import progress

COUNTED = {"line": "people in the line", "signups": "people signed up", "arrivals": "arrivals"}
SAMPLES = 256


def run(name: str | None, *, variant: str | None, settings: list[str]) -> int:
    """List the library, or draw one launch."""
    if name is None:
        return show_library()
    scenario = library.load(name, variant=variant, settings=settings)
    engine = engine_named("compiled")
    with progress("predicting one launch"):
        plan = launch_plan(scenario, seed=0, engine=engine)
        summary = play(plan, engine, 0)
    print(f"{scenario.name}: {' '.join(scenario.words.launch.story.split())}\n")
    print("arrivals so far, predicted")
    print(curve(plan, [plan.demand.expected_by(at) for at in instants_ns(plan)], []))
    for published in scenario.words.surge:
        if isinstance(published, Milestones) and published.counts == "line":
            line = summary.bins.line[: plan.horizon_ns // plan.bin_ns]
            print(f"\n{COUNTED[published.counts]}, predicted (⠒) and published (●)")
            print(curve(plan, line.tolist(), published.points))
    for series in [*scenario.words.surge, *scenario.words.reading]:
        if not isinstance(series, Countdown):
            print(f"\n{series.name}: published counts of {series.counts}")
            print(table(scenario, series.points))
    peak_at_ns, peak_per_s = surge.peak(plan.demand)
    print(
        f"\n{plan.demand.total:,.0f} people in {words.duration(plan.horizon_ns / NS_PER_S)}; at the"
        f" peak, after {words.duration(peak_at_ns / NS_PER_S)}, {format_rate(peak_per_s)}"
    )
    return 0


def show_library() -> int:
    """A line a launch."""
    engine = engine_named("compiled")
    for name in library.names():
        scenario = library.load(name)
        plan = launch_plan(scenario, seed=0, engine=engine)
        _, peak_per_s = surge.peak(plan.demand)
        policy = Policy(plan.system.waitlist.policy).name.lower()
        print(
            f"{name:<24}{plan.demand.total:>12,.0f} people{format_rate(peak_per_s):>12} at the peak"
            f"   line: {policy:<6} variants: {', '.join(scenario.variants) or 'none'}"
        )
    return 0


def instants_ns(plan: Plan) -> list[int]:
    """Evenly spaced instants of the launch."""
    return [int(at) for at in np.linspace(0, plan.horizon_ns, SAMPLES)]


def curve(plan: Plan, values: Sequence[float], points: Sequence[Point]) -> str:
    """Values at evenly spaced instants, with the published points that lie within the launch."""
    hours = np.linspace(0, plan.horizon_ns / NS_PER_S, len(values))
    marks = [
        (point.at_ns / NS_PER_S, float(point.count))
        for point in points
        if point.at_ns <= plan.horizon_ns
    ]
    return chart(
        list(zip(hours.tolist(), map(float, values), strict=True)),
        marks,
        x_label=words.duration,
        y_label=words.count,
    )


def table(scenario: Scenario, points: Sequence[Point]) -> str:
    """Each published figure with its source."""
    return "\n".join(
        f"  {words.duration(point.at_ns / NS_PER_S):>12}{point.count:>12,}  {titles(scenario, point)}"
        for point in points
    )


def titles(scenario: Scenario, point: Point) -> str:
    """Who published it."""
    return "; ".join(scenario.sources[key].title for key in point.source) or "assumed"
