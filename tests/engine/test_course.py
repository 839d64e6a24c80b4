"""The course of a launch by example: its end, its rows, and what comes first of one instant."""

import subprocess
import sys
from dataclasses import replace

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.line import Policy
from simulator.system.people import People
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.demand import Demand
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
    entries,
    line,
    results,
    system,
)


def test_nobody_comes(engine: Engine) -> None:
    nobody = Timetable(demand=Demand(components=()), horizon_ns=10, end_ns=10)
    rows = engine.simulate(nobody, system()).rows()
    assert (len(rows.visits), len(rows.attempts)) == (0, 0)


def test_every_cell_of_a_row_is_told(engine: Engine) -> None:
    rows = engine.simulate(at(3, 4), system(waitlist=line(20))).rows()
    assert rows.visits[["people", "arrived", "joined", "let_in", "ended", "fate"]].tolist() == [
        (0, 3, 3, 3, 13, Fate.SERVED),
        (0, 4, 4, 23, 33, Fate.SERVED),
    ]
    names = ["step", "attempt", "sent", "started", "finished", "result"]
    assert rows.attempts[names].tolist() == [
        (0, 0, 3, 3, 13, Result.SUCCESS),
        (0, 0, 23, 23, 33, Result.SUCCESS),
    ]


def test_without_a_line_nobody_joins_one(engine: Engine) -> None:
    visits = engine.simulate(at(3), system()).rows().visits
    assert visits[["joined", "let_in"]].tolist() == [(UNKNOWN, 3)]


def test_who_comes_at_the_horizon_does_not_come(engine: Engine) -> None:
    assert len(ends(engine, at(29, 30, horizon_ns=30), system())) == 1


@pytest.mark.parametrize(
    ("end_ns", "fate", "result"),
    [(12, Fate.UNFINISHED, Result.UNFINISHED), (13, Fate.SERVED, Result.SUCCESS)],
)
def test_no_answer_is_seen_at_the_end(
    engine: Engine, end_ns: int, fate: Fate, result: Result
) -> None:
    timetable = at(0, horizon_ns=5, end_ns=end_ns)
    played = system(station=replace(POOL, round_trip_ns=2))
    seen = 12 if fate is Fate.SERVED else UNKNOWN
    assert ends(engine, timetable, played) == [(fate, seen)]
    assert results(engine, timetable, played) == [(result, seen)]


@examples("law",
    ("fixed", Duration.fixed(10)),
    ("exponential", Duration.exponential(100)),
    ("lognormal", Duration.lognormal(100, 1.5)),
    ("gamma", Duration.gamma(100, 0.5)),
    ("peaked", Duration.gamma(100, 2.0)),
    ("weibull", Duration.weibull(100, 0.7)),
    ("hyper", Duration.hyperexponential(100, 2.0)),
    ("empirical", Duration.empirical([(0.0, 10), (0.5, 20), (1.0, 200)])),
)  # fmt: skip
def test_every_law_is_drawn_by_the_luck_of_the_attempt(engine: Engine, law: Duration) -> None:
    timetable = at(*[0] * 8, horizon_ns=100_000, end_ns=100_000)
    expected = [timetable.duration_ns(law, draws.SERVICE, visitor) for visitor in range(8)]
    played = system(station=replace(PLENTY, service=law))
    assert column(engine, timetable, played, "finished") == expected


# Of one instant


def test_a_completion_comes_before_an_arrival(engine: Engine) -> None:
    station = replace(POOL, waiting_room=0)
    assert ends(engine, at(0, 10), system(station=station))[1] == (Fate.SERVED, 20)


def test_a_release_comes_before_an_arrival(engine: Engine) -> None:
    # At 20 the second is called, so the third finds a place.
    played = system(station=PLENTY, waitlist=line(20, places=1))
    assert entries(engine, at(0, 1, 20), played) == [0, 20, 40]


def test_the_front_does_not_load_the_compiler() -> None:
    code = "import simulator.engine.readable.launch, sys; sys.exit('llvmlite' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@examples("timetable, played, fates",
    ("stations change after the line has closed", at(25, 25, 25, horizon_ns=30, end_ns=100),
     system(PATIENT, POOL, line(100, burst=2), *(change(30, Lever.SERVERS, 2), change(30, Lever.POLICY, Policy.OPEN))),
     [(Fate.SERVED, 35), (Fate.SERVED, 40), (Fate.WAITING, UNKNOWN)]),
    # At 10 the only server goes, so that who waits for it is not served.
    ("a change comes before a completion", at(0, 1), system(PATIENT, POOL, None, change(10, Lever.SERVERS, 0)),
     [(Fate.SERVED, 10), (Fate.UNFINISHED, UNKNOWN)]),
    ("a completion comes before a timeout", at(0), system(People(name="hasty", client_timeout_ns=10), POOL), [(Fate.SERVED, 10)]),
)  # fmt: skip
def test_what_becomes_of_each_and_when(
    engine: Engine, timetable: Timetable, played: System, fates: list[tuple[Fate, int]]
) -> None:
    assert ends(engine, timetable, played) == fates


@examples("timetable, played, started",
    ("changes of one instant come in their order", at(0, 0, 0),
     system(PATIENT, POOL, None, *(change(5, Lever.SERVERS, 2), change(5, Lever.SERVERS, 1))), [0, 5, 15]),
    ("the lower visitor comes first", at(0, 0, 0), system(station=replace(POOL, service=Duration.fixed(7))), [0, 7, 14]),
)  # fmt: skip
def test_when_each_service_starts(
    engine: Engine, timetable: Timetable, played: System, started: list[int]
) -> None:
    assert column(engine, timetable, played, "started") == started
