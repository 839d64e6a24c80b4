"""A CPU by example: running jobs share its cores, each at most one."""

from dataclasses import replace

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Result
from simulator.system.journeys import Call, Step
from simulator.system.people import People
from simulator.system.stations import Balance, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.booked import PATIENT, PLENTY, at, change, column, groups_at, results, system

CPU = replace(PLENTY, kind=StationKind.CPU)


def test_two_jobs_share_a_core(engine: Engine) -> None:
    # Alone for 4, the first has 6 to go at half the speed; then the second, having 6, goes on alone.
    assert column(engine, at(0, 0), system(station=CPU), "finished") == [20, 20]
    assert column(engine, at(0, 4), system(station=CPU), "finished") == [16, 20]


def test_a_job_runs_on_one_core_at_most(engine: Engine) -> None:
    station = replace(CPU, cores=2)
    assert column(engine, at(0), system(station=station), "finished") == [10]
    assert column(engine, at(0, 0), system(station=station), "finished") == [10, 10]


def test_a_completion_is_rounded_up(engine: Engine) -> None:
    # Five jobs on four cores: 10 / 0.8 = 12.5.
    station = replace(CPU, cores=4)
    assert column(engine, at(*[0] * 5), system(station=station), "finished") == [13] * 5


@pytest.mark.parametrize("balance", [Balance.SHARED, Balance.ROUND_ROBIN], ids=["shared", "split"])
def test_each_instance_has_cores(engine: Engine, balance: Balance) -> None:
    station = replace(CPU, instances=2, balance=balance)
    assert column(engine, at(0, 0), system(station=station), "finished") == [10, 10]


def test_other_cores_change_the_pace_at_once(engine: Engine) -> None:
    more = change(10, Lever.CORES, 2)
    played = system(PATIENT, CPU, None, more)
    assert column(engine, at(0, 0), played, "finished") == [15, 15]
    fewer = change(5, Lever.CORES, 1)
    played = system(PATIENT, replace(CPU, cores=2), None, fewer)
    assert column(engine, at(0, 0), played, "finished") == [15, 15]


@pytest.mark.parametrize(("cancels", "finished"), [(True, 14), (False, 20)])
def test_a_dropped_job_leaves_the_cores_to_the_others(
    engine: Engine, cancels: bool, finished: int
) -> None:
    # At 8 each has attained 4, and alone the other needs 6 more.
    hasty = People(name="hasty", client_timeout_ns=8, cancels=cancels)
    timetable = groups_at((0,), (0,))
    got = column(engine, timetable, system((hasty, PATIENT), CPU), "finished")
    assert got == [8, finished]


@examples("timetable, played, seen",
    ("no more run than there are servers", at(0, 1, 2), system(station=replace(CPU, servers=1, waiting_room=1)),
     [(Result.SUCCESS, 10), (Result.SUCCESS, 20), (Result.TURNED_AWAY, 2)]),
    # Both call from 20 to 40; the third runs alone from 20 on, the fourth has no server.
    ("a job that calls is not running but keeps its server", at(0, 0, 20, 21),
     system(PATIENT, (replace(CPU, servers=3, waiting_room=0), replace(PLENTY, service=Duration.fixed(20))),
         steps=(Step(calls=(Call(station=1),)),)),
     [(Result.SUCCESS, 40), (Result.SUCCESS, 40), (Result.SUCCESS, 50), (Result.TURNED_AWAY, 21)]),
)  # fmt: skip
def test_what_becomes_of_each_attempt_and_when(
    engine: Engine, timetable: Timetable, played: System, seen: list[tuple[Result, int]]
) -> None:
    assert results(engine, timetable, played) == seen
