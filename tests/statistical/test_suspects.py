"""How often a server that hides nothing is suspected of something, and how often what is hidden is named.

The thresholds of :mod:`simulator.verdict.truth.suspects` are what makes the first one in twenty at most, all kinds
together, of servers that wander, are slower, or are busier than was predicted: none of that is hidden.
``python -m tests.statistical.test_suspects`` prints the quantiles from which they were read.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.rows import Block, Result
from simulator.plan.plan import Plan
from simulator.system.pace import Pace
from simulator.units import Floats
from simulator.verdict.truth.played.services import Services, running_of
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.suspects import crowding, fading
from simulator.verdict.truth.suspects.crowding import Crowding
from simulator.verdict.truth.suspects.fading import Fading
from simulator.verdict.truth.suspects.found import suspects_of
from simulator.verdict.truth.suspects.limited import Limited
from simulator.verdict.truth.took import predicted_of
from tests.unit.simulator.verdict.truth.rehearsals import MS, S, plan_of, silent, wandering

NOTHING, EACH = 400, 30
MOST_ALARMS, LEAST_NAMED = 0.05, 0.9
SDS, OVERS_S = (0.0, 0.1, 0.2, 0.3), (3.0, 10.0, 30.0)
MOST_SLOWER = 3.0
FOR_S = 40
QUANTILES = (0.95, 0.975, 0.98, 0.985, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A rehearsal as it was seen, and what was predicted."""

    plan: Plan
    rows: Block
    services: Services

    @property
    def named(self) -> set[type]:
        """What is suspected."""
        found = suspects_of(self.rows, self.plan.system, {"web": self.services})
        return {type(each) for each in found}


def run(plan: Plan, pace: Pace, seed: int, **really: Any) -> Run:
    """The plan, of which the station is really another one."""
    station = replace(plan.system.stations[0], pace=pace, **really)
    real = replace(plan, system=replace(plan.system, stations=(station,)))
    rows = silent(Compiled().simulate(real.timetable(1_000 + seed), real.system).rows())
    return Run(plan=plan, rows=rows, services=recovered(rows, plan.system)["web"])


def drawn(seed: int, *, alone: bool) -> tuple[Plan, Pace]:
    """Some server: how many it serves at once, how busy it is, and how it wanders; ``alone``: as was predicted."""
    rng = np.random.default_rng(seed)
    servers = int(rng.choice([2, 4]))
    plan = plan_of(float(rng.uniform(0.4, 0.9)), servers=servers, for_s=FOR_S, seed=seed)
    sd, over_s = float(rng.choice(SDS)), float(rng.choice(OVERS_S))
    slower = 1.0 if alone else float(np.exp(rng.uniform(0.0, np.log(MOST_SLOWER))))
    pace = wandering(sd, over_s, for_s=FOR_S + 60, seed=seed)
    return plan, Pace.of(pace.starts_ns, [slower * factor for factor in pace.factors])


def nothing(many: int) -> Iterator[Run]:
    """Half of them as predicted, but that they wander; the others are slower all the time as well."""
    for seed in range(many):
        plan, pace = drawn(seed, alone=seed % 2 == 0)
        yield run(plan, pace, seed)


def still(seed: int) -> Run:
    """Where all get on by turns, their number is the only mark, and wandering hides it."""
    plan = plan_of(0.6, servers=4, for_s=FOR_S, seed=seed)
    return run(plan, Pace.of([0], [1.0]), seed, inflation=(1.0, 2.0, 3.0, 4.0))


def mild(seed: int) -> Pace:
    return wandering(0.1, 10.0, for_s=FOR_S + 60, seed=seed)


def lock(seed: int) -> Run:
    return run(plan_of(0.6, servers=4, for_s=FOR_S, seed=seed), mild(seed), seed, servers=1)


def cold(seed: int) -> Run:
    pace = mild(seed)
    seconds = np.array(pace.starts_ns) / S
    factors = np.array(pace.factors) * (1.0 + 2.0 * np.exp(-seconds / 8.0))
    plan = plan_of(0.6, servers=4, for_s=FOR_S, seed=seed)
    return run(plan, Pace.of(pace.starts_ns, factors), seed)


def quota(seed: int) -> Run:
    """Whoever comes within the first 25 ms of each 50 is served, and the others are refused."""
    found = run(plan_of(0.6, servers=4, for_s=FOR_S, seed=seed), mild(seed), seed)
    attempts = found.rows.attempts.copy()
    refused = attempts["sent"] % (50 * MS) > 25 * MS
    attempts["result"][refused] = Result.TURNED_AWAY
    attempts["finished"][refused] = attempts["sent"][refused] + MS
    rows = Block(visits=found.rows.visits, attempts=attempts)
    return replace(found, rows=rows, services=recovered(rows, found.plan.system)["web"])


HIDDEN: dict[str, tuple[Callable[[int], Run], type]] = {
    "a lock, first come first served": (lock, Crowding),
    "a lock, by turns, of a server that does not wander": (still, Crowding),
    "a cold cache": (cold, Fading),
    "a quota": (quota, Limited),
}


@pytest.mark.slow
def test_of_a_server_that_hides_nothing_one_in_twenty_is_suspected_at_most() -> None:
    """All kinds together; seeds are fixed, so nothing is allowed for chance."""
    alarms = sum(bool(each.named) for each in nothing(NOTHING))
    assert alarms <= MOST_ALARMS * NOTHING


@pytest.mark.slow
@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_hidden_is_named_in_nine_of_ten(name: str) -> None:
    make, kind = HIDDEN[name]
    named = sum(kind in make(seed).named for seed in range(EACH))
    assert named >= LEAST_NAMED * EACH


def statistics(each: Run) -> dict[str, float]:
    """What the thresholds are held against; NaN where there is nothing to hold."""
    predicted = predicted_of(each.plan.system, each.services)
    sure = (each.services.is_exact == 1) & (predicted > 0)
    took_ns = each.services.took_ns.astype(np.float64)
    running = running_of(each.services)
    found = {"g": np.nan, "alike": np.nan, "gained": np.nan}
    if sure.sum() >= crowding.FEWEST:
        found["g"] = crowding.slope(running[sure] - 1.0, (took_ns / predicted)[sure])[1]
        found["alike"] = alike(running[sure], (took_ns / predicted)[sure])
    h, _, gained = falling(each)
    found["gained"] = gained if h >= fading.LEAST_H else 0.0
    return found


def alike(running: Floats, ratios: Floats) -> float:
    many, logs = max(2, round(float(running.mean()))), np.log(ratios) - np.log(ratios).mean()
    near, far = (float(logs[:-apart] @ logs[apart:] / (logs @ logs)) for apart in (1, many))
    return near - far


def falling(each: Run) -> tuple[float, float, float]:
    seen = fading.windows(each.plan.system, each.services)
    if seen is None:
        return 0.0, 0.0, 0.0
    means, times, by_chance = seen
    return fading.likeliest(times, means, by_chance)


def main(many: int) -> None:
    runs = list(nothing(many))
    alarms = Counter(kind.__name__ for each in runs for kind in each.named)
    print(f"{sum(bool(each.named) for each in runs)} of {many} suspected: {dict(alarms)}")
    found = [statistics(each) for each in runs]
    for name in found[0]:
        values = np.array([each[name] for each in found])
        known = values[np.isfinite(values)]
        shown = [f"{q:g}: {np.quantile(known, q):.3f}" for q in QUANTILES] if len(known) else []
        print(f"{name} of {len(known)}: {', '.join(shown)}")
    for name, (make, kind) in HIDDEN.items():
        made = [make(seed) for seed in range(EACH)]
        print(name, sum(kind in each.named for each in made), Counter(str({k.__name__ for k in each.named}) for each in made))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else NOTHING)
