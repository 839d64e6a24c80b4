"""What no probe saw is called by its name, and what is not there is not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.machine import Machine, Strain
from simulator.outcomes.rows import Block, Result
from simulator.plan.plan import Plan
from simulator.system.pace import Pace
from simulator.system.people import People
from simulator.units import Floats, Ints, frozen_ints
from simulator.verdict.truth.played.services import running_of
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.suspects.crowding import Crowding
from simulator.verdict.truth.suspects.fading import CHANCE, Fading, likeliest
from simulator.verdict.truth.suspects.found import Suspect, suspects_of
from simulator.verdict.truth.suspects.limited import Limited
from simulator.verdict.truth.suspects.others import Others, others
from tests.examples import examples
from tests.unit.simulator.verdict.truth.rehearsals import (
    S,
    plan_of,
    replayed,
    silent,
    slower,
    wandering,
)

PLAN = plan_of(0.6, servers=4, for_s=60)
"""Four servers, of whom 2.4 are busy in the mean."""


def suspected(
    plan: Plan, rows: Block, machine: Machine | None = None
) -> dict[type[Suspect], Suspect]:
    found = suspects_of(rows, plan.system, recovered(rows, plan.system), machine)
    return {type(each): each for each in found}


def played_as(plan: Plan, **really: Any) -> Block:
    """What is seen of the plan where its station is really another one."""
    stations = (replace(plan.system.stations[0], **really),)
    real = replace(plan, system=replace(plan.system, stations=stations))
    return silent(Compiled().simulate(real.timetable(1000), real.system).rows())


def idle(share: float) -> Machine:
    """Two cores of which that share is idle."""
    second = Strain(at_ns=S, for_ns=S, cores=2, busy=2 * (1 - share), steal=0.0)
    nothing = frozen_ints([])
    return Machine(at_ns=nothing, cpu_ns=nothing, wall_ns=nothing, strain=(second,), here="here")


@examples(
    "really",
    ("who came first has the lock first", {"servers": 1}),
    ("all get on with it by turns", {"inflation": (1.0, 2.0, 3.0, 4.0)}),
)
def test_a_lock_that_all_servers_need_is_found(really: dict[str, Any]) -> None:
    found = suspected(PLAN, played_as(PLAN, **really), idle(0.5))
    crowding = found[Crowding]
    assert isinstance(crowding, Crowding)
    assert crowding.low < 1.0 < crowding.high
    assert crowding.low > 0.8
    assert (crowding.most, crowding.idle) == (4, 0.5)


def test_a_lock_that_is_not_always_waited_for_is_told_by_those_who_were_alone() -> None:
    plan = plan_of(0.2, servers=4, for_s=300)
    crowding = suspected(plan, played_as(plan, servers=1), idle(0.5))[Crowding]
    assert isinstance(crowding, Crowding)
    assert crowding.low > 0.8


def test_servers_that_share_two_cores_are_crowded_but_less() -> None:
    plan = plan_of(0.4, servers=4, for_s=300)
    crowding = suspected(plan, played_as(plan, inflation=(1.0, 1.0, 1.5, 2.0)), idle(0.02))
    found = crowding[Crowding]
    assert isinstance(found, Crowding)
    assert 0.15 < found.low < found.each < 0.5


def test_servers_that_are_all_busy_and_slower_are_not_called_locked() -> None:
    """Three of 100 ms that take 250 ms each: none of a factor of their number."""
    plan = plan_of(1.5, servers=3, for_s=60)
    assert Crowding not in suspected(plan, replayed(plan, slower(2.5)).rows)


def test_an_inflation_that_was_probed_is_no_suspicion() -> None:
    known = replace(PLAN.system.stations[0], inflation=(1.0, 1.0, 1.5, 2.0))
    plan = replace(PLAN, system=replace(PLAN.system, stations=(known,)))
    rows = silent(Compiled().simulate(plan.timetable(1000), plan.system).rows())
    assert Crowding not in suspected(plan, rows)


def test_a_cold_cache_is_found() -> None:
    seconds = np.arange(0, 60)
    cold = Pace.of(seconds * S, 1.0 + 2.0 * np.exp(-seconds / 10.0))
    found = suspected(PLAN, replayed(PLAN, cold).rows)[Fading]
    assert isinstance(found, Fading)
    assert 2.0 < found.first < 4.5
    assert 5.0 < found.over_s < 20.0


def test_a_server_that_is_slower_all_the_time_is_not_cold() -> None:
    assert suspected(PLAN, replayed(PLAN, slower(1.4)).rows) == {}


def test_a_server_that_becomes_slower_is_not_cold() -> None:
    later = Pace.of([0, 30 * S], [1.0, 2.0])
    assert Fading not in suspected(PLAN, replayed(PLAN, later).rows)


def test_a_wandering_server_is_called_cold_or_crowded_once_in_twenty_times_at_most() -> None:
    """Of 60 that wander by 30 % over 15 s, 7 or more of 60 would be once in 100 times chance; a fall that is
    fitted to windows as if they were independent finds one in most of them."""
    plan, alarms, naive = plan_of(0.6, servers=4, for_s=40), 0, 0
    for seed in range(60):
        rows = replayed(plan, wandering(0.3, 15.0, for_s=60, seed=seed), launch=1000 + seed).rows
        services = recovered(rows, plan.system)
        alarms += bool(suspects_of(rows, plan.system, services))
        naive += falls_naively(services["web"].begun_ns / S, services["web"].took_ns)
    most = int(stats.binom.ppf(0.99, 60, 0.05))
    assert alarms <= most < naive


def falls_naively(at_s: Floats, took_ns: Ints) -> bool:
    """By the correlation of service and time alone."""
    found = stats.linregress(at_s, took_ns)
    return bool(found.slope < 0 and found.pvalue < 0.05)


def test_a_fall_is_told_by_what_wandering_does_not_explain() -> None:
    times = np.arange(30.0)
    fall = 1.0 + 2.0 * np.exp(-times * 8.0 / 29.0)
    h, over_s, gained = likeliest(times, fall, by_chance=0.001)
    assert (h, over_s) == pytest.approx((2.0, 29 / 8))
    assert gained > CHANCE
    assert likeliest(times, 4.0 - fall, by_chance=0.001) == (0.0, 0.0, 0.0)


def test_refusals_beside_free_servers_are_a_limit() -> None:
    """Whoever comes within the first 20 ms of each 50 is served, and the others are refused."""
    rows = silent(Compiled().simulate(PLAN.timetable(1000), PLAN.system).rows())
    attempts = rows.attempts.copy()
    refused = attempts["sent"] % 50_000_000 > 20_000_000
    attempts["result"][refused] = Result.TURNED_AWAY
    attempts["finished"][refused] = attempts["sent"][refused] + 1_000_000
    found = suspected(PLAN, Block(visits=rows.visits, attempts=attempts))[Limited]
    assert isinstance(found, Limited)
    assert found.refused == refused.sum()
    assert found.free > 0.9 * found.refused
    assert found.served_per_s == pytest.approx((~refused).sum() / 60, rel=0.1)


def test_refusals_of_a_full_waiting_room_are_no_limit() -> None:
    plan = plan_of(2.0, servers=2, for_s=30, waiting_room=5)
    rows = played_as(plan)
    assert (rows.attempts["result"] == Result.TURNED_AWAY).sum() > 100
    assert Limited not in suspected(plan, rows)


@pytest.mark.parametrize("timeout_ms", [30, 120])
def test_a_server_that_works_for_somebody_who_left_is_not_free(timeout_ms: int) -> None:
    """A service takes 100 ms: all have left before it ends, or nearly all."""
    impatient = People(name="all", client_timeout_ns=timeout_ms * 1_000_000)
    plan = plan_of(2.0, servers=4, for_s=30, waiting_room=10, people=impatient)
    rows = played_as(plan)
    assert (rows.attempts["result"] == Result.TURNED_AWAY).sum() > 100
    assert (rows.attempts["result"] == Result.TIMED_OUT).sum() > 100
    assert Limited not in suspected(plan, rows)


def test_how_many_were_under_way_is_what_the_engine_had() -> None:
    rows = Compiled().simulate(PLAN.timetable(3), PLAN.system).rows()
    services = recovered(silent(rows), PLAN.system)["web"]
    assert running_of(services).max() == 4.0
    told = rows.attempts[services.row]
    true = [
        int(((told["started"] <= at) & (told["finished"] - 3_000_000 > at)).sum())
        for at in told["started"]
    ]
    np.testing.assert_allclose(running_of(services), true)


def test_of_a_machine_elsewhere_nobody_knows_whether_its_cores_are_idle() -> None:
    elsewhere = replace(idle(0.5), here="")
    crowding = suspected(PLAN, played_as(PLAN, servers=1), elsewhere)[Crowding]
    assert isinstance(crowding, Crowding)
    assert math.isnan(crowding.idle)


def test_people_who_leave_do_not_hide_a_lock() -> None:
    plan = plan_of(0.6, servers=4, for_s=60, people=People(name="all", client_timeout_ns=5 * S))
    assert Crowding in suspected(plan, played_as(plan, servers=1))


def used(target: float, generator: float, busy: float) -> Machine:
    """Two cores, and who used them."""
    second = replace(idle(0.0).strain[0], busy=busy, target_cpu=target, generator_cpu=generator)
    return replace(idle(0.0), strain=(second,))


def large(target: float, generator: float, busy: float) -> Machine:
    """The same of 64 cores."""
    (second,) = used(target, generator, busy).strain
    return replace(idle(0.0), strain=(replace(second, cores=64),))


@examples(
    "machine, found",
    ("another program on one core", used(0.6, 0.3, 1.95), Others(cores=1.05, of=2)),
    ("nobody else", used(1.6, 0.3, 1.95), None),
    ("a core to spare", used(0.3, 0.2, 1.2), None),
    ("a small part of a large machine that its own load fills", large(60.0, 1.7, 62.0), None),
    ("as much as would have been idle", large(50.0, 1.7, 62.0), Others(cores=10.3, of=64)),
    ("elsewhere", replace(used(0.6, 0.3, 1.95), here=""), None),
    ("a target of which nobody tells", used(math.nan, 0.3, 1.95), None),
    ("nobody looked", None, None),
)
def test_others_are_who_is_neither_target_nor_generator(
    machine: Machine | None, found: Others | None
) -> None:
    seen = others(machine)
    assert (seen is None) == (found is None)
    if seen is not None and found is not None:
        assert seen.cores == pytest.approx(found.cores)
        assert seen.of == found.of
