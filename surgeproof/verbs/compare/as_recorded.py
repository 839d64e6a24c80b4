"""A launch predicted once more with what its logs told of it: who came, and how they were served."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reports.run.past.came import STEPS, SaidCame, say_came
from scenarios.recording.visits import Linked
from simulator.engine.rules import Engine
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Block
from simulator.plan.launches import Prediction, predict
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.surges.recorded import Recorded as RecordedSurge
from simulator.units import NS_PER_S
from simulator.verdict.truth.as_served import as_served
from simulator.verdict.truth.judged import judge_prediction
from simulator.verdict.truth.parts import Step, Waterfall, waterfalls
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.took import Took, took_of
from surgeproof.engines import engine_named
from surgeproof.progress import counted, progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The launch predicted once more, with what its log told; None where it told nothing."""

    demand: Prediction | None = None
    """With those who came."""
    services: Prediction | None = None
    took: tuple[Took, ...] = ()

    def falls(self, summary: Summary, predicted: Prediction) -> tuple[Waterfall, ...]:
        """Where the errors came from: who came, how long services took, and what the queue did."""
        if self.demand is None:
            return ()  # what those who came made of it would be taken for the queue's doing
        return waterfalls(summary, predicted, demand=self.demand, services=self.services)

    def judged(self, summary: Summary, predicted: Prediction, told: frozenset[str]) -> SaidCame:
        """Whether the prediction came true, in the figures that the log told."""
        return say_came(
            judge_prediction(
                summary,
                predicted,
                demand=self.demand,
                services=self.services,
                took=self.took,
                told=told,
            )
        )


def predicted_again(
    scenario: Scenario, plan: Plan, engine: Engine, linked: Linked, launches: int, *, seed: int
) -> Again:
    """With those who came, and then with the services as they were; nothing where a log does not tell who came."""
    came = as_came(scenario, plan, linked, seed)
    if came is None:
        return Again()
    with progress(f"predicting {STEPS[Step.DEMAND]}") as step:
        demand = predict(came, engine, launches, counted(step))
    found = recovered(within(linked, came), came.system)
    served, services = as_served(came, found), None
    if served is not None:
        with progress(f"predicting {STEPS[Step.SERVICE]}") as step:
            services = predict(served, engine, launches, counted(step))
    return Again(demand=demand, services=services, took=took_of(came, found))


def as_came(scenario: Scenario, plan: Plan, linked: Linked, seed: int) -> Plan | None:
    """The launch with those who really came.

    None where a log does not tell who they were: who came to the line, or of which group, or on which
    journey somebody is whom only his first request shows.
    """
    words = scenario.words
    if plan.system.has_line or len(words.people) > 1:
        return None
    arrived = linked.block.visits["arrived"]
    seconds = -(-plan.horizon_ns // NS_PER_S)
    edges_ns = np.arange(seconds + 1, dtype=np.int64) * NS_PER_S
    counts, _ = np.histogram(arrived[arrived < plan.horizon_ns], bins=edges_ns)
    surge = RecordedSurge.model_validate(
        {
            "shape": "recorded",
            "people": words.people[0].name,
            "every": "1 s",
            "counts": tuple(map(float, counts)),
        }
    )
    document = words.model_copy(update={"surge": (surge,)})
    launch = resolve(replace(scenario, words=document))
    return arriving(launch, engine_named("compiled")).plan(seed)


def within(linked: Linked, plan: Plan) -> Block:
    """The visits that began before the horizon, and what was asked for before the end."""
    visits, attempts = linked.block.visits, linked.block.attempts
    return Block(
        visits=visits[visits["arrived"] < plan.horizon_ns],
        attempts=attempts[attempts["sent"] < plan.end_ns],
    )
