"""Stations by example: servers, waiting rooms, shedding, instances and their levers."""

from dataclasses import replace

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.journeys import Hold, Journey, Step
from simulator.system.people import People
from simulator.system.stations import Balance
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.booked import (
    CLOSED,
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

# Servers and a waiting room


def test_one_server_takes_one_after_the_other(engine: Engine) -> None:
    attempts = engine.simulate(at(0, 1, 30), system()).rows().attempts
    assert attempts["started"].tolist() == [0, 10, 30]
    assert attempts["finished"].tolist() == [10, 20, 40]


def test_work_that_nobody_waits_for_is_served_all_the_same(engine: Engine) -> None:
    # The second begins at 10 and is given up at 15, the third begins when that is done; the fourth
    # is given up before it begins.
    hasty = People(name="hasty", client_timeout_ns=14)
    rows = engine.simulate(at(0, 1, 20, 21, 22), system(hasty)).rows()
    assert rows.attempts["started"].tolist() == [0, 10, 20, 30, UNKNOWN]
    assert rows.attempts["finished"].tolist() == [10, 15, 30, 35, 36]


# Instances


@examples("balance, last",
    ("shared", Balance.SHARED, 14),
    ("round robin", Balance.ROUND_ROBIN, 14),
    ("least busy", Balance.LEAST_BUSY, 21),
)  # fmt: skip
def test_each_instance_has_its_own_queue_unless_they_share(
    engine: Engine, balance: Balance, last: int
) -> None:
    # At 12 both are busy, the first until 21, the second until 14.
    station = replace(POOL, instances=2, balance=balance)
    assert column(engine, at(0, 4, 11, 12), system(station=station), "started") == [0, 4, 11, last]


def test_of_two_equally_busy_the_lower_takes_the_job(engine: Engine) -> None:
    # The seat of the first instance is not free at 11.
    two = replace(POOL, instances=2, balance=Balance.LEAST_BUSY, service=Duration.fixed(50))
    journeys = (
        Journey(steps=(Step(station=1),)),
        Journey(steps=(Step(holds=Hold(station=1, lasts=Duration.fixed(30))),)),
    )
    people = (PATIENT, People(name="seated", journey=1))
    played = replace(system(people, (PLENTY, two)), journeys=journeys)
    assert results(engine, groups_at((0,), (1,)), played)[1] == (Result.TURNED_AWAY, 11)
    # The seat that is taken at 11 makes the first instance busier than the second.
    assert column(engine, groups_at((20,), (1,)), played, "started")[0] == 20


def test_anyone_of_the_instances_is_drawn(engine: Engine) -> None:
    station = replace(POOL, instances=3, waiting_room=0, balance=Balance.RANDOM)
    timetable = at(0, 0, 0, 0)
    chosen = [int(timetable.uniform(draws.BALANCE, visitor, 0, 0) * 3) for visitor in range(4)]
    expected = [
        Result.TURNED_AWAY if instance in chosen[:i] else Result.SUCCESS
        for i, instance in enumerate(chosen)
    ]
    got = [result for result, _ in results(engine, timetable, system(station=station))]
    assert got == expected


@examples("balance, served", ("shared", Balance.SHARED, 4), ("split", Balance.ROUND_ROBIN, 4))
def test_servers_and_places_are_those_of_each_instance(
    engine: Engine, balance: Balance, served: int
) -> None:
    station = replace(POOL, instances=2, waiting_room=1, balance=balance)
    fates = [fate for fate, _ in ends(engine, at(*[0] * 6), system(station=station))]
    assert fates.count(Fate.SERVED) == served
    assert fates.count(Fate.GAVE_UP) == 6 - served


def test_round_robin_passes_over_nobody(engine: Engine) -> None:
    # Three in turn, then the first again, which is busy until 10.
    station = replace(POOL, instances=3, waiting_room=0, balance=Balance.ROUND_ROBIN)
    got = results(engine, at(0, 1, 2, 3, 11), system(station=station))
    assert [result for result, _ in got] == [
        Result.SUCCESS, Result.SUCCESS, Result.SUCCESS, Result.TURNED_AWAY, Result.SUCCESS,
    ]  # fmt: skip


# Levers


@pytest.mark.parametrize("balance", [Balance.SHARED, Balance.ROUND_ROBIN], ids=["shared", "split"])
def test_servers_are_set_for_each_instance(engine: Engine, balance: Balance) -> None:
    station = replace(POOL, instances=2, balance=balance)
    played = system(PATIENT, station, None, change(5, Lever.SERVERS, 2))
    assert column(engine, at(*[0] * 5), played, "started") == [0, 0, 5, 5, 10]


def test_a_waiting_room_is_set_for_each_instance(engine: Engine) -> None:
    station = replace(POOL, instances=2, waiting_room=0)
    larger = change(5, Lever.WAITING_ROOM, 1)
    fates = [
        fate for fate, _ in ends(engine, at(0, 0, 6, 7, 8), system(PATIENT, station, None, larger))
    ]
    assert fates == [Fate.SERVED] * 4 + [Fate.GAVE_UP]


def test_a_lever_that_the_station_does_not_have_does_nothing(engine: Engine) -> None:
    levers = (change(1, Lever.CORES, 0), change(1, Lever.QUOTA_SPACING_NS, 500))
    played = system(PATIENT, POOL, None, *levers)
    assert column(engine, at(0, 0), played, "finished") == [10, 20]


@examples("timetable, played, fates",
    ("a full room turns away and the client sees it a round trip later", at(0, 1, 2),
     system(station=replace(POOL, waiting_room=1, round_trip_ns=3)),
     [(Fate.SERVED, 13), (Fate.SERVED, 23), (Fate.GAVE_UP, 5)]),
    ("a server that is free takes who comes at that instant", at(0, 10), system(station=replace(POOL, waiting_room=0)),
     [(Fate.SERVED, 10), (Fate.SERVED, 20)]),
    # At 10 the second has waited 9, and the third exactly 5.
    ("who has waited too long is turned away when his turn comes", at(0, 1, 5),
     system(station=replace(POOL, sheds_after_ns=5, round_trip_ns=2)),
     [(Fate.SERVED, 12), (Fate.GAVE_UP, 12), (Fate.SERVED, 22)]),
    ("a smaller waiting room throws nobody out", at(0, 1, 2, 6),
     system(PATIENT, POOL, None, change(5, Lever.WAITING_ROOM, 0)),
     [(Fate.SERVED, 10), (Fate.SERVED, 20), (Fate.SERVED, 30), (Fate.GAVE_UP, 6)]),
    ("a lever is set at its station", at(0),
     system(PATIENT, (PLENTY, replace(CLOSED, name="other")), None, change(0, Lever.SERVERS, 0, station=1)),
     [(Fate.SERVED, 10)]),
)  # fmt: skip
def test_what_becomes_of_each_and_when(
    engine: Engine, timetable: Timetable, played: System, fates: list[tuple[Fate, int]]
) -> None:
    assert ends(engine, timetable, played) == fates


@examples("timetable, played, started",
    # Two who gave up are served before the third.
    ("no stale work is passed over", groups_at((1, 2), (0, 25)),
     system((People(name="hasty", client_timeout_ns=5), PATIENT), POOL), [UNKNOWN, UNKNOWN, 0, 30]),
    # The third waits at the first instance until 10, so the fourth waits at the second until 11.
    ("who waits makes an instance busy", at(0, 1, 2, 3),
     system(station=replace(POOL, instances=2, balance=Balance.LEAST_BUSY)), [0, 1, 10, 11]),
    ("servers are added at once and taken away when done", at(0, 0, 0, 0),
     system(PATIENT, POOL, None, *(change(5, Lever.SERVERS, 3), change(6, Lever.SERVERS, 1))), [0, 5, 5, 15]),
    ("fewer servers lose no waiting work", at(*[0] * 5),
     system(PATIENT, replace(POOL, servers=2), None, change(5, Lever.SERVERS, 1)), [0, 0, 10, 20, 30]),
)  # fmt: skip
def test_when_each_service_starts(
    engine: Engine, timetable: Timetable, played: System, started: list[int]
) -> None:
    assert column(engine, timetable, played, "started") == started
