"""``surgeproof show``: the library as a list, or one launch's demand with what was published of it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from textwrap import fill

import numpy as np

from reports.sentences import words
from reports.terminal.chart import Box
from reports.terminal.demand_chart import (
    HEAD,
    WIDTH,
    Signed,
    arrivals_chart,
    between,
    evenly,
    peaks_in_words,
    published_chart,
    rows,
    signed,
    span,
)
from reports.terminal.launch_list import launch_list
from scenarios.library import shelf as library
from simulator.engine.rules import Engine
from simulator.plan import peaks
from simulator.plan.plan import Plan
from simulator.plan.published.published import (
    Expected,
    deciding,
    expected_arrivals,
    expected_outcome,
    outcome_of,
)
from simulator.plan.resolve import Arriving, Resolved, arriving, launch_plan, resolve
from simulator.plan.synopsis import Synopsis, in_groups
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.document import Reading
from simulator.scenario.words.surges.surge import Adoption, Milestones
from simulator.text.harmless import harmless_lines
from simulator.text.wording import format_duration, format_people, one_line
from simulator.timetable.demand import Demand
from simulator.timetable.volume import Curves
from simulator.units import Ints
from surgeproof import effort
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress

SAMPLES = 256
OPEN_BETWEEN = (0.1, 0.9)
"""Of the curves of an adoption: one launch in ten lies on either side."""
AFFORDABLE = 20_000_000
"""Of more people than that, what was published after the horizon is drawn only when asked for."""


def run(
    name: str | None,
    *,
    variant: str | None,
    settings: list[str],
    as_toml: bool,
    allow_files: bool,
) -> int:
    """List the library, print a launch's file, or draw the launch."""
    if name is None:
        print(launch_list(synopses()))
        return 0
    if as_toml:
        sys.stdout.write(library.find(name)[0])
        return 0
    scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
    further = far_enough(scenario, name, allow_files=allow_files)
    launch = resolve(scenario)
    longer = launch if further is scenario else resolve(further)
    effort.tell_of_fit(longer)
    with progress(compiling("fitting the demand")):
        drawn = "\n\n".join(sections(launch, longer, asked(name, variant)))
    print(harmless_lines(drawn))
    return 0


def asked(name: str, variant: str | None) -> str:
    """The command that draws the launch."""
    return f"surgeproof show {shlex.quote(name)}" + (f" --variant {variant}" if variant else "")


def synopses() -> list[Synopsis]:
    """The launches of the library, in the order of their names, on every core there is."""
    import joblib

    names, found = library.names(), []
    parallel = joblib.Parallel(n_jobs=-1, prefer="threads", return_as="generator", batch_size=1)
    with progress(compiling("fitting the demand")) as step:
        for each in parallel(joblib.delayed(synopsis)(name) for name in names):
            found.append(each)
            step(len(found), len(names), each.name)
    return found


def synopsis(name: str) -> Synopsis:
    """A launch of the library in a few figures."""
    scenario = library.load(name)
    return Synopsis.of(scenario, launch_plan(scenario, seed=0, engine=engine_named("compiled")))


def far_enough(scenario: Scenario, name: str, *, allow_files: bool = False) -> Scenario:
    """The launch as far as its outcome was published; itself, where that would take minutes."""
    outcome = outcome_of(scenario)
    if outcome is None:
        return scenario
    last = outcome.points[-1]
    if last.at_ns <= scenario.words.launch.horizon_ns or last.count > AFFORDABLE:
        return scenario
    settings = [*scenario.settings, f"launch.horizon={last.at_ns} ns"]
    return library.load(name, variant=scenario.variant, settings=settings, allow_files=allow_files)


def sections(launch: Resolved, longer: Resolved, asked: str) -> Iterator[str]:
    """What is told of a launch, part by part; ``asked`` is the command for it."""
    engine, scenario = engine_named("compiled"), launch.scenario
    people = arriving(launch, engine)
    plan = people.plan(seed=0)
    yield fill(f"{scenario.name}: {one_line(scenario.words.launch.story)}", WIDTH)
    yield "\n".join([total_in_words(plan), *shares(people, plan)])
    found = list(curves(people, longer, engine))
    readings: list[Milestones | Adoption | Reading] = [
        *adoptions(scenario),
        *scenario.words.reading,
    ]
    series = signed([*(each.surge for each in found), *readings])
    own, beside = series[: len(found)], series[len(found) :]
    if not drawn_in_full(scenario, found):
        at_ns = evenly(plan.horizon_ns, SAMPLES)
        count = np.array([plan.demand.expected_by(int(at)) for at in at_ns])
        open_ = left_open(plan.demand, at_ns)
        yield arrivals_chart(at_ns, count, [] if found else beside, open_)
    for number, expected in enumerate(found):
        last = number == len(found) - 1
        yield published_chart(expected, [own[number], *(beside if last else [])])
    if series:
        yield "\n".join(published(found, series, scenario))
    yield from beyond(found, asked)


def curves(people: Arriving, longer: Resolved, engine: Engine) -> Iterator[Expected]:
    """What was published and decides the demand: arrivals first, then the outcome."""
    launch = people.launch
    for surge_ in deciding(launch.scenario):
        if surge_.counts == "arrivals":
            until_ns = max(launch.clock.horizon_ns, surge_.points[-1].at_ns)
            yield expected_arrivals(launch, surge_, evenly(until_ns, SAMPLES))
    if launch.fit is not None:
        further = arriving(longer, engine, known=people)
        until_ns = further.launch.clock.horizon_ns
        yield expected_outcome(further, engine, evenly(until_ns, SAMPLES))


def adoptions(scenario: Scenario) -> list[Adoption]:
    """The surges whose counts go on beyond what was published."""
    return [surge for surge in scenario.words.surge if isinstance(surge, Adoption)]


def left_open(demand: Demand, at_ns: Ints) -> list[Box]:
    """Between those who come along the low curve and those along the high one, where there are any."""
    if not any(isinstance(part.volume, Curves) for part in demand.components):
        return []
    low, high = (demand.drawn(u) for u in OPEN_BETWEEN)
    return between(
        at_ns,
        np.array([low.expected_by(int(at)) for at in at_ns]),
        np.array([high.expected_by(int(at)) for at in at_ns]),
    )


def drawn_in_full(scenario: Scenario, found: list[Expected]) -> bool:
    """Whether all who come, come as published."""
    return len(scenario.words.surge) == 1 and any(e.surge.counts == "arrivals" for e in found)


def total_in_words(plan: Plan) -> str:
    """How many come, and how fast at most."""
    return fill(
        f"{format_people(plan.demand.total)} in {span(plan.horizon_ns)}; {peaks.in_words(plan)}",
        WIDTH,
    )


def shares(people: Arriving, plan: Plan) -> Iterator[str]:
    """Who comes in each surge, if there are several."""
    surges, demands = people.launch.scenario.words.surge, people.by_surge
    if len(surges) == 1:
        return
    total = sum(demand.total for demand in demands.values()) or 1.0
    for each in surges:
        demand = demands[each.name]
        share = words.percent(demand.total / total)
        yield f"  {each.name} ({each.shape}), {share}: {in_groups(demand, plan)}"


def published(found: list[Expected], series: list[Signed], scenario: Scenario) -> Iterator[str]:
    """Every published figure, and what the points of each series leave open."""
    yield HEAD
    for number, each in enumerate(series):
        points = each.series.points
        by_point = found[number].by_point if number < len(found) else (None,) * len(points)
        yield from rows(each, by_point, scenario.sources)
    for expected in found:
        yield peaks_in_words(expected.surge.name, expected.peaks)


def beyond(found: list[Expected], asked: str) -> Iterator[str]:
    """How to see the published counts that were not drawn."""
    for expected in found:
        left = sum(point.at_ns > expected.at_ns[-1] for point in expected.points)
        if left:
            last = format_duration(expected.points[-1].at_ns)
            counts = words.times(left, "published count")
            yield (
                f"{counts} beyond {span(int(expected.at_ns[-1]))}, met when the horizon reaches"
                f" {'it' if left == 1 else 'them'}:\n  {asked} --set launch.horizon='{last}'"
            )
