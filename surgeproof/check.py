"""``surgeproof check``: is the file right, and what does it say in a few figures."""

from __future__ import annotations

from scenarios import library
from simulator import surge
from simulator.plan import Plan
from simulator.quantities import format_duration, format_rate
from simulator.resolve import launch_plan, rehearsal_plan
from simulator.scenario import Scenario
from simulator.system import Policy
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
    print(f"  {'figures':<10}{provenance_in_words(scenario)}")
    print(f"{scenario.file} is a valid launch")
    return 0


def facts(plan: Plan) -> dict[str, str]:
    """What a planner would ask first."""
    peak_at_ns, peak_per_s = surge.peak(plan.demand)
    station, waitlist = plan.system.station, plan.system.waitlist
    release = (
        "everybody at once"
        if waitlist.policy is Policy.OPEN
        else f"first come, first served, {format_rate(waitlist.release.rate_per_s)}"
    )
    return {
        "people": ", ".join(people.name for people in plan.system.people),
        "total": f"{plan.demand.total:,.0f} in {format_duration(plan.horizon_ns)}",
        "peak": f"{format_rate(peak_per_s)} at {format_duration(peak_at_ns)}",
        "let in": release,
        "served by": f"{station.servers} × {station.name}, {format_rate(station.capacity_per_s)}",
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
