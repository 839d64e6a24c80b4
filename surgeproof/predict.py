"""``surgeproof predict``: simulate the whole launch many times, and judge it."""

from __future__ import annotations

import json
import time
from typing import Any

from reports.prediction import estimates_record, prediction_text
from reports.record import verdict_record
from reports.verdict import judge_launches
from scenarios import library
from simulator.launches import predict
from simulator.resolve import launch_plan
from surgeproof.engines import engine_named
from surgeproof.progress import progress

FORMAT = 1


def run(
    name: str,
    *,
    seed: int,
    launches: int,
    engine: str,
    variant: str | None,
    settings: list[str],
    as_json: bool,
    timings: bool,
) -> int:
    """Print the figures and the verdict, whose exit code it returns."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    scenario = library.load(name, variant=variant, settings=settings)
    chosen = engine_named(engine)
    with progress("fitting the demand"):
        # Engines agree, so that the fast one may find the demand for either.
        plan = launch_plan(scenario, seed=seed, engine=engine_named("compiled"))
    with progress(f"simulating {launches} launches") as step:
        prediction = predict(plan, chosen, launches, lambda done, of: step(done, of, ""))
    verdict = judge_launches(plan, prediction)
    if not as_json:
        print(prediction_text(plan, prediction, verdict), end="")
        return verdict.exit_code
    cost: dict[str, Any] = {"visits": sum(each.arrivals for each in prediction.launches)}
    if timings:
        cost |= {
            "wall_s": time.perf_counter() - wall_s,
            "cpu_s": time.process_time() - cpu_s,
        }
    found = {
        "format": FORMAT,
        "scenario": scenario.name,
        "variant": variant,
        "settings": settings,
        "seed": seed,
        "launches": launches,
        "engine": chosen.name,
        "figures": estimates_record(prediction),
        "verdict": verdict_record(verdict),
        "cost": cost,
    }
    print(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
    return verdict.exit_code
