"""``surgeproof show``: a launch's demand as a chart, with the figures that were published."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import cycle

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

Series = Milestones | Reading
Signed = tuple[Series, str]
"""Published counts, and the sign that stands for them in a chart."""


def run(name: str | None, *, variant: str | None, settings: list[str], as_toml: bool) -> int:
    """List the library, print a launch's file, or draw the launch."""
    if name is None:
        return show_library()
    if as_toml:
        sys.stdout.write(library.find(name)[0])
        return 0
    scenario = library.load(name, variant=variant, settings=settings)
    with progress("fitting the demand"):
        plan = launch_plan(scenario, seed=0, engine=engine_named("compiled"))
    print(f"{scenario.name}: {one_line(scenario.words.launch.story)}\n")
    series = published(scenario)
    came = [signed for signed in series if signed[0].counts == "arrivals"]
    outcomes = [signed for signed in series if signed not in came]
    print(expected_arrivals(plan, came))
    if outcomes:
        print(f"\n{predicted_outcome(name, outcomes, variant, settings)}")
    for each, sign in series:
        print("\n".join(f"{sign} {row}" for row in rows(scenario, each.points)))
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


def published(scenario: Scenario) -> list[Signed]:
    """The series of published counts, those that decide the demand first."""
    deciding = [each for each in scenario.words.surge if isinstance(each, Milestones)]
    return list(zip([*deciding, *scenario.words.reading], cycle(SIGNS), strict=False))


def expected_arrivals(plan: Plan, series: Sequence[Signed]) -> str:
    """How many are expected to have come, up to the horizon."""
    instants_ns = [int(at) for at in np.linspace(0, plan.horizon_ns, SAMPLES)]
    values = [plan.demand.expected_by(at) for at in instants_ns]
    return (
        f"{titled('arrivals so far, expected', series)}\n{curve(plan.horizon_ns, values, series)}"
    )


def predicted_outcome(
    name: str, series: Sequence[Signed], variant: str | None, settings: list[str]
) -> str:
    """The outcome that was counted, predicted as far as it was published."""
    last_ns = max(point.at_ns for each, _ in series for point in each.points)
    engine = engine_named("compiled")
    with progress("predicting as far as figures were published"):
        longer = [*settings, f"launch.horizon={last_ns} ns"]
        until = library.load(name, variant=variant, settings=longer)
        plan = launch_plan(until, seed=0, engine=engine)
        bins = play(plan, engine, 0).bins
    title, counted = "people signed up, predicted", np.cumsum(bins.served)
    if any(each.counts == "line" for each, _ in series):
        title, counted = "people in the line, predicted", bins.line
    values = counted[: plan.horizon_ns // plan.bin_ns].tolist()
    return f"{titled(title, series)}\n{curve(last_ns, values, series)}"


def titled(title: str, series: Sequence[Signed]) -> str:
    """A title that says which sign stands for what."""
    legend = [f"{sign} {each.name} (counts: {each.counts})" for each, sign in series]
    return f"{title}; published: {', '.join(legend)}" if legend else title


def curve(until_ns: int, values: Sequence[float], series: Sequence[Signed]) -> str:
    """Values at evenly spaced instants from the opening on, and published points among them."""
    seconds = np.linspace(0, until_ns / NS_PER_S, len(values))
    points = list(zip(seconds.tolist(), map(float, values), strict=True))
    marks: list[Mark] = [
        ((point.at_ns / NS_PER_S, float(point.count)), sign)
        for each, sign in series
        for point in each.points
        if point.at_ns <= until_ns
    ]
    return chart(points, marks, x_label=moment, y_label=lambda value: f"{value:,.0f}")


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
