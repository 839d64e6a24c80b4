"""``surgeproof predict``: simulate the whole launch many times, judge it, and say why."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from reports.charts.stations.over_time import stations_record
from reports.files.explanation_record import explanation_record
from reports.files.record import verdict_record
from reports.sentences import words
from reports.sentences.explanation import Explanation
from reports.sentences.verdict import say_prediction
from reports.terminal.prediction import estimates_record, peak_record, prediction_text
from scenarios.library import shelf as library
from simulator.advice.change.remedy import Prescription, prescribe
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.engine.rules import Engine
from simulator.plan import peaks
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import Verdict, judge
from surgeproof import effort
from surgeproof.cluster import on
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress
from surgeproof.verbs.predicting import planning

FORMAT = 1
LAUNCHES = 100


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
    debug: bool,
    allow_files: bool,
    every: bool,
    report: Path | None = None,
    formats: str = "html",
    language: str = "en",
    cluster: str | None = None,
) -> int:
    """Print the figures and the verdict, whose exit code it returns; write the report if one is wanted."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    wanted = planning.Wanted.of(report, formats, language)
    scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
    chosen = engine_named(engine, checked=debug)
    resolved = resolve(scenario)
    effort.tell_of_fit(resolved)
    with progress(compiling("fitting the demand")):
        # Engines agree, so that the fast one may find the demand for either.
        people = arriving(resolved, engine_named("compiled"))
        plan = people.plan(seed)
    faster = ", --engine compiled" if chosen.name == "simpy" else ""
    with on(cluster):
        effort.tell_of(plan, chosen, launches, less=f"fewer --launches{faster}")
        with progress(f"simulating {words.times(launches, 'launch')}") as step:
            prediction = predict(plan, chosen, launches, lambda done, of: step(done, of, ""))
        verdict = judge(prediction.launches, plan.objectives, plan.subject)
        explanation = explained(plan, prediction, verdict, chosen)
    said = say_prediction(
        verdict, plan.objectives, prediction.launches, explanation.smallest_change
    )
    if as_json:
        cost: dict[str, Any] = {"visits": sum(each.arrivals for each in prediction.launches)}
        if timings:
            cost |= {
                "wall_s": time.perf_counter() - wall_s,
                "cpu_s": time.process_time() - cpu_s,
            }
        found = {
            "format": FORMAT,
            "document": "prediction",
            "scenario": scenario.name,
            "variant": variant,
            "settings": settings,
            "seed": seed,
            "launches": launches,
            "engine": chosen.name,
            "explanation": explanation_record(explanation),
            "peaks": [peak_record(each) for each in peaks.peaks(plan)],
            "figures": estimates_record(prediction),
            "over_time": stations_record(prediction),
            "verdict": verdict_record(said),
            "cost": cost,
        }
        print(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False), flush=True)
    else:
        print(prediction_text(plan, prediction, said, explanation, every=every), end="", flush=True)
    if wanted is not None:  # last, so that what was found is told also where it cannot be written
        options = planning.options(seed=seed, engine=engine, variant=variant, settings=settings)
        command = ["surgeproof", "predict", name, "--launches", str(launches), *options]
        made = planning.made_of(command, scenario, plan, chosen)
        wanted.write(
            planning.prediction_answer(people, made, plan, prediction, explanation, chosen)
        )
    return verdict.exit_code


def explained(plan: Plan, prediction: Prediction, verdict: Verdict, engine: Engine) -> Explanation:
    """What happens and why; of a launch that does not hold, also what would have held."""
    fails, failing = verdict.outcome is Outcome.FAILS, verdict.failing
    diagnoses = diagnoses_of(plan, prediction)
    found = Prescription()
    if fails:
        with progress("looking for the smallest change") as step:
            found = prescribe(
                plan,
                prediction,
                [each for each, failed in zip(diagnoses, failing, strict=True) if failed],
                engine,
                told=lambda done, of: step(done, of, ""),
            )
    return Explanation(
        system=plan.system,
        diagnoses=diagnoses,
        failing=failing,
        searched=fails,
        peaks=peaks.in_words(plan),
        remedy=found.remedy,
        others=found.others,
        tried=found.tried,
        ran_out=found.ran_out,
        tolerated=found.tolerated,
    )
