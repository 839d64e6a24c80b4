"""A plan beside others on the same cores: services last as long as the cores that are left make them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan
from simulator.plan.sharing.jobs import Jobs, begins, rows_of
from simulator.plan.sharing.load import Load
from simulator.plan.sharing.shared import CLOSE, Beside, factors_of, shared
from simulator.system.line import TokenBucket
from simulator.system.pace import Pace
from simulator.system.stations import StationKind
from tests.unit.simulator.verdict.truth.rehearsals import S, plan_of

ENGINE = Compiled()
GENERATOR = Load(idle=0.3, attempt_s=0.0, look_s=0.0)


def beside(*loads: Load, cores: int = 2) -> Beside:
    return Beside(cores=cores, loads=loads, poll_every_ns=S)


def paces_of(plan: Plan) -> list[Pace | None]:
    return [station.pace for station in plan.system.stations]


def test_servers_that_are_always_busy_have_the_cores_that_are_left() -> None:
    """Twice as many come as can be served: both servers always work, and have 1.7 of two cores."""
    plan = plan_of(2.0, for_s=20)
    found = shared(plan, ENGINE, beside(GENERATOR))
    (pace,) = paces_of(found.plan)
    assert pace is not None
    assert pace.at(10 * S) == pytest.approx(2.0 / 1.7, rel=0.01)
    assert found.busiest == pytest.approx(0.3)
    assert 1.1 < found.mean <= found.most <= 2.0 / 1.7 + 0.001


def test_with_a_core_to_spare_nothing_changes() -> None:
    plan = plan_of(0.7, servers=1, for_s=20)
    found = shared(plan, ENGINE, beside(GENERATOR))
    assert found.plan == plan
    assert found.paces == {}
    assert (found.mean, found.most) == pytest.approx((1.0, 1.0))


def test_beside_nobody_nothing_changes() -> None:
    assert shared(plan_of(0.9, for_s=20), ENGINE, beside()).paces == {}


def test_the_pace_is_that_of_the_jobs_that_come_of_it() -> None:
    """Who is slowed down runs beside more: the pace of the jobs as they were is too low, that of those
    that come of it is the one that they have."""
    plan, others = plan_of(0.8, for_s=60), beside(GENERATOR)
    found = shared(plan, ENGINE, others)
    first, last = (
        float(factors_of(Jobs.of(of, ENGINE, S), others, inflates=False).mean())
        for of in (plan, found.plan)
    )
    assert abs(found.mean - last) <= CLOSE
    assert last - first > 2 * CLOSE


def test_a_pace_that_a_station_has_is_kept_beside_it() -> None:
    plan = plan_of(2.0, for_s=20)
    slow = replace(plan.system.stations[0], pace=Pace.of([0], [3.0]))
    plan = replace(plan, system=replace(plan.system, stations=(slow,)))
    (pace,) = paces_of(shared(plan, ENGINE, beside(GENERATOR)).plan)
    assert pace is not None
    assert pace.at(10 * S) == pytest.approx(3.0 * 2.0 / 1.7, rel=0.01)


def test_what_waits_for_tokens_uses_no_core() -> None:
    plan = plan_of(2.0, for_s=20)
    quota = replace(
        plan.system.stations[0], kind=StationKind.QUOTA, quota=TokenBucket.at_rate(20.0)
    )
    plan = replace(plan, system=replace(plan.system, stations=(quota,)))
    assert len(begins(plan, rows_of(plan, ENGINE, 0))[0]) == 0
    assert shared(plan, ENGINE, beside(GENERATOR)).plan == plan


def test_what_was_there_when_an_inflation_was_measured_counts_once() -> None:
    """A ladder sends attempts too: only what is beside these makes its services longer."""
    plan = plan_of(2.0, for_s=20)
    sends = Load(idle=0.0, attempt_s=0.01, look_s=0.0)
    found = shared(plan, ENGINE, beside(sends))
    assert found.most > 1.1
    seen = replace(plan.system.stations[0], inflation=(1.0, 1.2))
    plan = replace(plan, system=replace(plan.system, stations=(seen,)))
    assert shared(plan, ENGINE, beside(sends)).paces == {}
    assert shared(plan, ENGINE, beside(replace(sends, idle=0.2))).most > 1.05


def test_how_many_jobs_run_is_counted_to_the_instant() -> None:
    plan = plan_of(0.9, servers=2, for_s=20)
    began, running = begins(plan, rows_of(plan, ENGINE, 0))
    assert (np.diff(began) >= 0).all()
    assert set(running.tolist()) == {1.0, 2.0}  # two servers, and never more
