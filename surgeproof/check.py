"""``surgeproof check``: is the file right, and what does it say in a few figures."""

from __future__ import annotations

from scenarios import library
from scenarios.sendable import beyond_replay
from simulator import surge
from simulator.plan import Plan
from simulator.quantities import format_duration, format_rate
from simulator.resolve import launch_plan, rehearsal_plan
from simulator.said import let_in_words, served_in_words
from simulator.scenario import Scenario
from surgeproof.engines import engine_named
from surgeproof.progress import progress


def run(name: str, *, variant: str | None, settings: list[str]) -> int:
    """Print the launch in a few lines; mistakes are raised, all at once."""
    scenario = library.load(name, variant=variant, settings=settings)
    engine = engine_named("compiled")
    with progress("fitting the demand"):
        plan = launch_plan(scenario, seed=0, engine=engine)
    print(scenario.name + (f" ({variant})" if variant else ""))
    for label, value in facts(plan).items():
        print(f"  {label:<10}{value}")
    if scenario.words.replay:
        rehearsal = rehearsal_plan(scenario, None, seed=0, engine=engine)
        print(f"  {'rehearsal':<10}{rehearsal_in_words(rehearsal)}")
        if beyond := tuple(beyond_replay(scenario.words)):
            print(f"  {'':<10}cannot be sent, only predicted: {', '.join(beyond)}")
    print(f"  {'figures':<10}{provenance_in_words(scenario)}")
    print(f"{scenario.file} is a valid launch")
    return 0


def facts(plan: Plan) -> dict[str, str]:
    """What a planner would ask first."""
    peak_at_ns, peak_per_s = surge.peak(plan.demand)
    return {
        "people": ", ".join(dict.fromkeys(people.name for people in plan.system.people)),
        "total": f"{plan.demand.total:,.0f} in {format_duration(plan.horizon_ns)}",
        "peak": f"{format_rate(peak_per_s)} at {format_duration(peak_at_ns)}",
        "let in": let_in_words(plan.system.waitlist),
        "served by": "; ".join(served_in_words(station) for station in plan.system.stations),
    }


def rehearsal_in_words(plan: Plan) -> str:
    """How much of the launch is rehearsed."""
    return (
        f"{plan.demand.total:,.0f} people in {format_duration(plan.horizon_ns)},"
        f" {plan.demand_factor:g} times as many as in the launch"
    )


def provenance_in_words(scenario: Scenario) -> str:
    """How much of the file somebody stands for."""
    assumed = len(scenario.assumed)
    return f"{len(scenario.figures) - assumed} sourced or measured, {assumed} assumed"
