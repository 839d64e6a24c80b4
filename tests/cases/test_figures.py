"""Cases of figures that could not be: each with its right value, as its source or a closed form has it.

The launches lie in tests/cases/figures, by the number of their case.
"""

import functools
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

from reports.run.comparison.comparison import compare
from reports.sentences.criterion import against_objective
from reports.terminal.prediction import estimates_record, prediction_text
from scenarios.library import shelf as library
from simulator import Compiled, Plan, Prediction, Readable, judge, launch_plan, predict
from simulator.engine.rules import Engine
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.figures.intervals import Estimate
from simulator.outcomes.rows import Fate
from simulator.plan import peaks
from simulator.plan.synopsis import Synopsis
from simulator.units import NS_PER_S
from simulator.verdict.criteria import Outcome
from simulator.verdict.objectives import judge_objectives
from surgeproof.verbs import check, show
from surgeproof.verbs.predicting.predict import explained
from tests.said import said
from tests.statistical.launching import FALSE_ALARM

HERE = Path(__file__).parent / "figures"
ENGINE = Compiled()


@functools.cache
def plan_of(case: str, *settings: str) -> Plan:
    scenario = library.load(str(HERE / f"{case}.toml"), settings=list(settings))
    return launch_plan(scenario, seed=0, engine=ENGINE)


@functools.cache
def predicted(case: str, launches: int) -> Prediction:
    return predict(plan_of(case), ENGINE, launches)


def estimate(case: str, launches: int, key: str) -> Estimate:
    found = predicted(case, launches)
    return found.estimate(
        next(each for each in figures_of(found.launches[0].layout) if each.key == key)
    )


def text(case: str, launches: int) -> str:
    plan, found = plan_of(case), predicted(case, launches)
    told = explained(plan, found, judge(found.launches, plan.objectives), ENGINE)
    return prediction_text(plan, found, said(plan, found), told)


def test_two_operators_keep_the_quantiles_of_theory() -> None:
    """Case 10, M/M/2 with 15 calls an hour of 5 min: the time there is P(T > t) of Erlang C.

    With a = 1.25 the wait is likely at C = 0.4808, and ends at 2 mu - lambda = 9 an hour.
    """
    # One seed's three quantiles hang together, so the tolerance is the house's: it fails once in
    # 10,000 times. Seed 0 lies high by chance: over 40 seeds (0 to 39, 40 launches each) the means are off
    # by 0.07 s +- 0.17 s, 0.3 s +- 0.8 s and 0.7 s +- 1.9 s, and 36, 39 and 40 of their intervals cover
    # the truth. Held against the theory of the calls that came, which is the sharper test, the
    # median of these forty is off by 0.25 s +- 0.08 s, and of eighteen further seeds, drawn to try
    # that, by 0.06 s +- 0.11 s. The queue of the same draws, written apart, gives the medians of seeds 0
    # and 1 to 0.014 s; a bucket is 2.1 s wide.
    launches = predicted("10", 40).launches
    came_per_s = float(np.mean([each.arrivals for each in launches])) / (2_000 * 3_600)
    lasted_s = float(np.mean([each.service.mean_ns() for each in launches])) / NS_PER_S
    z = float(stats.t.ppf(1 - FALSE_ALARM / 2, 39) / stats.t.ppf(0.975, 39))
    for share, key, truth_s in ((0.5, "p50", 363.7), (0.95, "p95", 1394.8), (0.99, "p99", 2067.8)):
        found = estimate("10", 40, f"response_{key}")
        half_s = (found.high - found.low) / 2
        assert time_there_s(share, 15 / 3_600, 300) == pytest.approx(truth_s, abs=0.06)
        assert abs(found.mean - truth_s) <= z * half_s, key
        assert found.low <= time_there_s(share, came_per_s, lasted_s) <= found.high, key


def time_there_s(share: float, arrivals_per_s: float, service_s: float) -> float:
    """The quantile of wait and service in M/M/2.

    Source: Gross et al. 2008, "Fundamentals of queueing theory", 2.3 (equation for W(t)).
    """
    mu, a = 1 / service_s, arrivals_per_s * service_s
    wait = a * a / 2 / (1 - a / 2)
    waits = wait / (1 + a + wait)
    free = 2 * mu - arrivals_per_s

    def longer(t: float) -> float:
        late = (mu * math.exp(-free * t) - free * math.exp(-mu * t)) / (mu - free)
        return (1 - waits) * math.exp(-mu * t) + waits * late

    return float(optimize.brentq(lambda t: longer(t) - (1 - share), 0.0, 1e5))


def test_calls_of_an_hour_are_written_by_the_hour() -> None:
    """Cases 10 and 22: what is not 0 never reads as 0."""
    said = text("10", 40)
    assert "15/h" in said
    assert "0.00" not in said


def test_a_median_that_equals_the_objective_holds() -> None:
    """Case 15 (Ciw#260): one an hour, one hour each, 24 hours: all take 1 h exactly."""
    launch = predicted("15", 3).launches[0]
    median, *_ = judge_objectives(plan_of("15").objectives, launch)
    assert launch.fates[Fate.SERVED] == 24
    assert against_objective(median) == "visit p50 1 h (objective 1 h)"
    assert median.outcome is Outcome.HOLDS


def test_a_median_a_nanosecond_longer_than_the_objective_fails() -> None:
    """A sibling of case 15: a gate never passes by rounding."""
    plan = plan_of("15", "objectives.visit.p50=3599999999999 ns")
    median, *_ = judge_objectives(plan.objectives, predict(plan, ENGINE, 1).launches[0])
    assert median.outcome is Outcome.FAILS


def test_1800_people_who_ask_once_a_minute_send_30_requests_a_second() -> None:
    """Case 33: 40 requests each, a minute of thought and 0.2 s of service apart.

    Each sends twenty within the twenty minutes, the last one after 19 x 60.2 s. How many are at the
    door is a Poisson number: of five launches 1 part in the root of 9,000, and four of them.
    """
    found = estimate("33", 5, "offered")

    assert found.mean == pytest.approx(1800 * 20 / 1200, rel=4 / math.sqrt(9000))
    assert "offered load, requests" in text("33", 5)


@pytest.mark.parametrize(
    ("case", "people"),
    [("40", 780), ("41", 10), ("43", 2_500), ("45", None), ("46", None), ("47", 2_500)],
)
def test_as_many_come_as_the_injector_would_send(case: str, people: float | None) -> None:
    """Cases 40 to 47: a ramp to 0.4/s and on, ten in five minutes, a ramp from 0/s to 50/s in 100 s."""
    total = plan_of(case).demand.total
    assert total > 0
    if people is not None:
        assert total == pytest.approx(people)


def test_a_constant_rate_has_no_peak() -> None:
    """Case 41: ten in five minutes came at "peak 2/min after 2 min 25 s"."""
    assert check.facts(plan_of("41"))["peak"].startswith("2/min, evenly")


def test_a_ramp_may_begin_at_nothing_and_goes_somewhere() -> None:
    """Case 47: "0/s" was nobody in a century."""
    assert plan_of("47").demand.expected_by(50 * 10**9) == pytest.approx(625)


@pytest.mark.parametrize("engine", [ENGINE, Readable()], ids=["compiled", "simpy"])
def test_the_previous_24_hours_have_only_so_many_mails(engine: Engine) -> None:
    """Case 50: 200 in any 24 hours, about 150 in hour 22 and in hour 25: those beyond are refused.

    The 10 of the waiting room stay there until 24 hours after hour 22, and are served in hour 46.
    """
    summary = predict(plan_of("50"), engine, 1).launches[0]
    arrivals, served = summary.arrivals, int(summary.fates[Fate.SERVED])

    assert 250 < arrivals < 350
    assert served == 200 + 10


def test_a_day_from_the_opening_begins_anew() -> None:
    """The other day of a quota, which case 50 had: nobody is refused."""
    summary = predicted("50-from-opening", 1).launches[0]
    assert summary.fates[Fate.SERVED] == summary.arrivals


def test_no_interval_of_two_launches_is_impossible() -> None:
    """Issue 9, 8: "turned away ... -678.8 to 11,232", "wait p50 -2626 ms to 7.23 s"."""
    for launches in (2, 3):
        found = predicted("10", launches)
        for figure in figures_of(found.launches[0].layout):
            each = found.estimate(figure)
            assert math.isnan(each.low) or each.low >= 0, figure.key
            assert not each.high > 1 or figure.unit != "share", figure.key


def test_the_middle_of_two_launches_is_withheld_everywhere() -> None:
    found = predicted("10", 2)
    record = estimates_record(found)["arrivals"]["middle_of_launches"]
    line = compare("as written", rehearsal=found, observed=found.launches[0]).lines[0]
    assert record == [{"value": None, "word": "too few, 2 of 39"}] * 2
    assert line.rehearsal is not None
    assert (line.rehearsal.spread, line.within) == ("too few, 2 of 39", None)
    assert "too few, 2 of 39" in text("10", 2)


def test_every_command_tells_the_same_two_peaks() -> None:
    """Issue 9, 9: 852/s, 273/s, 11.68/s and 7.36/s of one launch."""
    plan, scenario = plan_of("33"), library.load(str(HERE / "33.toml"))
    said, synopsis = peaks.in_words(plan), Synopsis.of(scenario, plan)

    assert said.count("in the busiest") == 2
    assert check.facts(plan)["peak"] == said
    assert said in " ".join(show.total_in_words(plan).split())
    assert said in " ".join(text("33", 5).split())
    assert (synopsis.second, synopsis.of_chart) == peaks.peaks(plan)


def test_who_book_are_not_said_to_sign_up() -> None:
    """Issue 9, 8: "signed up" of those who visit, book or post."""
    said = text("33", 5)
    assert "signed up" not in said
    assert "served per second, mean of the launches over 42 s each" in said
