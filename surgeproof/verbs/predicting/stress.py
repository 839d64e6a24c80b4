"""``surgeproof predict --stress``: disturb the launch ever more, and say whether it recovers."""

from __future__ import annotations

import json

from reports.terminal.stress import stress_record, stress_text
from scenarios.library import shelf as library
from simulator.advice.disturbance.stress import LAUNCHES, stress
from simulator.advice.disturbance.trigger import Disturbance
from simulator.plan.effort import TRIED_SIZES
from simulator.plan.resolve import arriving, resolve
from simulator.verdict.verdict import EXIT_CODES
from surgeproof import effort
from surgeproof.cluster import on
from surgeproof.engines import engine_named
from surgeproof.progress import progress

FORMAT = 1
TRIED = 1 + TRIED_SIZES * len(Disturbance)
"""So often each launch is simulated at the least, if it heals: undisturbed, and with each size."""


def run(
    name: str,
    *,
    seed: int,
    launches: int | None,
    engine: str,
    variant: str | None,
    settings: list[str],
    as_json: bool,
    debug: bool,
    allow_files: bool,
    cluster: str | None = None,
) -> int:
    """Print what was tried and the verdict, whose exit code it returns."""
    scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
    chosen = engine_named(engine, checked=debug)
    resolved = resolve(scenario)
    effort.tell_of_fit(resolved)
    with progress("fitting the demand"):
        plan = arriving(resolved, engine_named("compiled")).plan(seed)
    launches = LAUNCHES if launches is None else launches
    with on(cluster):
        effort.tell_of(
            plan, chosen, launches * TRIED, less="fewer --launches, a shorter launch.horizon"
        )
        with progress("disturbing the launch") as step:
            found = stress(plan, chosen, launches=launches, told=lambda note: step(0, 0, note))
    exit_code = EXIT_CODES[found.outcome]
    if not as_json:
        print(stress_text(plan, found), end="")
        return exit_code
    record = {
        "format": FORMAT,
        "document": "stress",
        "scenario": scenario.name,
        "variant": variant,
        "settings": settings,
        "seed": seed,
        "launches": launches,
        "engine": chosen.name,
        "stress": stress_record(plan, found),
    }
    print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
    return exit_code
