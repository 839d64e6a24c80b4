"""``surgeproof show``: a launch's demand as a chart, with the figures that were published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reports import words
from reports.terminal_chart import Mark, chart
from scenarios import library
from simulator import surge
from simulator.launches import play
from simulator.plan import Plan
from simulator.quantities import NS_PER_S, format_rate
from simulator.resolve import launch_plan
from simulator.scenario import Scenario
from simulator.surge_words import Milestones, Point
from simulator.words import Reading
from surgeproof.engines import engine_named
from surgeproof.progress import progress

SAMPLES = 256
SIGNS = "●○◆◇"
"""One for each published series."""


def run(name: str | None, *, variant: str | None, settings: list[str]) -> int:
    """List the library, or draw one launch."""
    if name is None:
        return show_library()
    scenario = library.load(name, variant=variant, settings=settings)
    engine = engine_named("compiled")
    with progress("fitting the demand"):
        plan = launch_plan(scenario, seed=0, engine=engine)
    print(f"{scenario.name}: {one_line(scenario.words.launch.story)}\n")
    print("arrivals so far, expected")
    print(curve(plan.horizon_ns, [plan.demand.expected_by(at) for at in instants_ns(plan)], []))
    if published(scenario):
        print(f"\n{against_published(name, scenario, settings)}")
    peak_at_ns, peak_per_s = surge.peak(plan.demand)
    print(
        f"\n{plan.demand.total:,.0f} people in {span(plan.horizon_ns)}; at the peak, after"
        f" {span(peak_at_ns)}, {format_rate(peak_per_s)}"
    )
    return 0


def show_library() -> int:
    """Each launch in two lines: its figures, and what it teaches."""
    engine = engine_named("compiled")
    for name in library.names():
        scenario = library.load(name)
        plan = launch_plan(scenario, seed=0, engine=engine)
        _, peak_per_s = surge.peak(plan.demand)
        variants = ", ".join(scenario.variants) or "none"
        print(
            f"{name}: {plan.demand.total:,.0f} people in {span(plan.horizon_ns)}, at most"
            f" {format_rate(peak_per_s)}; line: {plan.system.waitlist.policy.name.lower()};"
            f" variants: {variants}"
        )
        print(f"    {one_line(scenario.words.launch.story).split('. ')[0]}.")
    return 0


def against_published(name: str, scenario: Scenario, settings: list[str]) -> str:
    """The line as predicted up to the last published figure, with the figures on it, and sources."""
    series = published(scenario)
    last_ns = max(point.at_ns for each in series for point in each.points)
    engine = engine_named("compiled")
    with progress("predicting as far as figures were published"):
        until = library.load(name, settings=[*settings, f"launch.horizon={last_ns} ns"])
        plan = launch_plan(until, seed=0, engine=engine)
        line = play(plan, engine, 0).bins.line[: plan.horizon_ns // plan.bin_ns].tolist()
    signs = list(zip(series, SIGNS, strict=False))
    marks = [mark for each, sign in signs for mark in marked(each.points, sign)]
    legend = ", ".join(f"{sign} {each.name} (counts: {each.counts})" for each, sign in signs)
    tables = [f"{sign} {row}" for each, sign in signs for row in rows(scenario, each.points)]
    return "\n".join(
        [
            f"people in the line, predicted; published: {legend}",
            curve(last_ns, line, marks),
            *tables,
        ]
    )


def published(scenario: Scenario) -> list[Milestones | Reading]:
    """The series of published counts, those that decide the demand first."""
    deciding = [each for each in scenario.words.surge if isinstance(each, Milestones)]
    return [*deciding, *scenario.words.reading]


def instants_ns(plan: Plan) -> list[int]:
    """Evenly spaced instants of the launch."""
    return [int(at) for at in np.linspace(0, plan.horizon_ns, SAMPLES)]


def curve(until_ns: int, values: Sequence[float], marks: Sequence[Mark]) -> str:
    """Values at evenly spaced instants, from the opening on."""
    seconds = np.linspace(0, until_ns / NS_PER_S, len(values))
    points = list(zip(seconds.tolist(), map(float, values), strict=True))
    return chart(points, marks, x_label=moment, y_label=lambda value: f"{value:,.0f}")


def marked(points: Sequence[Point], sign: str) -> Iterator[Mark]:
    for point in points:
        yield (point.at_ns / NS_PER_S, float(point.count)), sign


def rows(scenario: Scenario, points: Sequence[Point]) -> Iterator[str]:
    """Each published figure with who published it."""
    for point in points:
        titles = "; ".join(scenario.sources[key].title for key in point.source)
        yield f"{span(point.at_ns):>7}{point.count:>12,.0f}  {titles or 'assumed'}"


def span(ns: float) -> str:
    return moment(ns / NS_PER_S)


def moment(seconds: float) -> str:
    """A time since the opening, without zeros that say nothing."""
    return words.round_figure(seconds, "s") if seconds else "0"


def one_line(text: str) -> str:
    return " ".join(text.split())
