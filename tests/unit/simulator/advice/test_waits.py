"""The wait by the hour of arrival, where it can be worked out by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from simulator.advice.why import waits
from simulator.advice.why.waits import BINS, waits_by_arrival
from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from tests.launches.run import MS, S

ENGINE = Compiled()
HORIZON_S, RATE_PER_S, RELEASE_PER_S = 240, 20.0, 10.0
LAUNCHES = 4
NEVER = Duration.never()


def plan(policy: Policy = Policy.FIFO, patience: Duration = NEVER) -> Plan:
    """Twice as many come as are let in, evenly: who comes at ``t`` waits ``t``, as far as chance lets."""
    return Plan(
        subject=Subject.LAUNCH, scenario="even", variant=None,
        demand=Demand(
            components=(Component.of(0, [0, HORIZON_S * S], [RATE_PER_S * HORIZON_S]),)
        ),
        system=System(
            people=(People(name="all", patience=patience),),
            stations=(Station(name="web", servers=100, service=Duration.fixed(MS)),),
            waitlist=Waitlist(policy=policy, release=TokenBucket.at_rate(RELEASE_PER_S)),
        ),
        objectives=Objectives(), horizon_ns=HORIZON_S * S, end_ns=(HORIZON_S + 10) * S, bin_ns=S,
    )  # fmt: skip


def test_who_comes_later_waits_longer_by_as_much_as_the_line_grew() -> None:
    """By ``t`` about 20 t have come and 10 t were let in; the next one waits for 10 t more: t seconds.

    The number that has come is Poisson, so the wait of one at t is off by sqrt(20 t) / 10 s; the bin is
    5 s wide. With z = 5 for each of the bins compared, chance fails it once in 80,000 runs.
    """
    found = waits_by_arrival(plan(), ENGINE, LAUNCHES)
    assert found is not None
    middles = (found.edges_s[:-1] + found.edges_s[1:]) / 2
    half_s = HORIZON_S / BINS / 2
    for middle, wait, never in zip(middles, found.p50_s, found.never_let_in, strict=True):
        spread_s = 5 * math.sqrt(RATE_PER_S * middle) / RELEASE_PER_S
        if middle + wait + spread_s + half_s < HORIZON_S:
            assert wait == pytest.approx(middle, abs=spread_s + half_s)
            assert never == 0.0
    assert np.isinf(found.p50_s[-1]), "who comes at the end is never let in"
    assert found.never_let_in[-1] == 1.0
    assert found.launches == LAUNCHES


def test_by_lot_some_of_those_who_come_early_never_get_in() -> None:
    """The distance between cumulative curves would be the same for both orders; waits are not."""
    fifo = waits_by_arrival(plan(), ENGINE, LAUNCHES)
    lot = waits_by_arrival(plan(Policy.RANDOM), ENGINE, LAUNCHES)
    assert fifo is not None
    assert lot is not None
    early = fifo.at(HORIZON_S / 3)
    assert fifo.never_let_in[early] == 0.0
    assert lot.never_let_in[early] > 0.1
    assert lot.p90_s[early] > fifo.p90_s[early]


def test_who_loses_patience_is_kept_out_and_waits_no_longer() -> None:
    found = waits_by_arrival(plan(patience=Duration.fixed(30 * S)), ENGINE, LAUNCHES)
    assert found is not None
    late = found.at(0.8 * HORIZON_S)
    assert 0.3 < found.never_let_in[late] < 0.7, "half as many are let in as come"
    assert found.p90_s[late] <= 30.0


def test_without_a_line_nobody_waits_in_one() -> None:
    assert waits_by_arrival(plan(Policy.OPEN), ENGINE, LAUNCHES) is None


def test_of_too_many_people_no_wait_is_kept_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "MOST_PEOPLE", int(2.5 * RATE_PER_S * HORIZON_S))
    found = waits_by_arrival(plan(), ENGINE, LAUNCHES)
    assert found is not None
    assert found.launches == 2
    monkeypatch.setattr(waits, "MOST_PEOPLE", 1)
    assert waits_by_arrival(plan(), ENGINE, LAUNCHES) is None


def test_of_few_in_a_bin_no_quantile_is_told() -> None:
    nobody = replace(
        plan(), demand=Demand(components=(Component.of(0, [0, HORIZON_S * S], [3.0]),))
    )
    found = waits_by_arrival(nobody, ENGINE, 1)
    assert found is not None
    assert not found.told
