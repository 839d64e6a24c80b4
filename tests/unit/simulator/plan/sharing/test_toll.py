"""What sending costs, from what was done in each second and what it took."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.machine import Strain
from simulator.plan.sharing.load import Load, Traffic
from simulator.plan.sharing.toll import (
    AT_ONCE,
    IN_LINE,
    LINE,
    POLL_EVERY_NS,
    Second,
    load_of,
    plan_of,
    seconds_of,
    toll_of,
)
from simulator.system.line import Waitlist

S = 1_000_000_000
TRUE = Load(idle=0.03, attempt_s=0.0021, look_s=0.0007)


def strained(took: float, at_s: int) -> Strain:
    return Strain(
        at_ns=at_s * S, for_ns=S, cores=2, busy=0.0, steal=0.0, target_cpu=took, generator_cpu=took
    )


def seconds() -> list[Second]:
    """Those of both surges as they are planned, and what they take if nothing else is done."""
    found = []
    for waitlist, coming in ((Waitlist(), AT_ONCE), (LINE, IN_LINE)):
        plan = plan_of(waitlist, coming)
        rows = Compiled().simulate(plan.timetable(), plan.system_of()).rows()
        last = plan.horizon_ns // S
        edges_ns = np.arange(last + 1) * S
        asked = Traffic.of(rows, edges_ns, POLL_EVERY_NS)
        strain = [strained(each, n + 1) for n, each in enumerate(TRUE.cores(asked).tolist())]
        found += seconds_of(rows, strain)
    return found


def test_what_each_thing_costs_is_found_again() -> None:
    toll = toll_of(seconds())
    assert toll is not None
    assert toll.target == toll.generator
    found = toll.generator
    assert found.idle == pytest.approx(TRUE.idle)
    assert found.attempt_s == pytest.approx(TRUE.attempt_s)
    assert found.look_s == pytest.approx(TRUE.look_s)


def test_the_surges_tell_attempts_looks_and_idling_apart() -> None:
    """Noise of 5 % of a second's work moves no cost by more than three of its standard errors, all below 15 %."""
    every = seconds()
    done = np.array([(each.for_s, each.attempts, each.looks) for each in every])
    took = np.array([each.generator_s for each in every])
    noise = 0.05 * took
    inverse = np.linalg.inv(done.T @ done) @ done.T
    errors = np.sqrt((inverse**2) @ noise**2)
    true = np.array([TRUE.idle, TRUE.attempt_s, TRUE.look_s])
    assert (errors[1:] < 0.15 * true[1:]).all()
    one_surge = done[: len(seconds()) // 2]
    assert np.linalg.matrix_rank(done) == 3
    assert len(one_surge)


def test_nothing_costs_less_than_nothing() -> None:
    every = seconds()
    found = load_of(every, [0.05 if each.attempts else 0.06 for each in every])
    assert min(found.idle, found.attempt_s, found.look_s) >= 0.0


def test_seconds_of_which_nobody_tells_are_left_out() -> None:
    rows = Compiled().simulate(
        plan_of(LINE, IN_LINE).timetable(), plan_of(LINE, IN_LINE).system_of()
    )
    assert seconds_of(rows.rows(), [strained(math.nan, 1)]) == []


def test_a_few_seconds_tell_nothing() -> None:
    assert toll_of(seconds()[:5]) is None
