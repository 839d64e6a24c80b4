"""Calls and held seats by example: a server that waits for another station."""

from dataclasses import replace

import pytest

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
    column,
    groups_at,
    results,
    system,
)

MAIL = replace(PLENTY, name="mail", service=Duration.fixed(20))
CALLS = (Step(calls=(Call(station=1),)),)
SEAT = Hold(station=1, lasts=Duration.fixed(30))


def test_a_server_is_held_while_its_job_calls(engine: Engine) -> None:
    station = replace(POOL, round_trip_ns=2)
    rows = engine.simulate(at(0, 1), system(PATIENT, (station, MAIL), steps=CALLS)).rows()
    assert rows.attempts["started"].tolist() == [0, 30]
    assert rows.attempts["finished"].tolist() == [32, 62]


def test_an_attempt_ends_with_its_refused_call(engine: Engine) -> None:
    # The refusal is seen after the round trip of the step's own station, and its server is free.
    stations = (replace(POOL, round_trip_ns=2), replace(CLOSED, round_trip_ns=7))
    rows = engine.simulate(at(0, 1), system(PATIENT, stations, steps=CALLS)).rows().attempts
    assert rows["started"].tolist() == [0, 10]
    assert rows["finished"].tolist() == [12, 22]
    assert rows["result"].tolist() == [Result.TURNED_AWAY] * 2


def test_a_refused_call_asks_for_the_pause_of_who_refused(engine: Engine) -> None:
    people = People(name="polite", honours_retry_after=1.0, retries=Retries(attempts=2))
    stations = (replace(POOL, retry_after_ns=500), replace(CLOSED, retry_after_ns=40))
    played = system(people, stations, steps=CALLS)
    assert column(engine, at(0), played, "sent") == [0, 50]


def test_a_shed_call_frees_the_server_that_waits_for_it(engine: Engine) -> None:
    # The second calls at 10 too and has waited 20 at 30; the third, who waits for its server,
    # starts then.
    stations = (replace(POOL, servers=2), replace(MAIL, servers=1, sheds_after_ns=15))
    played = system(PATIENT, stations, steps=CALLS)
    rows = engine.simulate(at(0, 0, 1, 2), played).rows().attempts
    assert rows["started"].tolist() == [0, 0, 30, 30]
    assert rows["result"].tolist()[:2] == [Result.SUCCESS, Result.TURNED_AWAY]
    assert rows["finished"].tolist()[:2] == [30, 30]


def test_a_timeout_that_the_server_knows_of_frees_both_servers(engine: Engine) -> None:
    # The first gives up at 15 in its call; the second starts then and calls at 25.
    people = People(name="hasty", client_timeout_ns=15, cancels=True)
    patient = replace(PATIENT, name="patient")
    stations = (POOL, replace(MAIL, servers=1))
    played = system((people, patient), stations, steps=CALLS)
    rows = engine.simulate(groups_at((0,), (1,)), played).rows().attempts
    assert rows["started"].tolist() == [0, 15]
    assert rows["finished"].tolist() == [15, 45]


def test_all_servers_that_wait_for_one_another_wait_for_ever(engine: Engine) -> None:
    """The nested deadlock: each holds what the other one needs."""
    there, back = Step(calls=(Call(station=1),)), Step(station=1, calls=(Call(station=0),))
    stations = (POOL, replace(POOL, name="other"))
    played = System(
        people=(People(name="there", journey=0), People(name="back", journey=1)),
        stations=stations,
        journeys=(Journey(steps=(there,)), Journey(steps=(back,))),
    )
    assert results(engine, groups_at((0,), (0,)), played) == [(Result.UNFINISHED, UNKNOWN)] * 2


def test_who_calls_his_own_station_needs_another_server(engine: Engine) -> None:
    steps = (Step(calls=(Call(station=0),)),)
    assert results(engine, at(0), system(steps=steps)) == [(Result.UNFINISHED, UNKNOWN)]
    two = replace(POOL, servers=2)
    assert results(engine, at(0), system(station=two, steps=steps)) == [(Result.SUCCESS, 20)]


def test_the_instance_of_a_call_is_drawn_by_its_own_luck(engine: Engine) -> None:
    other = replace(POOL, instances=3, waiting_room=0, balance=Balance.RANDOM)
    timetable = at(0, 0, 0, 0)
    chosen = [int(timetable.uniform(draws.BALANCE, visitor, 0, 1) * 3) for visitor in range(4)]
    expected = [
        Result.TURNED_AWAY if instance in chosen[:i] else Result.SUCCESS
        for i, instance in enumerate(chosen)
    ]
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
    hasty = People(name="p", retries=Retries(attempts=2), client_timeout_ns=10 + first_ns - 1)
    played = system(hasty, (replace(POOL, servers=2), replace(MAIL, service=law)), steps=CALLS)
    given_up_ns = 10 + first_ns - 1
    assert results(engine, timetable, played) == [
        (Result.TIMED_OUT, given_up_ns),
        (Result.SUCCESS, given_up_ns + 10 + second_ns),
    ]


# Seats


def test_the_steps_own_server_may_be_the_seat_unless_somebody_waits(engine: Engine) -> None:
    played = system(PATIENT, POOL, steps=(Step(holds=replace(SEAT, station=0)),))
    assert results(engine, at(0), played) == [(Result.SUCCESS, 10)]
    assert results(engine, at(0, 1, 21), played) == [
        (Result.TURNED_AWAY, 10),
        (Result.SUCCESS, 20),
        (Result.SUCCESS, 60),
    ]


@pytest.mark.parametrize("balance", [Balance.ROUND_ROBIN, Balance.SHARED], ids=["split", "shared"])
def test_seats_are_those_of_the_first_instance(engine: Engine, balance: Balance) -> None:
    stations = (PLENTY, replace(MAIL, servers=1, instances=2, balance=balance))
    played = system(PATIENT, stations, steps=(Step(holds=SEAT),))
    second = Result.SUCCESS if balance is Balance.SHARED else Result.TURNED_AWAY
    got = [result for result, _ in results(engine, at(0, 1), played)]
    assert got == [Result.SUCCESS, second]


@examples("timetable, played, finished",
    ("calls are made one after the other", at(0),
     system(PATIENT, (POOL, MAIL), steps=(Step(calls=(Call(station=1), Call(station=1, service=Duration.fixed(5)))),)),
     [35]),
    # Both call twice: the first from 10, the second from 30, the first again from 50, and so on.
    ("who waits at the called station is served before the next call", at(0, 0),
     system(PATIENT, (replace(POOL, servers=2), replace(MAIL, servers=1)), steps=(Step(calls=(Call(station=1), Call(station=1))),)),
     [70, 90]),
)  # fmt: skip
def test_when_each_attempt_ends(
    engine: Engine, timetable: Timetable, played: System, finished: list[int]
) -> None:
    assert column(engine, timetable, played, "finished") == finished


@examples("timetable, played, seen",
    # The call of 10 is at the first instance, who comes at 11 at the second.
    ("a call takes its turn among instances", groups_at((0,), (11,)),
     replace(system((PATIENT, People(name="other", journey=1)), (POOL, replace(POOL, instances=2, waiting_room=0,
         balance=Balance.ROUND_ROBIN))), journeys=(Journey(steps=CALLS), Journey(steps=(Step(station=1),)))),
     [(Result.SUCCESS, 20), (Result.SUCCESS, 21)]),
    # The seat is taken at 10; it is free again for a job at 40, after the completions of 40.
    ("a seat is held for a while once the step is done", at(0, 5, 30, 31),
     system(PATIENT, (replace(PLENTY, round_trip_ns=2), replace(MAIL, servers=1)), steps=(Step(holds=SEAT),)),
     [(Result.SUCCESS, 12), (Result.TURNED_AWAY, 17), (Result.TURNED_AWAY, 42), (Result.SUCCESS, 43)]),
    ("a seat is kept by who has given up", groups_at((0,), (1,)),
     system((People(name="hasty", client_timeout_ns=9), PATIENT), (PLENTY, replace(MAIL, servers=1)), steps=(Step(holds=SEAT),)),
     [(Result.TIMED_OUT, 9), (Result.TURNED_AWAY, 11)]),
)  # fmt: skip
def test_what_becomes_of_each_attempt_and_when(
    engine: Engine, timetable: Timetable, played: System, seen: list[tuple[Result, int]]
) -> None:
    assert results(engine, timetable, played) == seen
