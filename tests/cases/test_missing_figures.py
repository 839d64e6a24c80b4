"""What others asked and could not be told: waits as they are announced, and figures of each station."""

import math
from functools import cache
from pathlib import Path

from reports.charts.stations.over_time import stations_record
from scenarios.library import shelf as library
from simulator import Compiled, launch_plan, predict
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.intervals import Estimate

HERE = Path(__file__).parent / "missing_figures"
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
    assert found["line_peak"].mean == 500
    assert found["wait_p95"].mean < 5.1 * 60


def test_who_is_at_the_pump_counts_in_the_wait_that_is_told() -> None:
    # Balking with n/3 for n cars there, as many coming as are served: p = 9/26 (1, 1, 2/3, 2/9).
    found = figures("gasoline-balking", 20)
    share = found["balked"].mean / found["arrivals"].mean
    error = math.sqrt(9 / 26 * 17 / 26 / (20 * 7500))
    # Who is told of the pump alone joins two times in three, so that two stand in line now and then.
    assert found["line_peak"].low >= 2
    # Neighbours balk together: the variance of the number is at most 3 times the binomial one.
    assert abs(share - 9 / 26) < Z * math.sqrt(3) * error


def test_two_operators_are_told_in_the_terms_of_the_textbook() -> None:
    # M/M/2 at 15 calls an hour of 5 minutes each (Erlang C): P(wait) 0.4808, mean wait 3.205 min.
    found = figures("two-operators", 10)
    within(found["s/wait_probability"], 0.48076923)
    within(found["s/wait_mean"], 60 * 3.2051282)
    within(found["s/utilisation_mean"], 15 * 5 / 60 / 2)
    # Little: as many wait as come in the time that one waits.
    within(found["s/queue_mean"], 15 / 60 * 3.2051282)
    within(found["s/requests_mean"], 15 / 3600)


def test_each_class_has_its_own_time_in_the_system() -> None:
    # Two classes at one machine without preemption (Cobham): 1 and 9 an hour, 5 minutes each.
    found = figures("priority-two-classes", 10)
    within(found["high/group_stay_mean"], 60 * (5 + 5 * (10 / 12) / (1 - 1 / 12)))
    within(found["low/group_stay_mean"], 60 * (5 + 5 * (10 / 12) / ((1 - 1 / 12) * (2 / 12))))


def test_the_requests_a_second_of_a_crowd_are_told() -> None:
    # 1,800 people with a request each minute and its answer of 0.2 s, until the horizon.
    found = figures("6000-users", 5)
    within(found["s/requests_mean"], 1800 / 60.2)


def test_the_number_of_instances_is_told_over_time() -> None:
    engine = Compiled()
    plan = launch_plan(library.load(str(HERE / "hpa-lag.toml")), seed=0, engine=engine)
    over_time = stations_record(predict(plan, engine, 1))["stations"]["web"]["instances"]
    # Busy servers are ceil(now * 1 / 0.6) = 2 more pods, 60 s after a decision at 15 s: then 4, 7.
    whole = [int(number) for number in over_time if number == int(number)]
    steps = [number for number, before in zip(whole, [0, *whole], strict=False) if number != before]
    assert steps[:4] == [1, 2, 4, 7]
    found = figures("hpa-lag", 1)
    assert found["web/instances_fewest"].mean == 1
    assert found["web/instances_most"].mean >= 7


def within(found: Estimate, right: float) -> None:
    """As near as its own standard error allows (10 launches: Student's t is 2.26 at 95 %)."""
    error = (found.high - found.low) / 2 / 2.26
    assert abs(found.mean - right) < Z * error, (found.mean, right, error)
