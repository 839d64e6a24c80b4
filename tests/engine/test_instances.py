"""Instances by example: they follow the use late, fail and are repaired, and are cold at first."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.people import Jitter, People, Retries
from simulator.system.stations import Autoscaler, Balance, ColdStart, Failures, Station, StationKind
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.booked import (
    PATIENT,
    PLENTY,
    POOL,
    at,
    change,
    column,
    ends,
    groups_at,
    results,
    system,
)

SCALER = Autoscaler(every_ns=20, target_thousandths=500, boot_ns=5, ceiling=4)
FAILING = Failures(runs=Duration.fixed(15), repair=Duration.fixed(20))
ROUND_ROBIN = replace(POOL, balance=Balance.ROUND_ROBIN)


def scaled(station: Station = POOL, *, instances: int = 1, **words: Any) -> Station:
    return replace(station, instances=instances, autoscaler=replace(SCALER, **words))


# The autoscaler


@examples("balance, fourth, fifth",
    ("shared", Balance.SHARED, 25, 30),
    ("split", Balance.ROUND_ROBIN, 30, 26),
)  # fmt: skip
def test_a_busy_station_boots_another_instance_late(
    engine: Engine, balance: Balance, fourth: int, fifth: int
) -> None:
    # All busy at 20: it wants two, and the second comes up at 25. Who waits stays where he waits.
    station = replace(scaled(), balance=balance)
    got = column(engine, at(0, 0, 0, 0, 26), system(station=station), "started")
    assert got == [0, 10, 20, fourth, fifth]


@pytest.mark.parametrize(
    ("floor", "started"), [(1, [25, 35, 45]), (2, [25, 26, 35]), (3, [25, 26, 27])]
)
def test_idle_instances_go_down_to_the_floor(
    engine: Engine, floor: int, started: list[int]
) -> None:
    station = scaled(ROUND_ROBIN, instances=3, floor=floor)
    assert column(engine, at(25, 26, 27), system(station=station), "started") == started


@pytest.mark.parametrize("balance", [Balance.SHARED, Balance.ROUND_ROBIN], ids=["shared", "split"])
def test_work_under_way_ends_where_an_instance_goes(engine: Engine, balance: Balance) -> None:
    # Both work for 2 of the first 20, and one goes; the job at it is complete all the same.
    station = replace(scaled(instances=2), balance=balance)
    got = column(engine, at(18, 18, 21), system(station=station), "finished")
    assert got == [28, 28, 38]


@pytest.mark.parametrize(("cooldown", "last"), [(20, [40, 40]), (21, [50, 50])])
def test_nothing_is_decided_before_it_has_cooled_down(
    engine: Engine, cooldown: int, last: list[int]
) -> None:
    # One server until 20, two until 40, when it wants four.
    station = scaled(boot_ns=0, cooldown_ns=cooldown)
    got = column(engine, at(*[0] * 10), system(station=station), "started")
    assert got == [0, 10, 20, 20, 30, 30, 40, 40, *last]


@pytest.mark.parametrize(("window", "started"), [(1, [41, 51]), (2, [41, 41])])
def test_the_use_is_measured_over_a_window(engine: Engine, window: int, started: list[int]) -> None:
    # Two servers, one of them busy for 10: 250 thousandths of the first 20, of 40 it is 125, which
    # is above what two should have; of the second 20 nothing.
    station = scaled(instances=2, target_thousandths=100, ceiling=2, window_periods=window)
    got = column(engine, at(0, 41, 41), system(station=station), "started")
    assert got == [0, *started]


# Failures


def test_each_instance_has_the_luck_of_its_name(engine: Engine) -> None:
    law = Duration.exponential(100)
    endless = replace(ROUND_ROBIN, instances=2, service=Duration.fixed(10_000))
    station = replace(endless, failures=Failures(runs=law, repair=Duration.fixed(10_000)))
    timetable = at(0, 0)
    fails_ns = [timetable.duration_ns(law, draws.RUN, (1 << 20) | i) for i in range(2)]
    played = system(PATIENT, (PLENTY, station), steps=(Step(station=1),))
    got = results(engine, timetable, played)
    assert got == [(Result.FAILED, instant) for instant in fails_ns]


def test_each_run_of_an_instance_has_its_own_luck(engine: Engine) -> None:
    # Who lost his attempt sends the next one as the instance is up again.
    law = Duration.exponential(100)
    people = People(
        name="p", retries=Retries(attempts=2, backoff_ns=20, cap_ns=20, jitter=Jitter.NONE)
    )
    station = replace(POOL, service=Duration.fixed(10_000), failures=replace(FAILING, runs=law))
    timetable = at(0)
    first_ns, second_ns = (timetable.duration_ns(law, draws.RUN, 0, 0, k) for k in range(2))
    assert results(engine, timetable, system(people, station)) == [
        (Result.FAILED, first_ns),
        (Result.FAILED, first_ns + 20 + second_ns),
    ]


def test_a_failure_asks_for_no_pause(engine: Engine) -> None:
    people = People(
        name="polite",
        honours_retry_after=1.0,
        retries=Retries(attempts=2, backoff_ns=3, cap_ns=3, jitter=Jitter.NONE),
    )
    station = replace(POOL, failures=FAILING, retry_after_ns=500)
    assert column(engine, at(16), system(people, station), "sent") == [16, 19]


def test_jobs_go_to_those_that_are_up(engine: Engine) -> None:
    # The first fails at 40; the second boots at 25 and fails at 65.
    station = replace(
        scaled(ROUND_ROBIN, cooldown_ns=1_000),
        failures=Failures(runs=Duration.fixed(40), repair=Duration.fixed(1_000)),
    )
    got = results(engine, at(0, 0, 0, 41, 41, 66), system(station=station))
    assert got[3:] == [(Result.SUCCESS, 51), (Result.SUCCESS, 61), (Result.FAILED, 66)]


def test_the_pointer_moves_behind_the_one_that_was_chosen(engine: Engine) -> None:
    # Two boot at 25, the first fails at 40. From 41 on the second and the third take turns.
    station = replace(
        scaled(ROUND_ROBIN, ceiling=3, target_thousandths=300, cooldown_ns=1_000),
        failures=Failures(runs=Duration.fixed(40), repair=Duration.fixed(1_000)),
    )
    got = column(engine, at(0, 0, 0, 41, 41, 41, 41), system(station=station), "started")
    assert got[3:] == [41, 41, 51, 51]


def test_a_lost_call_loses_the_attempt_and_frees_its_server(engine: Engine) -> None:
    # The second waits for the server of the first, which is free at 15; its call finds none up.
    calls = (Step(calls=(Call(station=1),)),)
    stations = (POOL, replace(POOL, failures=FAILING))
    played = system(PATIENT, stations, steps=calls)
    assert column(engine, at(0, 1), played, "started") == [0, 15]
    assert results(engine, at(0, 1), played) == [(Result.FAILED, 15), (Result.FAILED, 25)]


def test_one_that_has_left_does_not_fail(engine: Engine) -> None:
    # Both work when one of them goes, at 20; at 25 only the other one fails, and it is idle then.
    station = replace(
        scaled(ROUND_ROBIN, instances=2, target_thousandths=1_000),
        failures=replace(FAILING, runs=Duration.fixed(25)),
    )
    got = ends(engine, at(14, 16, end_ns=40), system(station=station))
    assert got == [(Fate.SERVED, 24), (Fate.SERVED, 26)]


# Cold starts

COLD = ColdStart(slowdown_thousandths=2_000, for_ns=15)


def test_a_service_that_begins_in_the_cold_takes_longer(engine: Engine) -> None:
    played = system(station=replace(PLENTY, cold=COLD))
    assert column(engine, at(0, 14, 15), played, "finished") == [20, 34, 25]
    warm = replace(COLD, at_opening=False)
    assert column(engine, at(0), system(station=replace(PLENTY, cold=warm)), "finished") == [10]


@examples("balance, last", ("shared", Balance.SHARED, 35), ("split", Balance.ROUND_ROBIN, 46))
def test_an_instance_that_boots_is_cold_but_not_those_that_share(
    engine: Engine, balance: Balance, last: int
) -> None:
    station = replace(scaled(), balance=balance, cold=replace(COLD, at_opening=False))
    times = (0, 0, 25) if balance is Balance.SHARED else (0, 0, 26)
    assert column(engine, at(*times), system(station=station), "finished") == [10, 20, last]


@examples("timetable, played, started",
    # At 20 it would want ten; one boots, and a second server starts work at 20.
    ("no more boot than the ceiling", at(*[0] * 6),
     system(station=scaled(target_thousandths=100, ceiling=2, boot_ns=0)), [0, 10, 20, 20, 30, 30]),
    # Busy for 12 of 20: 1.2 instances would do, so a second server takes the third job at 21.
    ("what is wanted is rounded up", at(0, 20, 21), system(station=replace(scaled(boot_ns=0), service=Duration.fixed(12))), [0, 20, 21]),
    # One boots from 20 to 50; at 40 two are there, which is the ceiling.
    ("those that boot count", at(*[0] * 13), system(station=replace(scaled(ceiling=2, boot_ns=30), waiting_room=20)),
     [0, 10, 20, 30, 40, 50, 50, 60, 60, 70, 70, 80, 80]),
    # At 20 one boots for 30. At 40 nobody works, but one must stay, and the one that boots comes.
    ("booting ones count and are not recalled", at(0, 10, 41, 51, 51), system(station=scaled(boot_ns=30)), [0, 10, 41, 51, 51]),
    # Both work from 18 to 48. One goes at 20, hardly used, and comes again at 40 with its job.
    ("the place of one that went is taken first as it was left", at(18, 18, 41, 41),
     system(station=replace(scaled(ROUND_ROBIN, instances=2, boot_ns=0), service=Duration.fixed(30))),
     [18, 18, 48, 48]),
    # At 20 both servers of the one instance are busy; from 25 on there are four.
    ("servers are set for those to come", at(*[0] * 8), system(PATIENT, scaled(), None, change(0, Lever.SERVERS, 2)),
     [0, 0, 10, 10, 20, 20, 25, 25]),
)  # fmt: skip
def test_when_each_service_starts(
    engine: Engine, timetable: Timetable, played: System, started: list[int]
) -> None:
    assert column(engine, timetable, played, "started") == started


@examples("timetable, played, finished",
    # One core for two jobs until 25, when 12.5 of 20 are attained; then a core each.
    ("the cores of those that share grow too", at(0, 0),
     system(station=scaled(replace(replace(PLENTY, kind=StationKind.CPU, service=Duration.fixed(20)), servers=2))),
     [33, 33]),
    ("a slower service is rounded down", at(0), system(station=replace(PLENTY, cold=replace(COLD, slowdown_thousandths=1_250))), [12]),
    ("a repaired instance is cold", at(0, 36),
     system(station=replace(POOL, failures=FAILING, cold=replace(COLD, at_opening=False), service=Duration.fixed(6))),
     [6, 48]),
)  # fmt: skip
def test_when_each_attempt_ends(
    engine: Engine, timetable: Timetable, played: System, finished: list[int]
) -> None:
    assert column(engine, timetable, played, "finished") == finished


@examples("timetable, played, seen",
    # It fails at 15, is up again at 35, and fails at 50.
    ("all that runs or waits at an instance that fails is lost", at(0, 1, 2, 16, 36, 45),
     system(station=replace(POOL, failures=FAILING, round_trip_ns=2)),
     [(Result.SUCCESS, 12), (Result.FAILED, 17), (Result.FAILED, 17), (Result.FAILED, 18), (Result.SUCCESS, 48), (Result.FAILED, 52)]),
    ("what is complete as an instance fails is lost", at(0),
     system(station=replace(POOL, failures=replace(FAILING, runs=Duration.fixed(10)))), [(Result.FAILED, 10)]),
    # It fails at 15 in the call of the first; the server at the other station is free for who
    # waits there.
    ("a lost attempt frees what it holds elsewhere", groups_at((0,), (11,)),
     replace(system((PATIENT, People(name="other", journey=1)), (replace(POOL, failures=FAILING), replace(POOL,
         name="other"))), journeys=(Journey(steps=(Step(calls=(Call(station=1, service=Duration.fixed(50)),)),)),
         Journey(steps=(Step(station=1),)))),
     [(Result.FAILED, 15), (Result.SUCCESS, 25)]),
    # Lost at 15 and seen at 40, when it is up again; seen again at 40 + 12 + 25 if not lost at 50.
    ("a failed attempt is tried again", at(5),
     system(People(name="p", retries=replace(PATIENT.retries, attempts=2, backoff_ns=0)), replace(POOL, failures=FAILING,
         round_trip_ns=25, service=Duration.fixed(12))),
     [(Result.FAILED, 40), (Result.FAILED, 75)]),
    # The second instance goes at 20 and comes again at 40: it fails at 90, the first one at 50.
    ("one that comes again fails after a new run", at(18, 18, 41, 41),
     system(station=replace(scaled(ROUND_ROBIN, instances=2, boot_ns=0), service=Duration.fixed(30),
         failures=replace(FAILING, runs=Duration.fixed(50)))),
     [(Result.SUCCESS, 48), (Result.SUCCESS, 48), (Result.FAILED, 50), (Result.SUCCESS, 78)]),
    # The seat of 10 is free at 40; from 15 to 35 there is none to take.
    ("a held seat outlives a failure", at(0, 10, 26, 31),
     system(PATIENT, (PLENTY, replace(POOL, failures=FAILING)), steps=(Step(holds=Hold(station=1, lasts=Duration.fixed(30))),)),
     [(Result.SUCCESS, 10), (Result.TURNED_AWAY, 20), (Result.TURNED_AWAY, 36), (Result.SUCCESS, 41)]),
)  # fmt: skip
def test_what_becomes_of_each_attempt_and_when(
    engine: Engine, timetable: Timetable, played: System, seen: list[tuple[Result, int]]
) -> None:
    assert results(engine, timetable, played) == seen
