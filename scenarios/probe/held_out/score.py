"""What the step came to, beside what was predicted of it: the probe's own score. Pure.

What it says of the services is one figure: how many times as long they must take for the step to come out
as it did, on the same luck. It is one more window of the services (:mod:`scenarios.probe.drift.posterior`): where
it differs from what was probed, the mean that the file says lies between both and its band is wider, and where it does not, narrower.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from scenarios.probe.drift.posterior import LoadedStep, Posterior, posterior
from scenarios.probe.held_out.step import load_of
from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result, Rows
from simulator.plan.plan import Plan
from simulator.system.uncertain import served_in
from simulator.text.wording import format_duration, format_rate, format_share
from simulator.units import NS_PER_S, Floats, Ints

REFUSED = (Result.TURNED_AWAY, Result.FAILED)
FEW_REFUSED = 0.01
"""Of requests: so few change no figure of the step that is told."""
LAUNCHES, EACH = 100, 20
"""Launches of the prediction, and of each try for the services."""
LEAST_LOAD = 0.3
"""Of the capacity: below, people hardly ever meet."""
FARTHEST = 5.0
"""Services that many times as long, or as short, are the most that is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What one launch of the step came to."""

    answer_s: float
    """Mean of all exchanges of a person together: what he waits for between them is not the server's.
    Who was not served by the end took until then at least."""
    p50_s: float
    p95_s: float
    wait_s: float
    """Mean wait before service; NaN where it is not told."""
    goodput_per_s: float
    refused: float
    """The share of requests that were turned away, or failed at once."""
    success_s: float
    """Median of the requests that were served, by themselves; NaN where none was."""

    @classmethod
    def of(cls, rows: Block, plan: Plan) -> Came:
        visits = rows.visits[rows.visits["let_in"] != UNKNOWN]
        served = visits["fate"] == Fate.SERVED
        answers_s = (
            np.where(served, exchanged_ns(rows, visits), plan.end_ns - visits["let_in"]) / NS_PER_S
        )
        told = rows.attempts[rows.attempts["started"] != UNKNOWN]
        waits = told["started"] - told["sent"]
        return cls(
            answer_s=float(answers_s.mean()) if len(visits) else math.nan,
            p50_s=float(np.quantile(answers_s, 0.5)) if len(visits) else math.nan,
            p95_s=float(np.quantile(answers_s, 0.95)) if len(visits) else math.nan,
            wait_s=float(waits.mean()) / NS_PER_S if len(told) else math.nan,
            goodput_per_s=float(served.sum()) * NS_PER_S / plan.horizon_ns,
            refused=float(np.isin(rows.attempts["result"], REFUSED).mean())
            if len(rows.attempts)
            else 0.0,
            success_s=success_s(rows.attempts),
        )


def success_s(attempts: Rows) -> float:
    """Median of the requests that were served; NaN where none was."""
    served = attempts[attempts["result"] == Result.SUCCESS]
    took = served["finished"] - served["sent"]
    return float(np.median(took)) / NS_PER_S if len(took) else math.nan


def exchanged_ns(rows: Block, visits: Rows) -> Ints:
    """How long each visitor's attempts took together, from sending to the last byte."""
    ended = rows.attempts[rows.attempts["finished"] != UNKNOWN]
    size = 1 + int(max(visits["visitor"].max(initial=0), ended["visitor"].max(initial=0)))
    found = np.zeros(size, np.int64)
    np.add.at(found, ended["visitor"], ended["finished"] - ended["sent"])
    return np.asarray(found[visits["visitor"]], dtype=np.int64)


def duration(seconds: float) -> str:
    return format_duration(seconds * NS_PER_S)


FIGURES: tuple[tuple[str, Callable[[Came], float], Callable[[float], str]], ...] = (
    ("p50", lambda came: came.p50_s, duration),
    ("p95", lambda came: came.p95_s, duration),
    ("mean wait before service", lambda came: came.wait_s, duration),
    ("served", lambda came: came.goodput_per_s, format_rate),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The step's prediction, and what it was seen to come to."""

    load: float
    """Of the capacity."""
    people: int
    predicted: tuple[Came, ...]
    """One for each launch."""
    observed: Came
    longer: float
    """How many times as long as probed the services must have taken."""
    error: float
    """Standard deviation of the logarithm of that, by the step's own luck."""

    @property
    def limited(self) -> bool:
        """Whether the target refused what it was predicted to serve: by a limit, and not by its services.

        Who is refused waits to try again, which would be read as services that take so long. Where services do
        take longer, those who are served have waited for them; a limit lets them be as quick as predicted.
        """
        predicted = max(came.refused for came in self.predicted)
        quick_s = float(np.quantile([came.success_s for came in self.predicted], 0.975))
        refused = self.observed.refused > max(FEW_REFUSED, predicted)
        return refused and not self.observed.success_s > quick_s

    @property
    def idle(self) -> bool:
        """Whether so few came that what differs is the two clients that measured, and not the services."""
        return self.load < LEAST_LOAD

    def in_words(self) -> Iterator[str]:
        """A sentence for each figure, and what they say of the services."""
        yield from self.figures()
        yield self.conclusion

    def figures(self) -> Iterator[str]:
        """A sentence for each figure."""
        yield (
            f"Held-out step: {self.people:,} people at {format_share(self.load)} of the capacity, predicted"
            " before they were sent by the replay's generator."
        )
        for name, read, written in FIGURES:
            values = np.array([read(came) for came in self.predicted])
            seen, likely = read(self.observed), float(np.median(values))
            if math.isnan(seen):
                continue
            low, high = np.quantile(values, [0.025, 0.975])
            off = f" ({100 * (seen / likely - 1):+.0f} %)" if likely > 0 else ""
            holds = "within" if low <= seen <= high else "outside"
            yield (
                f"  {name}: predicted {written(likely)} [{written(low)}, {written(high)}], observed"
                f" {written(seen)}{off}: {holds} the middle 95 %."
            )

    @property
    def conclusion(self) -> str:
        """What the step says of the services."""
        if self.limited:
            return (
                f"The target refused {format_share(self.observed.refused)} of its requests: a limit (of rate, of"
                " connections) lies below this load. The step says nothing of the services, and the file lacks"
                " the limit: add it as a station, or lower the launch's load."
            )
        if self.idle:
            return "So few people at once say nothing of the services."
        return f"It came out as if services took {self.longer:.2f} times as long as probed alone."


def predicted(plan: Plan, engine: Engine, launches: int = LAUNCHES) -> tuple[Came, ...]:
    """The step, simulated so many times."""
    return tuple(
        Came.of(engine.simulate(plan.timetable(n), plan.system_of(n)).rows(), plan)
        for n in range(launches)
    )


def score(plan: Plan, engine: Engine, before: tuple[Came, ...], observed: Block) -> Score:
    """What the observed step says of the probe. ``before`` is what was predicted of it."""
    came = Came.of(observed, plan)
    longer, error = services_of(plan, engine, came.answer_s)
    return Score(
        load=load_of(plan),
        people=len(observed.visits),
        predicted=before,
        observed=came,
        longer=longer,
        error=error,
    )


def services_of(plan: Plan, engine: Engine, answer_s: float) -> tuple[float, float]:
    """By what factor of all services the mean answer is so long, and the error of its logarithm.

    By bisection: with longer services nobody is answered sooner on the same luck in the mean.
    """
    low, high = -math.log(FARTHEST), math.log(FARTHEST)
    for _ in range(10):
        middle = (low + high) / 2
        short = answers(plan, engine, middle).mean() < answer_s
        low, high = (middle, high) if short else (low, middle)
    found = (low + high) / 2
    # By the step's own luck: that services wander is a window's own variance.
    logs, more = (np.log(answers(plan, engine, found + by, wanders=False)) for by in (0.0, SLOPE))
    slope = max(1e-3, float(more.mean() - logs.mean()) / SLOPE)
    return math.exp(found), float(logs.std(ddof=1)) / slope


SLOPE = 0.05
"""The step, in the logarithm, by which a slope is found."""


def answers(plan: Plan, engine: Engine, log_factor: float, *, wanders: bool = True) -> Floats:
    """Mean answers (s), of launches that draw their services and how these wander, or the services alone."""
    system = plan.system
    for station in plan.system.stations:
        system = served_in(system, station.name, math.exp(log_factor))
    certain = replace(
        plan, system=system, uncertain=(), wandering=plan.wandering if wanders else ()
    )
    return np.array([came.answer_s for came in predicted(certain, engine, EACH)])


def widened(found: Posterior, step: Score, lasted_s: float) -> Posterior:
    """What the probe says with the step beside it, of the mean and of its band.

    A step that a limit stopped says nothing of it, nor does one that hardly loads the target.
    """
    if step.limited or step.idle:
        return found
    loaded = LoadedStep(longer=step.longer, error=step.error, lasted_s=lasted_s)
    return posterior(found.windows, loaded)
