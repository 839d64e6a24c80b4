"""Each gate at its border, from both sides, and the instruments that it must catch."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import poisson

from reports.sentences.criterion import name_of
from simulator.outcomes.instrument import left_out, shape, strays
from simulator.outcomes.pulses import Stall, stalls_of, sustained
from simulator.outcomes.workers import Worker
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.units import Ints
from simulator.verdict.criteria import Outcome
from simulator.verdict.validity.gates import judge_instrument, strays_limit, unsent_limit
from simulator.verdict.validity.room import room_s
from tests.examples import examples
from tests.launches.summaries import MS, OBJECTIVES, S, instrument, launch


def impaired(**facts: object) -> list[str]:
    found = judge_instrument(instrument(**facts), OBJECTIVES)
    return [name_of(one) for one in found if one.outcome is not Outcome.HOLDS]


def objectives(*quantiles: float, errors: float | None = None) -> Objectives:
    asked = tuple((quantile, S) for quantile in quantiles)
    journey = JourneyObjective(journey="signup", quantiles_ns=asked, errors=errors)
    return Objectives(journeys=(journey,))


# Kept


@examples("asked, caught",
    ("nobody asks", objectives(0.5), True),
    ("an objective tells it", Objectives(line=LineObjective(forgotten=0)), False),
)  # fmt: skip
def test_whose_fate_was_not_kept_is_missed(asked: Objectives, *, caught: bool) -> None:
    """Rows that another program deleted: the others say nothing of them."""
    found = judge_instrument(instrument(recorded=299), asked)
    gates = [name_of(one) for one in found if one.outcome is not Outcome.HOLDS]
    assert gates == ["visits without a recorded outcome"] * caught


# Workers


def team(*, lost: str | None = None, bound_ns: int = 0) -> tuple[Worker, ...]:
    """Of two, what may be wrong with the second."""
    first = Worker(number=0, name="east", planned=150, started=150)
    return (first, replace(first, number=1, name="west", lost=lost, bound_ns=bound_ns))


@examples("workers, caught",
    ("one alone", (), []),
    ("both came to their end", team(), []),
    ("one was killed", team(lost="killed"), ["workers lost"]),
    ("a clock at the border", team(bound_ns=50 * MS), []),
    ("a clock beyond it", team(bound_ns=50 * MS + 1), ["workers' clocks"]),
    ("the only one that a master led was killed", team(lost="killed")[1:], ["workers lost"]),
    ("its clock is beyond it", team(bound_ns=50 * MS + 1)[1:], ["workers' clocks"]),
    ("the only process, which goes by its own clock", team()[:1], []),
)  # fmt: skip
def test_a_worker_that_is_lost_or_late_by_its_clock_lets_nothing_pass(
    workers: tuple[Worker, ...], caught: list[str]
) -> None:
    """Half of the start lag that is allowed, 100 ms, is left for clocks."""
    assert impaired(workers=workers) == caught


def test_what_is_lost_with_a_worker_no_target_forgot() -> None:
    facts = instrument(recorded=299, workers=team(lost="killed"))
    asked = Objectives(line=LineObjective(forgotten=0))
    gates = [
        name_of(one) for one in judge_instrument(facts, asked) if one.outcome is not Outcome.HOLDS
    ]
    assert gates == ["workers lost", "visits without a recorded outcome"]


# Unsent


@examples("asked, limit",
    ("a tenth of 5 %", objectives(0.5, 0.95), 0.005),
    ("a tenth of 1 %", objectives(0.95, 0.99), 0.001),
    ("never more", objectives(0.5), 0.005),
    ("errors", objectives(0.95, errors=0.02), 0.002),
    ("no error allowed", objectives(errors=0.0), 0.0),
    ("nothing asked", Objectives(), 0.001),
    ("waits", Objectives(line=LineObjective(wait_quantiles_ns=((0.99, S),))), 0.001),
)  # fmt: skip
def test_the_unsent_may_be_a_tenth_of_what_an_objective_leaves(
    asked: Objectives, limit: float
) -> None:
    assert unsent_limit(asked) == pytest.approx(limit)


@pytest.mark.parametrize(("unsent", "gates"), [(5, []), (6, ["unsent"])])
def test_the_border_of_the_unsent(unsent: int, gates: list[str]) -> None:
    facts = {"planned": 1000, "started": 1000 - unsent, "recorded": 1000}
    assert impaired(**facts, unsent=unsent, unsent_reported=unsent, at_cap=unsent) == gates


# Strays


def sent_at(plan: Ints, started: Ints) -> tuple[int, int]:
    """The strays of such starts, and how many the plan bears."""
    second, bins = shape(plan)
    made = instrument(busiest_second=second, bins=bins)
    return strays(plan, started)[0], strays_limit(made)


def arrivals(rate_per_s: float, seconds: int, seed: int) -> Ints:
    random = np.random.default_rng(seed)
    count = random.poisson(rate_per_s * seconds)
    return np.sort(random.integers(0, seconds * S, count, dtype=np.int64))


@pytest.mark.parametrize(
    ("rate", "bins"), [(6, 50), (6, 600), (80, 100), (2000, 300), (60_000, 600)]
)
def test_the_border_is_what_chance_reaches_in_every_second_launch(rate: int, bins: int) -> None:
    limit = strays_limit(instrument(busiest_second=rate, bins=bins))
    count = limit + int(rate / 10)
    # SciPy's Poisson law, computed otherwise than in the gate.
    assert poisson.sf(count, rate / 10) <= 0.5 / bins < poisson.sf(count - 1, rate / 10)


@pytest.mark.parametrize(
    ("strays_seen", "gates"), [(8, []), (9, ["mistimed starts in the worst 100 ms"])]
)
def test_the_border_of_strays(strays_seen: int, gates: list[str]) -> None:
    assert impaired(worst_bin=strays_seen) == gates


@pytest.mark.parametrize("rate_per_s", [6, 60, 600])
def test_a_start_in_a_hundred_that_is_45_ms_late_is_no_other_surge(rate_per_s: int) -> None:
    plan = arrivals(rate_per_s, 60, seed=rate_per_s)
    late = np.where(np.arange(len(plan)) % 100 == 7, 45 * MS, 19 * MS)
    seen, limit = sent_at(plan, plan + late)
    assert seen <= limit


@pytest.mark.parametrize("rate_per_s", [6, 60, 600])
def test_whoever_starts_a_seconds_people_together_is_caught(rate_per_s: int) -> None:
    plan = arrivals(rate_per_s, 60, seed=rate_per_s)
    seen, limit = sent_at(plan, (plan // S + 1) * S)
    assert seen > limit


@pytest.mark.parametrize("rate_per_s", [100, 600])
def test_whoever_stands_still_and_then_sends_what_is_due_is_caught(rate_per_s: int) -> None:
    plan = arrivals(rate_per_s, 60, seed=rate_per_s)
    still = (plan > 30 * S) & (plan < 30 * S + 400 * MS)
    seen, limit = sent_at(plan, np.where(still, 30 * S + 400 * MS, plan))
    assert seen > limit


# Start lag


@pytest.mark.parametrize(("starts", "late"), [(19, 0), (20, 1), (199, 1), (200, 2), (10_000, 100)])
def test_one_start_in_a_hundred_may_be_late_and_one_of_twenty(starts: int, late: int) -> None:
    assert left_out(starts) == late


# Start lag and event loop together


LATE = {"lag_p99_ns": 390 * MS, "lag_max_ns": 390 * MS, "behind_ns": (390 * MS,)}
OVERSLEPT = {"loop_lag_max_ns": 390 * MS, "stalls": (Stall(lag_ns=390 * MS, touched=0.013),)}
BOTH = ["start lag p99", "event loop lag"]


@examples("facts, measured_s, gates",
    ("late alone", LATE, 1.4, []),
    ("seen late alone", OVERSLEPT, 1.4, []),
    ("late, and seen late: 0.62 s would have been in time", LATE | OVERSLEPT, 1.4, BOTH),
    ("so far beyond that both may be", LATE | OVERSLEPT, 1.8, []),
    ("late by a clock that is wrong", LATE | {"workers": team(bound_ns=20 * MS)}, 1.4, BOTH[:1]),
    ("passed by a few", LATE | {"passed": 3}, 1.4, []),
    ("passed by all", LATE | {"passed": 296}, 1.4, BOTH[:1]),
)  # fmt: skip
def test_what_one_gate_spends_is_not_the_others_any_more(
    facts: dict[str, object], measured_s: float, gates: list[str]
) -> None:
    """p95 is to be 1 s, and 1.4 s bear 0.4 s, which each of them alone leaves."""
    asked, found = objectives(0.95), launch([measured_s] * 300)
    room = partial(room_s, asked, found, closes=False)
    judged = judge_instrument(instrument(**facts), asked, room)
    assert [name_of(one) for one in judged if one.outcome is not Outcome.HOLDS] == gates


def test_whom_starts_and_the_loop_touched_are_counted_together() -> None:
    """One started late and three passed him; of 300 the loop saw 1.3 % * (1 - 50 / 390) later than 50 ms."""
    asked: list[float] = []

    def room(touched: float) -> float:
        asked.append(touched)
        return 0.0

    judge_instrument(instrument(**LATE, **OVERSLEPT, passed=3), objectives(0.95), room)
    assert asked == pytest.approx([4 + 300 * 0.013 * 340 / 390, 4 + 300 * 0.02])


# Event loop


@examples("lag_ms, touched, gates",
    # The limit is 100 ms (5 % of 2 s): of 200 ms the first half is late by more.
    ("at the border", 200, 0.02, []),
    ("beyond", 200, 0.0201, ["event loop lag"]),
    ("all, by a hair", 100.18, 1.0, []),
    ("two seconds, hardly anybody", 2000, 0.011, ["event loop lag"]),
)  # fmt: skip
def test_the_border_of_the_loop(lag_ms: float, touched: float, gates: list[str]) -> None:
    lag_ns = round(lag_ms * MS)
    assert (
        impaired(loop_lag_max_ns=lag_ns, stalls=(Stall(lag_ns=lag_ns, touched=touched),)) == gates
    )


def beats(lags_ms: list[int], times: int = 1) -> tuple[Stall, ...]:
    """A beat for each: twenty probes of 50 ms, so many of which overslept by that; 100 events in each."""
    lasted_ns = np.array([1000 + lag * times for lag in lags_ms], np.int64) * MS
    return stalls_of(
        at_ns=np.cumsum(lasted_ns),
        work=100 * np.arange(1, len(lags_ms) + 1),
        lag_ns=np.array(lags_ms, np.int64) * MS,
    )


def test_one_stall_touches_what_fell_into_it() -> None:
    (stall,) = beats([3, 250, 3, 3])
    # A quarter of the events came in that beat, and a fifth of these within the stall.
    assert stall.lag_ns == 250 * MS
    assert stall.touched == pytest.approx(0.25 * 0.2)


@examples("stalls, caught",
    ("120 ms at every probe", beats([120] * 10, times=20), True),
    ("400 ms in every second", beats([400] * 10), True),
    ("frozen for two seconds", beats([0, 0, 2000, 0, 0]), True),
    ("101 ms, once", beats([101, *[3] * 9]), False),
    ("never above the limit", beats([90] * 10, times=20), False),
)  # fmt: skip
def test_a_loop_that_is_held_up_is_caught(stalls: tuple[Stall, ...], *, caught: bool) -> None:
    assert (impaired(stalls=stalls) == ["event loop lag"]) is caught


# Processor


@examples("shares, gates",
    ("one second", [0.3, 0.98, 0.3], []),
    ("one second without rest", [0.3, 0.99, 0.3], ["generator CPU"]),
    ("at the border", [0.3, 0.85, 0.85], []),
    ("two in a row", [0.3, 0.86, 0.86, 0.3], ["generator CPU"]),
    ("not in a row", [0.86, 0.3, 0.86, 0.3], []),
    ("all there is", [0.86], ["generator CPU"]),
)  # fmt: skip
def test_the_border_of_the_processor(shares: list[float], gates: list[str]) -> None:
    used = np.array(shares)
    two = sustained(S * np.arange(1, len(shares) + 1), used)
    assert impaired(cpu_share_peak=float(used.max()), cpu_share_sustained=two) == gates


def test_a_last_beat_that_repeats_the_one_before_is_no_second() -> None:
    at_ns = np.array([1000, 2000, 2100], np.int64) * MS
    assert sustained(at_ns, np.array([0.3, 0.9, 0.9])) == pytest.approx(0.3)
