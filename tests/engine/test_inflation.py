"""Inflation by example: while several are served at once, each of them takes longer."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.readable.launch import Readable
from simulator.engine.readable.parts import PARTS
from simulator.engine.readable.station.sharing import Sharing
from simulator.engine.rules import Engine
from simulator.outcomes.rows import Result
from simulator.system.journeys import Call, Hold, Step
from simulator.system.people import People
from simulator.system.stations import Balance, ColdStart, Failures, Station, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.agreement.agreement import CRAMPED, disagreement, play
from tests.agreement.drawn.strategies import replayed_plain
from tests.examples import examples
from tests.launches.booked import PATIENT, PLENTY, at, change, groups_at, results, seen, system

HALF_AS_LONG_AGAIN = (1.0, 1.5)


def inflating(*inflation: float, **words: Any) -> Station:
    return replace(PLENTY, inflation=inflation or HALF_AS_LONG_AGAIN, **words)


@examples("timetable, station, finished",
    ("alone", at(0), inflating(), [10]),
    ("two at once", at(0, 0), inflating(), [15, 15]),
    # Alone for 4, the first has 6 to go, for 9; then the second, which attained 6 too, goes on alone.
    ("as long as another is there", at(0, 4), inflating(), [13, 17]),
    ("the last factor holds for more", at(0, 0, 0, 0), inflating(1.0, 2.0), [20] * 4),
    ("one for each number", at(0, 0, 0), inflating(1.0, 1.5, 3.0), [30] * 3),
    ("some are faster when they are busy", at(0, 0), inflating(1.0, 0.5), [5, 5]),
    ("rounded up", at(0, 0), inflating(1.0, 1.25), [13, 13]),
    # The first two take 15; the third, which waited, is alone.
    ("who waits is not served", at(0, 0, 0), inflating(1.0, 1.5, 9.0, servers=2), [15, 15, 25]),
    ("each instance by itself", at(0, 0), inflating(instances=2, balance=Balance.ROUND_ROBIN), [10, 10]),
    ("one queue is one number", at(0, 0), inflating(instances=2, servers=1), [15, 15]),
    # Each has half of a core, and takes half as long again.
    ("beside shared cores", at(0, 0), inflating(kind=StationKind.CPU), [30, 30]),
    ("beside cores enough", at(0, 0), inflating(kind=StationKind.CPU, cores=2), [15, 15]),
    ("a cold one is longer by itself", at(0, 0), inflating(cold=ColdStart(slowdown_thousandths=2_000, for_ns=1)), [30, 30]),
)  # fmt: skip
def test_when_each_attempt_ends(
    engine: Engine, timetable: Timetable, station: Station, finished: list[int]
) -> None:
    assert seen(engine, timetable, system(station=station), "finished") == {"finished": finished}


HASTY = People(name="hasty", client_timeout_ns=9)
FAILING = Failures(runs=Duration.fixed(12), repair=Duration.fixed(8))
OTHER = replace(PLENTY, service=Duration.fixed(20))


@examples("timetable, played, seen",
    # Until 9 each attains 6; who stays has 4 to go, alone or beside stale work.
    ("a dropped one leaves the others alone", groups_at((0,), (0,)),
     system((replace(HASTY, cancels=True), PATIENT), inflating()), [(Result.TIMED_OUT, 9), (Result.SUCCESS, 13)]),
    ("stale work is served beside them", groups_at((0,), (0,)),
     system((HASTY, PATIENT), inflating()), [(Result.TIMED_OUT, 9), (Result.SUCCESS, 15)]),
    # The first calls from 10 to 30: the second is served alone meanwhile.
    ("who calls is not served", at(0, 12), system(PATIENT, (inflating(), OTHER), steps=(Step(calls=(Call(station=1),)),)),
     [(Result.SUCCESS, 30), (Result.SUCCESS, 42)]),
    # The seats of the first are held when the second comes.
    ("a seat is not served", at(0, 12), system(PATIENT, inflating(), steps=(Step(holds=Hold(station=0, lasts=Duration.fixed(50))),)),
     [(Result.SUCCESS, 10), (Result.SUCCESS, 22)]),
    # From 5 on one server; the two go on, and take 15; the third begins when both have ended.
    ("fewer servers let running work end", at(0, 0, 1), system(PATIENT, inflating(1.0, 1.5, servers=2), None, change(5, Lever.SERVERS, 1)),
     [(Result.SUCCESS, 15), (Result.SUCCESS, 15), (Result.SUCCESS, 25)]),
    ("nothing is attained where all was lost", at(0, 0, 21, 21),
     system(station=inflating(failures=FAILING)), [(Result.FAILED, 12), (Result.FAILED, 12), (Result.FAILED, 32), (Result.FAILED, 32)]),
)  # fmt: skip
def test_what_becomes_of_each_attempt_and_when(
    engine: Engine, timetable: Timetable, played: System, seen: list[tuple[Result, int]]
) -> None:
    assert results(engine, timetable, played) == seen


def test_servers_that_inflate_from_the_first_on_have_longer_services(engine: Engine) -> None:
    times = (0, 0, 3, 5, 5, 8, 30, 31)
    twice = system(station=inflating(2.0, servers=2))
    longer = system(station=replace(PLENTY, servers=2, service=Duration.fixed(20)))
    for name in ("started", "finished"):
        assert seen(engine, at(*times), twice, name) == seen(engine, at(*times), longer, name)


@pytest.mark.parametrize("seed", range(40))
def test_a_pace_that_never_changes_is_none(seed: int) -> None:
    """Played as if services inflated, a launch whose services do not has the same rows."""
    sharing = Readable(replace(PARTS, pool=Sharing))
    launch = replayed_plain(seed)
    assert disagreement(play(sharing, launch), play(CRAMPED, launch)) is None
