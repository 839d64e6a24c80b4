"""The pace of a station by example: services that begin later take longer, or shorter."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.system.journeys import Call, Step
from simulator.system.line import TokenBucket
from simulator.system.pace import Pace
from simulator.system.people import People, Retries
from simulator.system.stations import Balance, ColdStart, Station, StationKind
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER
from tests.examples import examples
from tests.launches.booked import PATIENT, PLENTY, POOL, at, results, seen, system

LATER = Pace.of([0, 5], [1.0, 2.0])
"""Twice as long from 5 on."""


def paced(pace: Pace = LATER, **words: Any) -> Station:
    return replace(PLENTY, pace=pace, **words)


@examples("timetable, station, finished",
    ("by when it begins", at(4, 5), paced(), [14, 25]),
    ("until its end, whatever comes later", at(0), paced(), [10]),
    ("begun before the opening", at(0), paced(Pace.of([-7, -1], [1.0, 3.0])), [30]),
    ("the last one holds for ever", at(900), paced(Pace.of([0], [1.5])), [915]),
    ("quicker", at(0), paced(Pace.of([0], [0.5])), [5]),
    ("halves are rounded up", at(0), paced(Pace.of([0], [0.25])), [3]),
    ("and less is rounded down", at(0), paced(Pace.of([0], [0.24])), [2]),
    ("steps are passed over", at(0, 40), paced(Pace.of([0, 10, 20, 30], [1.0, 9.0, 8.0, 2.0])), [10, 60]),
    # The second waits, and begins when services take twice as long.
    ("not by when it was sent", at(0, 1), paced(servers=1), [10, 30]),
    ("each instance alike", at(4, 5), paced(instances=2, balance=Balance.ROUND_ROBIN), [14, 25]),
    # A cold one takes 20 at the pace, and half as much again.
    ("a cold one too", at(5), paced(cold=ColdStart(slowdown_thousandths=1_500, for_ns=9)), [35]),
    # Both need a core, of which there is one, for 20 each: the first until 24, when it has 10 behind it.
    ("on a CPU it is the work", at(4, 5), paced(kind=StationKind.CPU), [23, 34]),
    ("beside others it is longer still", at(5, 5), paced(inflation=(1.0, 1.5)), [35, 35]),
    ("of a quota it is the time, not the token", at(4, 5), paced(kind=StationKind.QUOTA, quota=TokenBucket(spacing_ns=1)), [14, 25]),
)  # fmt: skip
def test_when_each_attempt_ends(
    engine: Engine, timetable: Timetable, station: Station, finished: list[int]
) -> None:
    assert seen(engine, timetable, system(station=station), "finished") == {"finished": finished}


@examples("played, finished",
    ("a step with a service of its own", system(PATIENT, paced(), steps=(Step(service=Duration.fixed(6)),)), [17]),
    # The call begins at 15, at the other station: at its pace, not at that of the step.
    ("a call, by its own station", system(PATIENT, (paced(), replace(PLENTY, pace=Pace.of([0, 25], [1.0, 3.0]))),
     steps=(Step(calls=(Call(station=1),)),)), [55]),
    ("each station by itself", system(PATIENT, (paced(), PLENTY), steps=(Step(station=1), Step())), [15, 35]),
)  # fmt: skip
def test_which_work_is_paced(engine: Engine, played: System, finished: list[int]) -> None:
    assert seen(engine, at(5), played, "finished") == {"finished": finished}


def test_each_attempt_has_the_pace_of_its_time(engine: Engine) -> None:
    # Given up at 9 while it takes 10; the next one begins at 9 and takes 20.
    hasty = People(name="hasty", client_timeout_ns=9, retries=Retries(attempts=2))
    assert results(engine, at(0), system(hasty, paced())) == [
        (Result.TIMED_OUT, 9),
        (Result.TIMED_OUT, 18),
    ]


@pytest.mark.parametrize("factor", [1.0, 1.37, 1e12])
def test_a_random_service_is_drawn_and_then_paced(engine: Engine, factor: float) -> None:
    law = Duration.lognormal(100, 0.8)
    timetable = at(*[0] * 8, horizon_ns=1_000, end_ns=1 << 58)
    drawn = [timetable.duration_ns(law, draws.SERVICE, visitor) for visitor in range(8)]
    expected = [int(lasts * factor + 0.5) for lasts in drawn]
    played = system(station=paced(Pace.of([0], [factor]), service=law))
    assert seen(engine, timetable, played, "finished") == {"finished": expected}


def test_nothing_lasts_longer_than_for_ever(engine: Engine) -> None:
    station = paced(Pace.of([0], [1e300]), service=Duration.fixed(FOREVER // 2))
    assert results(engine, at(0), system(station=station)) == [(Result.UNFINISHED, UNKNOWN)]


def test_a_pace_of_one_changes_nothing(engine: Engine) -> None:
    law = Duration.gamma(30, 1.3)
    timetable = at(*range(0, 200, 7))
    plain, one = (
        replace(POOL, service=law),
        replace(POOL, service=law, pace=Pace.of([0, 60], [1.0, 1.0])),
    )
    rows = engine.simulate(timetable, system(station=plain)).rows()
    same = engine.simulate(timetable, system(station=one)).rows()
    assert rows.attempts.tobytes() == same.attempts.tobytes()
    assert rows.visits.tobytes() == same.visits.tobytes()
