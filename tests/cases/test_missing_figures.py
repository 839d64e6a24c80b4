"""What others asked and could not be told: waits as they are announced, and figures of each station."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from scenarios import library
from simulator.compiled import Compiled
from simulator.figures import figures_of
from simulator.intervals import Estimate
from simulator.launches import predict
from simulator.resolve import launch_plan

HERE = Path(__file__).parent
Z = 4.0
"""Standard errors that a mean may be off: once in 16,000 tests without a cause."""


@cache
def figures(case: str, launches: int) -> dict[str, Estimate]:
    """Every figure of a case, over so many launches."""
    engine = Compiled()
    plan = launch_plan(library.load(str(HERE / f"{case}.toml")), seed=0, engine=engine)
    prediction = predict(plan, engine, launches)
    return {figure.key: prediction.estimate(figure) for figure in figures_of(plan.layout)}


def test_told_waits_go_by_the_rate_at_which_places_come_free() -> None:
    # 150 come in each minute of 20; 100 places become free in each. At 500 in line 5 minutes are
    # told, and then one in three balks: 150 * 20 - 100 (in at once) - 100 * 19 (let in from minute
    # 1 to 20) - 500 (in line at the end) = 500, give or take the luck of 3,000 arrivals.
    found = figures("told-wait-with-early-release", 20)
    assert abs(found["balked"].mean - 500) < Z * math.sqrt(3000 / 20)
    assert found["line_peak"].to == 500
    assert found["wait_p95"].mean < 5.1 * 60


def test_who_is_at_the_pump_counts_in_the_wait_that_is_told() -> None:
    # Balking with n/3 for n cars there, as many coming as are served: p = 9/26 (1, 1, 2/3, 2/9).
    found = figures("gasoline-balking", 20)
    share = found["balked"].mean / found["arrivals"].mean
    error = math.sqrt(9 / 26 * 17 / 26 / (20 * 7500))
    # Neighbours balk together: the variance of the number is at most 3 times the binomial one.
    assert abs(share - 9 / 26) < Z * math.sqrt(3) * error
