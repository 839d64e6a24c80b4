"""The rivals against closed forms, and against the formulas that each of them is not."""

import math

import numpy as np
import pytest

from tests.statistical.oracles.lines import ExponentialDecay
from tests.statistical.oracles.pools import Mmck
from tests.validation.rivals.fluid import fluid
from tests.validation.rivals.forecast import Asked
from tests.validation.rivals.stationary import calibrated_mmc, linear, usl, usl_of, usl_peak
from tests.validation.runs.probed import Probed, Rung


def probed(**words: object) -> Probed:
    known = {
        "name": "app", "kind": "pool", "servers": 10, "at_once": 10, "service_s": 1.0, "cv": 0.0,
        "inflation": (1.0,), "waiting_room": 1000, "round_trip_s": 0.0, "rungs": (),
    }  # fmt: skip
    return Probed(**{**known, **words})  # type: ignore[arg-type]


def asked(rate_per_s: float, lasts_s: int = 60, **words: object) -> Asked:
    known = {"probed": probed(), "timeout_s": math.inf, "arrivals_a_s": (rate_per_s,) * lasts_s}
    return Asked(**{**known, **words})  # type: ignore[arg-type]


def test_mmc_says_what_the_books_say() -> None:
    """lambda = 8, mu = 1, c = 10: Gross et al.; by an independent evaluation to nine digits."""
    said = calibrated_mmc(asked(8.0))
    assert said.capacity_per_s == 10.0
    assert said.wait_s == pytest.approx(0.204590075, rel=1e-8)
    assert said.p50_s == pytest.approx(0.912144611, rel=1e-8)
    assert said.p95_s == pytest.approx(3.32827468, rel=1e-8)


def test_mmc_counts_a_service_as_long_as_it_is_with_all_servers_busy() -> None:
    slow = probed(inflation=(1.0,) * 9 + (1.25,))
    assert calibrated_mmc(asked(8.0, probed=slow)).capacity_per_s == 8.0
    assert calibrated_mmc(asked(8.0, probed=slow)).p50_s is None


def test_a_known_room_makes_it_mmck() -> None:
    """lambda = 12, mu = 1, c = 10, K = 20: 0.179665916 are turned away."""
    said = calibrated_mmc(asked(12.0, waiting_room=10))
    assert said.failing == pytest.approx(0.179665916, rel=1e-8)
    assert said.failing == Mmck(12.0, 1.0, 10, 20).p_turned_away
    assert calibrated_mmc(asked(12.0)).failing == pytest.approx(1 / 6)


def test_the_usl_is_found_in_figures_that_obey_it() -> None:
    at_once = np.array([1.0, 2.0, 3.0, 4.0, 6.0, 8.0])
    per_s = 100 * at_once / (1 + 0.05 * (at_once - 1) + 0.01 * at_once * (at_once - 1))
    assert usl_of(at_once, per_s) == pytest.approx((100.0, 0.05, 0.01), rel=1e-6)
    bent = math.sqrt(0.95 / 0.01)
    most = max(100 * n / (1 + 0.05 * (n - 1) + 0.01 * n * (n - 1)) for n in (bent, 9.0, 10.0))
    assert usl_peak(100.0, 0.05, 0.01, 8.0) == pytest.approx(most)


def test_the_usl_with_contention_alone_is_one_queue() -> None:
    """beta = 0, alpha = 1: X(N) is gamma for every N; a smaller rate finds one in the system."""
    rungs = tuple(Rung(at_once=n, per_s=20.0, answer_s=n / 20.0) for n in (1, 2, 3, 4))
    said = usl(asked(10.0, probed=probed(rungs=rungs)))
    assert said is not None
    assert said.capacity_per_s == pytest.approx(20.0)
    assert usl(asked(10.0, probed=probed(rungs=rungs[:2]))) is None


def test_the_usl_answers_by_little_s_law() -> None:
    """X(N) = 50 N / (1 + 0.2 (N - 1)): at 100/s N = 8/3, and an answer takes N / 100 on average."""
    rungs = tuple(
        Rung(at_once=n, per_s=50 * n / (1 + 0.2 * (n - 1)), answer_s=0.02) for n in (1, 2, 4, 8)
    )
    said = usl(asked(100.0, probed=probed(rungs=rungs)))
    assert said is not None
    assert said.p50_s == pytest.approx(8 / 300 * math.log(2), rel=1e-6)
    assert said.capacity_per_s == pytest.approx(250.0, rel=1e-6)


def test_a_straight_line_knows_no_waiting() -> None:
    calm, busy = (linear(asked(rate, probed=probed(cv=0.5))) for rate in (1.0, 9.9))
    assert calm == busy
    assert calm.p50_s == pytest.approx(1 / math.sqrt(1.25))
    assert calm.wait_s == 0.0
    assert linear(asked(20.0)).failing == 0.5


def test_a_fluid_that_comes_at_one_rate_fills_and_empties_at_two() -> None:
    """At 3 times the capacity for T: the peak is 2 C T, all is clear at 3 T, the median waits T."""
    line = fluid(asked(30.0, lasts_s=40))
    assert (line.peak, line.cleared_s) == (800.0, 120.0)
    assert line.wait_s == pytest.approx(40.0)
    assert line.p50_s == pytest.approx(40.0, abs=2)  # seconds of service and of the grid: 1 each
    assert line.wait_p95_s == pytest.approx(76.0, abs=2)


def test_who_would_wait_longer_than_he_does_gives_up() -> None:
    """At twice the capacity Q / C = t: of 40 s those of the last 34 wait more than 6 s, less 1 of service."""
    assert fluid(asked(20.0, lasts_s=40, timeout_s=6.0)).failing == pytest.approx(35 / 40)


def test_a_room_runs_over() -> None:
    assert fluid(asked(20.0, lasts_s=40, waiting_room=100)).failing == pytest.approx(300 / 800)


def test_a_decaying_fluid_is_the_one_of_the_books() -> None:
    """lambda0 exp(-t / tau): the peak is tau (lambda0 - C) - C tau ln k.

    Seconds of the mean rate are exact at their ends, so the peak is missed by what happens within
    the second around it at most: the slope there is C / tau a second, over half of one.
    """
    rate0, tau, capacity = 100.0, 60.0, 20.0
    a_s = [rate0 * tau * (math.exp(-n / tau) - math.exp(-(n + 1) / tau)) for n in range(300)]
    said = fluid(asked(0.0, arrivals_a_s=tuple(a_s), probed=probed(service_s=0.5)))
    books = ExponentialDecay(rate0, tau, capacity)
    assert said.peak == pytest.approx(books.line(books.peak_s), abs=capacity / tau / 2)
    assert said.cleared_s == pytest.approx(books.clears_s, abs=1)


def test_below_its_capacity_a_fluid_knows_no_waiting_either() -> None:
    said = fluid(asked(9.0))
    assert (said.p50_s, said.wait_s, said.failing, said.cleared_s) == (1.0, 0.0, 0.0, None)
