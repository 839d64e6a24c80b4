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
    assert found.pace is None
    assert (found.mean, found.most) == pytest.approx((1.0, 1.0))


def test_beside_nobody_nothing_changes() -> None:
    assert shared(plan_of(0.9, for_s=20), ENGINE, beside()).pace is None


def test_the_pace_is_that_of_the_jobs_that_come_of_it() -> None:
    """Who is slowed down runs beside more: the pace of the jobs as they were is too low, that of those
    that come of it is the one that they have."""
    plan, others = plan_of(0.8, for_s=60), beside(GENERATOR)
    found = shared(plan, ENGINE, others)
    first, last = (
        float(factors_of(Jobs.of(of, ENGINE, S), others).mean()) for of in (plan, found.plan)
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


def test_what_inflates_is_as_much_longer_beside_others() -> None:
    """What a ladder itself took is not in the inflation that it writes: no other factor is left out."""
    plan = plan_of(2.0, for_s=20)
    seen = replace(plan.system.stations[0], inflation=(1.0, 1.2))
    inflated = replace(plan, system=replace(plan.system, stations=(seen,)))
    most = [shared(each, ENGINE, beside(GENERATOR)).most for each in (plan, inflated)]
    assert most == pytest.approx([2.0 / 1.7] * 2, rel=0.01)


def test_who_waits_for_others_uses_no_core_meanwhile() -> None:
    """Four servers that compute for a tenth of their time leave a core to who sends, and are slowed in that tenth."""
    plan = plan_of(2.0, servers=4, for_s=20)
    others = beside(GENERATOR)
    idle, busy = (
        shared(plan, ENGINE, replace(others, computing={"web": share})) for share in (0.1, 1.0)
    )
    assert busy.most == pytest.approx(2.0 / 1.7, rel=0.01)
    assert idle.mean < 1.1
    paces = [each.plan.system.stations[0].pace for each in (idle, busy)]
    longer = [1.0 if pace is None else pace.at(10 * S) for pace in paces]
    assert longer == pytest.approx([1 + 0.1 * (idle.most - 1), busy.most], abs=0.005)


def test_how_many_jobs_run_is_counted_to_the_instant() -> None:
    plan = plan_of(0.9, servers=2, for_s=20)
    began, running = begins(plan, rows_of(plan, ENGINE, 0))
    assert (np.diff(began) >= 0).all()
    assert set(running.tolist()) == {1.0, 2.0}  # two servers, and never more
