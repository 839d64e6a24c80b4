"""Launches that are predicted now, to be compared: with the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.run.contrast import Contrast, contrasts
from reports.run.facts import PlanFacts
from reports.run.report.judged import said_prediction
from reports.run.report.report import Column
from reports.run.side import Side
from scenarios.library import shelf as library
from simulator.engine.rules import Engine
from simulator.errors import UsageError
from simulator.plan.launches import predict
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, arriving, resolve
from simulator.scenario.document.changed import changes
from simulator.scenario.scenario import Scenario
from surgeproof import effort
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import counted, progress
from surgeproof.verbs.compare.named import Named, require_distinct


def changed_launch(
    named: Sequence[Named], variant: str | None, settings: Sequence[str]
) -> list[Named]:
    """The launches; of one alone, it and what a variant and settings make of it.

    Raises UsageError where it is not clear what is to be compared with what.
    """
    if len(named) > 1:
        if variant or settings:
            raise UsageError(
                "--variant and --set make the second of a launch that is named alone; of several"
                " launches write the variant behind an @, as in my-launch.toml@no-line"
            )
        return list(named)
    (first,) = named
    if not (variant or settings):
        raise UsageError(
            f"{first.typed}: name a second launch, or say with --variant or --set what changes"
        )
    typed = first.typed if variant is None else f"{first.where}@{variant}"
    with_ = f" with {', '.join(settings)}" if settings else ""
    second = replace(
        first,
        typed=f"{typed}{with_}",
        variant=variant or first.variant,
        settings=tuple(settings),
    )
    return [first, second]


def of_launches(
    named: Sequence[Named], *, seed: int, launches: int, tolerance: float, allow_files: bool
) -> tuple[Contrast, ...]:
    """Each launch against the first.

    Raises ScenarioError before anything is simulated.
    """
    require_distinct(named)
    scenarios = [
        library.load(
            each.where,
            variant=each.variant,
            settings=list(each.settings),
            allow_files=allow_files,
        )
        for each in named
    ]
    engine = engine_named("compiled")
    plans = plans_of(scenarios, engine, seed)
    names = [each.typed for each in named]
    first, *others = (
        predicted(name, plan, engine, launches) for name, plan in zip(names, plans, strict=True)
    )
    found = contrasts([(first, other) for other in others], tolerance=tolerance)
    return tuple(
        replace(each, scenario=changes(scenarios[0].merged, scenario.merged))
        for each, scenario in zip(found, scenarios[1:], strict=True)
    )


def plans_of(scenarios: Sequence[Scenario], engine: Engine, seed: int) -> list[Plan]:
    """Who comes is found once, where the same is to be found."""
    resolved = [resolve(scenario) for scenario in scenarios]
    effort.tell_of_fit(resolved[0])
    people: Arriving | None = None
    plans = []
    with progress(compiling("fitting the demand")):
        for launch in resolved:
            people = arriving(launch, engine, people)
            plans.append(people.plan(seed))
    return plans


def predicted(name: str, plan: Plan, engine: Engine, launches: int) -> Side:
    """A launch, simulated and judged."""
    effort.tell_of(plan, engine, launches)
    with progress(f"simulating {name}") as step:
        prediction = predict(plan, engine, launches, counted(step))
    facts = PlanFacts.of(plan)
    said = said_prediction(facts, prediction)
    return Side(name=name, launch=Column(plan=facts, predictions=(prediction,), said=said))
