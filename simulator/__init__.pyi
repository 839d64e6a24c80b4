from simulator.engine.compiled.engine import Compiled
from simulator.engine.readable.launch import Readable
from simulator.outcomes.counts.fold import summarise
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.plan.resolve import launch_plan
from simulator.scenario.scenario import Scenario, parse
from simulator.verdict.verdict import judge

__all__ = [
    "Compiled",
    "Plan",
    "Prediction",
    "Readable",
    "Scenario",
    "judge",
    "launch_plan",
    "parse",
    "predict",
    "summarise",
]
