"""Calls and held seats by example: a server that waits for another station."""

from dataclasses import replace
from typing import Any

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.people import People, Retries
from simulator.system.stations import Balance
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.booked import (
    CLOSED,
    PATIENT,
    PLENTY,
    POOL,
    Booked,
    at,
    groups_at,
    results,
    seen,
    system,
)

MAIL = replace(PLENTY, name="mail", service=Duration.fixed(20))
ONE_MAIL = replace(MAIL, servers=1)
CALLS = (Step(calls=(Call(station=1),)),)
SEAT = Hold(station=1, lasts=Duration.fixed(30))
SEATED = (Step(holds=SEAT),)
OWN_SEAT = system(PATIENT, POOL, steps=(Step(holds=replace(SEAT, station=0)),))
ITSELF = (Step(calls=(Call(station=0),)),)
HASTY = People(name="hasty", client_timeout_ns=15, cancels=True)
POLITE = People(name="polite", honours_retry_after=1.0, retries=Retries(attempts=2))
ROUND_ROBIN = replace(ONE_MAIL, instances=2, balance=Balance.ROUND_ROBIN)
SUCCESS, TURNED_AWAY, UNFINISHED = Result.SUCCESS, Result.TURNED_AWAY, Result.UNFINISHED


@examples("timetable, played, expected",
    ("a server is held while its job calls", at(0, 1), system(PATIENT, (replace(POOL, round_trip_ns=2), MAIL), steps=CALLS),
     {"started": [0, 30], "finished": [32, 62]}),
    # The refusal is seen after the round trip of the step's own station, and its server is free.
    ("an attempt ends with its refused call", at(0, 1),
     system(PATIENT, (replace(POOL, round_trip_ns=2), replace(CLOSED, round_trip_ns=7)), steps=CALLS),
     {"started": [0, 10], "results": [(TURNED_AWAY, 12), (TURNED_AWAY, 22)]}),
    ("a refused call asks for the pause of who refused", at(0),
     system(POLITE, (replace(POOL, retry_after_ns=500), replace(CLOSED, retry_after_ns=40)), steps=CALLS), {"sent": [0, 50]}),
    # The second calls at 10 too and has waited 20 at 30; the third, who waits for its server, starts then.
    ("a shed call frees the server that waits for it", at(0, 0, 1, 2),
     system(PATIENT, (replace(POOL, servers=2), replace(ONE_MAIL, sheds_after_ns=15)), steps=CALLS),
     {"started": [0, 0, 30, 30], "results": [(SUCCESS, 30), (TURNED_AWAY, 30), (SUCCESS, 60), (TURNED_AWAY, 60)]}),
    # The first gives up at 15 in its call; the second starts then and calls at 25.
    ("a timeout that the server knows of frees both servers", groups_at((0,), (1,)),
     system((HASTY, PATIENT), (POOL, ONE_MAIL), steps=CALLS), {"started": [0, 15], "finished": [15, 45]}),
    # The nested deadlock: each holds what the other one needs.
    ("all servers that wait for one another wait for ever", groups_at((0,), (0,)),
     replace(system((PATIENT, People(name="back", journey=1)), (POOL, replace(POOL, name="other"))),
         journeys=(Journey(steps=CALLS), Journey(steps=(Step(station=1, calls=(Call(station=0),)),)))),
     {"results": [(UNFINISHED, UNKNOWN)] * 2}),
    ("who calls his own station needs a server", at(0), system(steps=ITSELF), {"results": [(UNFINISHED, UNKNOWN)]}),
    ("and another one", at(0), system(station=replace(POOL, servers=2), steps=ITSELF), {"results": [(SUCCESS, 20)]}),
    ("the steps own server may be the seat", at(0), OWN_SEAT, {"results": [(SUCCESS, 10)]}),
    ("unless somebody waits", at(0, 1, 21), OWN_SEAT, {"results": [(TURNED_AWAY, 10), (SUCCESS, 20), (SUCCESS, 60)]}),
    ("seats are those of the first instance", at(0, 1), system(PATIENT, (PLENTY, ROUND_ROBIN), steps=SEATED),
     {"result": [SUCCESS, TURNED_AWAY]}),
    ("or of all that share", at(0, 1), system(PATIENT, (PLENTY, replace(ROUND_ROBIN, balance=Balance.SHARED)), steps=SEATED),
     {"result": [SUCCESS, SUCCESS]}),
    ("calls are made one after the other", at(0),
     system(PATIENT, (POOL, MAIL), steps=(Step(calls=(Call(station=1), Call(station=1, service=Duration.fixed(5)))),)),
     {"finished": [35]}),
    # Both call twice: the first from 10, the second from 30, the first again from 50, and so on.
    ("who waits at the called station is served before the next call", at(0, 0),
     system(PATIENT, (replace(POOL, servers=2), ONE_MAIL), steps=(Step(calls=(Call(station=1), Call(station=1))),)),
     {"finished": [70, 90]}),
    # The call of 10 is at the first instance, who comes at 11 at the second.
    ("a call takes its turn among instances", groups_at((0,), (11,)),
     replace(system((PATIENT, People(name="other", journey=1)), (POOL, replace(POOL, instances=2, waiting_room=0,
         balance=Balance.ROUND_ROBIN))), journeys=(Journey(steps=CALLS), Journey(steps=(Step(station=1),)))),
     {"results": [(SUCCESS, 20), (SUCCESS, 21)]}),
    # The seat is taken at 10; it is free again for a job at 40, after the completions of 40.
    ("a seat is held for a while once the step is done", at(0, 5, 30, 31),
     system(PATIENT, (replace(PLENTY, round_trip_ns=2), ONE_MAIL), steps=SEATED),
     {"results": [(SUCCESS, 12), (TURNED_AWAY, 17), (TURNED_AWAY, 42), (SUCCESS, 43)]}),
    ("a seat is kept by who has given up", groups_at((0,), (1,)),
     system((People(name="hasty", client_timeout_ns=9), PATIENT), (PLENTY, ONE_MAIL), steps=SEATED),
     {"results": [(Result.TIMED_OUT, 9), (TURNED_AWAY, 11)]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected


def test_the_instance_of_a_call_is_drawn_by_its_own_luck(engine: Engine) -> None:
    other = replace(POOL, instances=3, waiting_room=0, balance=Balance.RANDOM)
    timetable = at(0, 0, 0, 0)
    chosen = [int(timetable.uniform(draws.BALANCE, visitor, 0, 1) * 3) for visitor in range(4)]
    expected = [TURNED_AWAY if one in chosen[:i] else SUCCESS for i, one in enumerate(chosen)]
    got = results(engine, timetable, system(PATIENT, (PLENTY, other), steps=CALLS))
    assert [result for result, _ in got] == expected


def two_calls(law: Duration) -> tuple[Booked, int, int]:
    """Somebody's luck whose first attempt makes a longer call than his second."""
    for seed in range(100):
        timetable = replace(at(0, horizon_ns=10_000, end_ns=10_000), seed=seed)
        first_ns, second_ns = (
            timetable.duration_ns(law, draws.SERVICE, 0, 0, (attempt << 8) | 1)
            for attempt in range(2)
        )
        if second_ns < first_ns:
            return timetable, first_ns, second_ns
    raise AssertionError


def test_each_call_of_each_attempt_has_its_own_luck(engine: Engine) -> None:
    # The first attempt is given up an instant before its answer; then comes the second.
    law = Duration.exponential(100)
    timetable, first_ns, second_ns = two_calls(law)
    given_up_ns = 10 + first_ns - 1
    hasty = People(name="p", retries=Retries(attempts=2), client_timeout_ns=given_up_ns)
    played = system(hasty, (replace(POOL, servers=2), replace(MAIL, service=law)), steps=CALLS)
    assert results(engine, timetable, played) == [
        (Result.TIMED_OUT, given_up_ns),
        (SUCCESS, given_up_ns + 10 + second_ns),
    ]
