"""``surgeproof predict``: simulate the whole launch many times, judge it, and say why."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from reports.charts.stations.over_time import stations_record
from reports.files.explanation_record import explanation_record
from reports.files.record import verdict_record
from reports.sentences import words
from reports.sentences.explanation import Explanation
from reports.sentences.verdict import say_prediction
from reports.terminal.prediction import estimates_record, peak_record, prediction_text
from simulator.advice.change.remedy import Prescription, prescribe
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.engine.rules import Engine
from simulator.plan import peaks
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import Verdict, judge
from surgeproof import effort
from surgeproof.cluster import on
from surgeproof.progress import progress
from surgeproof.verbs.predicting.asked import Asked, Subject
from surgeproof.verbs.predicting.planning import Wanted, made_of, options, prediction_answer

LAUNCHES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """A launch, what was simulated of it, and why it came to that."""

    subject: Subject
    prediction: Prediction
    verdict: Verdict
    explanation: Explanation


def run(asked: Asked, wanted: Wanted | None = None) -> int:
    """Print the figures and the verdict, whose exit code it returns; write the report if one is wanted."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    subject = asked.subject()
    found = predicted(asked, subject)
    prediction, explanation = found.prediction, found.explanation
    said = say_prediction(
        found.verdict, subject.plan.objectives, prediction.launches, explanation.smallest_change
    )
    cost: dict[str, Any] = {"visits": sum(each.arrivals for each in prediction.launches)}
    if asked.timings:
        cost |= {
            "wall_s": time.perf_counter() - wall_s,
            "cpu_s": time.process_time() - cpu_s,
        }
    if asked.as_json:
        record = {
            "explanation": explanation_record(explanation),
            "peaks": [peak_record(each) for each in peaks.peaks(subject.plan)],
            "figures": estimates_record(prediction),
            "over_time": stations_record(prediction),
            "verdict": verdict_record(said),
            "cost": cost,
        }
        whole = asked.record("prediction", subject, len(prediction.launches), record)
        print(json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False), flush=True)
    else:
        text = prediction_text(subject.plan, prediction, said, explanation, every=asked.every)
        print(text, end="", flush=True)
    if wanted is not None:  # last, so that what was found is told also where it cannot be written
        report(asked, found, wanted)
    return found.verdict.exit_code


def predicted(asked: Asked, subject: Subject) -> Predicted:
    """Simulate it, on this machine or a cluster."""
    plan, engine = subject.plan, subject.engine
    launches = LAUNCHES if asked.launches is None else asked.launches
    faster = ", --engine compiled" if engine.name == "simpy" else ""
    with on(asked.cluster):
        effort.tell_of(plan, engine, launches, less=f"fewer --launches{faster}")
        with progress(f"simulating {words.times(launches, 'launch')}") as step:
            prediction = predict(plan, engine, launches, lambda done, of: step(done, of, ""))
        verdict = judge(prediction.launches, plan.objectives, plan.subject)
        explanation = explained(plan, prediction, verdict, engine)
    return Predicted(
        subject=subject, prediction=prediction, verdict=verdict, explanation=explanation
    )


def report(asked: Asked, found: Predicted, wanted: Wanted) -> None:
    """Write it for planners."""
    subject, prediction = found.subject, found.prediction
    command = ["surgeproof", "predict", asked.name, "--launches", str(len(prediction.launches))]
    command += options(
        seed=asked.seed, engine=asked.engine, variant=asked.variant, settings=asked.settings
    )
    made = made_of(command, subject.scenario, subject.plan, subject.engine)
    wanted.write(
        prediction_answer(
            subject.people, made, subject.plan, prediction, found.explanation, subject.engine
        )
    )


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
