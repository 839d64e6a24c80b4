"""Visitors by example: step by step, timeouts, pauses, and what makes them give up."""

from dataclasses import replace

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Journey, Step
from simulator.system.people import Jitter, People, Retries
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
    Booked,
    at,
    change,
    column,
    ends,
    entries,
    groups_at,
    line,
    results,
    system,
)

STUBBORN = Retries(attempts=5, backoff_ns=10, cap_ns=35, jitter=Jitter.NONE)

# Step by step


def test_each_step_is_sent_after_thinking_about_the_answer_of_the_last(engine: Engine) -> None:
    steps = (Step(think=Duration.fixed(5)), Step(think=Duration.fixed(7)))
    played = system(PATIENT, replace(PLENTY, round_trip_ns=2), line(100), steps=steps)
    timetable = at(0)
    assert entries(engine, timetable, played) == [0]
    assert column(engine, timetable, played, "step") == [0, 1]
    assert column(engine, timetable, played, "sent") == [5, 24]
    assert ends(engine, timetable, played) == [(Fate.SERVED, 36)]


def test_each_step_has_its_station_and_its_service(engine: Engine) -> None:
    steps = (Step(station=1), Step(service=Duration.fixed(3)))
    stations = (PLENTY, replace(PLENTY, service=Duration.fixed(20)))
    played = system(PATIENT, stations, steps=steps)
    assert column(engine, at(0), played, "finished") == [20, 23]


def test_groups_take_their_own_journeys(engine: Engine) -> None:
    people = (People(name="short", journey=1), People(name="long", journey=0))
    journeys = (Journey(steps=(Step(), Step())), Journey(steps=(Step(service=Duration.fixed(4)),)))
    played = replace(system(people, PLENTY), journeys=journeys)
    timetable = groups_at((0,), (0,))
    assert column(engine, timetable, played, "step") == [2, 0, 1]
    assert column(engine, timetable, played, "finished") == [4, 10, 20]


def test_each_step_has_all_its_attempts(engine: Engine) -> None:
    # The second step is refused twice.
    people = People(name="stubborn", retries=replace(STUBBORN, attempts=2))
    played = system(people, (PLENTY, CLOSED), steps=(Step(), Step(station=1)))
    timetable = at(0)
    assert column(engine, timetable, played, "attempt") == [0, 0, 1]
    assert column(engine, timetable, played, "sent") == [0, 10, 20]
    assert ends(engine, timetable, played) == [(Fate.GAVE_UP, 20)]


def test_who_thinks_at_the_end_is_unfinished(engine: Engine) -> None:
    steps = (Step(), Step(think=Duration.fixed(40)))
    rows = engine.simulate(at(0, end_ns=45), system(PATIENT, PLENTY, steps=steps)).rows()
    assert rows.visits["fate"].tolist() == [Fate.UNFINISHED]
    assert rows.attempts["result"].tolist() == [Result.SUCCESS]


# Answers and timeouts


@pytest.mark.parametrize(
    ("timeout_ns", "fate", "ended"), [(13, Fate.SERVED, 13), (12, Fate.GAVE_UP, 12)]
)
def test_an_answer_at_the_timeout_is_in_time(
    engine: Engine, timeout_ns: int, fate: Fate, ended: int
) -> None:
    hasty = People(name="hasty", client_timeout_ns=timeout_ns)
    station = replace(POOL, round_trip_ns=3)
    assert ends(engine, at(0), system(hasty, station)) == [(fate, ended)]


@pytest.mark.parametrize(("timeout_ns", "result"), [(3, Result.TURNED_AWAY), (2, Result.TIMED_OUT)])
def test_a_refusal_is_seen_unless_the_client_gives_up_before(
    engine: Engine, timeout_ns: int, result: Result
) -> None:
    hasty = People(name="hasty", client_timeout_ns=timeout_ns)
    played = system(hasty, replace(CLOSED, round_trip_ns=3))
    assert results(engine, at(0), played) == [(result, timeout_ns)]


def test_a_timeout_that_the_server_knows_of_stops_the_work(engine: Engine) -> None:
    # The first of the hasty is given up while it runs, at 15, the second while it waits, at 16.
    hasty = People(name="hasty", client_timeout_ns=14, cancels=True)
    rows = engine.simulate(groups_at((1, 2), (0, 3)), system((hasty, PATIENT), POOL)).rows()
    assert rows.attempts["started"].tolist() == [10, 15, 0, 16]
    assert rows.attempts["finished"].tolist() == [15, 16, 10, 26]


# Pauses


def test_pauses_double_up_to_the_cap(engine: Engine) -> None:
    rows = engine.simulate(at(0), system(People(name="p", retries=STUBBORN), CLOSED)).rows()
    assert rows.attempts["sent"].tolist() == [0, 10, 30, 65, 100]
    assert set(rows.attempts["result"].tolist()) == {Result.TURNED_AWAY}
    assert rows.visits["ended"].tolist() == [100]


def test_full_jitter_is_a_share_of_the_pause(engine: Engine) -> None:
    retries = Retries(attempts=2, backoff_ns=100, cap_ns=100, jitter=Jitter.FULL)
    timetable = at(0)
    sent = column(engine, timetable, system(People(name="p", retries=retries), CLOSED), "sent")
    assert sent == [0, int(100 * timetable.uniform(draws.BACKOFF, 0))]


@pytest.mark.parametrize(
    ("honours", "retry_after", "second"), [(1.0, 50, 50), (0.0, 50, 10), (1.0, 5, 10)]
)
def test_a_refusal_may_ask_for_a_longer_pause(
    engine: Engine, honours: float, retry_after: int, second: int
) -> None:
    retries = replace(STUBBORN, attempts=2)
    people = People(name="polite", honours_retry_after=honours, retries=retries)
    played = system(people, replace(CLOSED, retry_after_ns=retry_after))
    assert column(engine, at(0), played, "sent") == [0, second]


def honouring() -> tuple[Booked, float]:
    """Somebody's luck, and a share by which he is polite, though attempt for attempt he were not."""
    for seed in range(100):
        timetable = replace(at(0), seed=seed)
        once, later = (timetable.uniform(draws.HONOUR, 0, 0, number) for number in (0, 1))
        if once < later:
            return timetable, later
    raise AssertionError


def test_who_is_polite_is_so_at_each_attempt(engine: Engine) -> None:
    timetable, share = honouring()
    people = People(name="polite", honours_retry_after=share, retries=replace(STUBBORN, attempts=3))
    played = system(people, replace(CLOSED, retry_after_ns=50))
    assert column(engine, timetable, played, "sent") == [0, 50, 100]


# Giving up


@pytest.mark.parametrize(("honours", "sent"), [(1.0, [0]), (0.0, [0, 10, 30])])
def test_who_is_asked_to_wait_beyond_his_patience_gives_up_at_once(
    engine: Engine, honours: float, sent: list[int]
) -> None:
    """As a visitor of the replay does (tests/unit/scenarios/replay/test_visitor.py)."""
    people = People(name="p", honours_retry_after=honours, retries=STUBBORN, gives_up_after_ns=30)
    played = system(people, replace(CLOSED, retry_after_ns=31))
    assert column(engine, at(0), played, "sent") == sent
    assert ends(engine, at(0), played) == [(Fate.GAVE_UP, sent[-1])]


@pytest.mark.parametrize(("after", "sent"), [(30, [3, 13, 33]), (29, [3, 13])])
def test_nobody_tries_again_too_long_after_his_entry(
    engine: Engine, after: int, sent: list[int]
) -> None:
    people = People(name="p", retries=STUBBORN, gives_up_after_ns=after)
    played = system(people, CLOSED, line(10, opens_ns=3))
    timetable = at(0)
    assert column(engine, timetable, played, "sent") == sent
    assert ends(engine, timetable, played) == [(Fate.GAVE_UP, sent[-1])]


def test_a_retry_is_paid_from_the_budget_of_the_group(engine: Engine) -> None:
    # Each first attempt is worth half a retry, and one is saved up at the opening.
    retries = replace(STUBBORN, budget_millionths=500_000)
    people = (People(name="many", retries=retries), People(name="one", retries=retries))
    timetable = groups_at((0, 1, 20), (2,))
    played = system(people, CLOSED)
    # 0: 1 -> 0 | 1: 1/2, no | 10: 1/2, no | 20: 1 -> 0 | 30: no
    assert column(engine, timetable, played, "sent") == [0, 10, 1, 20, 30, 2, 12]
    assert ends(engine, timetable, played) == [
        (Fate.GAVE_UP, 10),
        (Fate.GAVE_UP, 1),
        (Fate.GAVE_UP, 30),
        (Fate.GAVE_UP, 12),
    ]


@examples("timetable, played, seen",
    ("a waiting job that is dropped leaves its place", groups_at((1,), (0, 4, 6)),
     system((People(name="hasty", client_timeout_ns=4, cancels=True), PATIENT), replace(POOL, waiting_room=1)),
     [(Result.TIMED_OUT, 5), (Result.SUCCESS, 10), (Result.TURNED_AWAY, 4), (Result.SUCCESS, 20)]),
    # At 14 the server is given up by the first, too late for who sends his attempt at 14.
    ("an attempt is sent before another is given up", groups_at((0,), (0,)),
     replace(system((People(name="hasty", client_timeout_ns=14, cancels=True), People(name="thinks", journey=1)),
         replace(POOL, waiting_room=0)), journeys=(Journey(steps=(Step(service=Duration.fixed(50)),)),
         Journey(steps=(Step(think=Duration.fixed(14)),)))),
     [(Result.TIMED_OUT, 14), (Result.TURNED_AWAY, 14)]),
    # Both at 20: one enters the line's other end, one retries.
    ("who enters is served before who tries again", groups_at((0,), (1,)),
     system((People(name="again", retries=replace(STUBBORN, attempts=2, backoff_ns=20)), PATIENT), replace(POOL,
         waiting_room=0), line(20, burst=1), *(change(0, Lever.SERVERS, 0), change(20, Lever.SERVERS, 1))),
     [(Result.TURNED_AWAY, 0), (Result.TURNED_AWAY, 20), (Result.SUCCESS, 30)]),
)  # fmt: skip
def test_what_becomes_of_each_attempt_and_when(
    engine: Engine, timetable: Timetable, played: System, seen: list[tuple[Result, int]]
) -> None:
    assert results(engine, timetable, played) == seen


@examples("timetable, played, sent",
    ("a timeout asks for no pause", at(0),
     system(People(name="p", honours_retry_after=1.0, retries=replace(STUBBORN, attempts=2), client_timeout_ns=4),
         replace(PLENTY, retry_after_ns=500)),
     [0, 14]),
    # The first retries once at his second step, the second has earned a retry by two steps.
    ("the first attempt of each step adds to the budget", at(0, 50),
     system(People(name="p", retries=replace(STUBBORN, budget_millionths=500_000)), (PLENTY, CLOSED), steps=(Step(), Step(station=1))),
     [0, 10, 20, 50, 60, 70]),
    # Three are served while the pool has servers; the fourth is refused from 40 on, and has two.
    ("no more retries are saved up than the burst", at(0, 1, 2, 40),
     system(People(name="p", retries=replace(STUBBORN, budget_millionths=1_000_000, budget_burst=2)), PLENTY, None,
         *(change(30, Lever.SERVERS, 0), change(30, Lever.WAITING_ROOM, 0))),
     [0, 1, 2, 40, 50, 70]),
    # One retry is there. Who waited for his first step until 20 would retry 29 after his entry; who
    # comes at 25 retries 20 after his.
    ("a retry that would come too late costs nothing", groups_at((1, 25), (0,)),
     system((People(name="p", retries=replace(STUBBORN, attempts=2, budget_millionths=1), gives_up_after_ns=20),
         PATIENT), (POOL, CLOSED), steps=(Step(), Step(station=1))),
     [1, 20, 25, 35, 45, 0, 10]),
)  # fmt: skip
def test_when_each_attempt_is_sent(
    engine: Engine, timetable: Timetable, played: System, sent: list[int]
) -> None:
    assert column(engine, timetable, played, "sent") == sent
