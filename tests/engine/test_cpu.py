"""A CPU by example: running jobs share its cores, each at most one."""

from dataclasses import replace
from typing import Any

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Result
from simulator.system.journeys import Call, Step
from simulator.system.people import People
from simulator.system.stations import Balance, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.booked import PATIENT, PLENTY, at, change, groups_at, seen, system

CPU = replace(PLENTY, kind=StationKind.CPU)
TWO_CORES = replace(CPU, cores=2)
HASTY = People(name="hasty", client_timeout_ns=8)


@examples("timetable, played, expected",
    ("two jobs share a core", at(0, 0), system(station=CPU), {"finished": [20, 20]}),
    # Alone for 4, the first has 6 to go at half the speed; then the second, having 6, goes on alone.
    ("for as long as both are there", at(0, 4), system(station=CPU), {"finished": [16, 20]}),
    ("a job runs on one core at most", at(0), system(station=TWO_CORES), {"finished": [10]}),
    ("and two on two", at(0, 0), system(station=TWO_CORES), {"finished": [10, 10]}),
    # Five jobs on four cores: 10 / 0.8 = 12.5.
    ("a completion is rounded up", at(*[0] * 5), system(station=replace(CPU, cores=4)), {"finished": [13] * 5}),
    ("each instance has cores", at(0, 0), system(station=replace(CPU, instances=2, balance=Balance.ROUND_ROBIN)), {"finished": [10, 10]}),
    ("also if they share", at(0, 0), system(station=replace(CPU, instances=2, balance=Balance.SHARED)), {"finished": [10, 10]}),
    ("more cores change the pace at once", at(0, 0), system(PATIENT, CPU, None, change(10, Lever.CORES, 2)), {"finished": [15, 15]}),
    ("and fewer do", at(0, 0), system(PATIENT, TWO_CORES, None, change(5, Lever.CORES, 1)), {"finished": [15, 15]}),
    # At 8 each has attained 4, and alone the other needs 6 more.
    ("a dropped job leaves the cores to the others", groups_at((0,), (0,)), system((replace(HASTY, cancels=True), PATIENT), CPU),
     {"finished": [8, 14]}),
    ("and stale work does not", groups_at((0,), (0,)), system((HASTY, PATIENT), CPU), {"finished": [8, 20]}),
    ("no more run than there are servers", at(0, 1, 2), system(station=replace(CPU, servers=1, waiting_room=1)),
     {"results": [(Result.SUCCESS, 10), (Result.SUCCESS, 20), (Result.TURNED_AWAY, 2)]}),
    # Both call from 20 to 40; the third runs alone from 20 on, the fourth has no server.
    ("a job that calls is not running but keeps its server", at(0, 0, 20, 21),
     system(PATIENT, (replace(CPU, servers=3, waiting_room=0), replace(PLENTY, service=Duration.fixed(20))),
         steps=(Step(calls=(Call(station=1),)),)),
     {"results": [(Result.SUCCESS, 40), (Result.SUCCESS, 40), (Result.SUCCESS, 50), (Result.TURNED_AWAY, 21)]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected
