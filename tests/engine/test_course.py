"""The course of a launch by example: its end, its rows, and what comes first of one instant."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

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
from tests.launches.booked import PATIENT, PLENTY, POOL, at, change, line, seen, system

SUCCESS = Result.SUCCESS
ANSWERED_AT_12 = system(station=replace(POOL, round_trip_ns=2))


def test_nobody_comes(engine: Engine) -> None:
    nobody = Timetable(demand=Demand(components=()), horizon_ns=10, end_ns=10)
    rows = engine.simulate(nobody, system()).rows()
    assert (len(rows.visits), len(rows.attempts)) == (0, 0)


@examples("timetable, played, expected",
    ("every cell of a row is told", at(3, 4), system(waitlist=line(20)),
     {"people": [0, 0], "arrived": [3, 4], "joined": [3, 4], "let_in": [3, 23], "ended": [13, 33], "fate": [Fate.SERVED] * 2,
      "step": [0, 0], "attempt": [0, 0], "sent": [3, 23], "started": [3, 23], "finished": [13, 33], "result": [SUCCESS] * 2}),
    ("without a line nobody joins one", at(3), system(), {"joined": [UNKNOWN], "let_in": [3]}),
    ("who comes at the horizon does not come", at(29, 30, horizon_ns=30), system(), {"arrived": [29]}),
    ("no answer is seen at the end", at(0, horizon_ns=5, end_ns=12), ANSWERED_AT_12,
     {"fates": [(Fate.UNFINISHED, UNKNOWN)], "results": [(Result.UNFINISHED, UNKNOWN)]}),
    ("but the instant before", at(0, horizon_ns=5, end_ns=13), ANSWERED_AT_12, {"fates": [(Fate.SERVED, 12)], "results": [(SUCCESS, 12)]}),
    # Of one instant
    ("a completion comes before an arrival", at(0, 10), system(station=replace(POOL, waiting_room=0)),
     {"fates": [(Fate.SERVED, 10), (Fate.SERVED, 20)]}),
    # At 20 the second is called, so the third finds a place.
    ("a release comes before an arrival", at(0, 1, 20), system(station=PLENTY, waitlist=line(20, places=1)), {"let_in": [0, 20, 40]}),
    ("stations change after the line has closed", at(25, 25, 25, horizon_ns=30, end_ns=100),
     system(PATIENT, POOL, line(100, burst=2), change(30, Lever.SERVERS, 2), change(30, Lever.POLICY, Policy.OPEN)),
     {"fates": [(Fate.SERVED, 35), (Fate.SERVED, 40), (Fate.WAITING, UNKNOWN)]}),
    # At 10 the only server goes, so that who waits for it is not served.
    ("a change comes before a completion", at(0, 1), system(PATIENT, POOL, None, change(10, Lever.SERVERS, 0)),
     {"fates": [(Fate.SERVED, 10), (Fate.UNFINISHED, UNKNOWN)]}),
    ("a completion comes before a timeout", at(0), system(People(name="hasty", client_timeout_ns=10), POOL),
     {"fates": [(Fate.SERVED, 10)]}),
    ("changes of one instant come in their order", at(0, 0, 0),
     system(PATIENT, POOL, None, change(5, Lever.SERVERS, 2), change(5, Lever.SERVERS, 1)), {"started": [0, 5, 15]}),
    ("the lower visitor comes first", at(0, 0, 0), system(station=replace(POOL, service=Duration.fixed(7))), {"started": [0, 7, 14]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected


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
    assert seen(engine, timetable, played, "finished") == {"finished": expected}


def test_the_front_does_not_load_the_compiler() -> None:
    code = "import simulator.engine.readable.launch, sys; sys.exit('llvmlite' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
