"""Visitors by example: step by step, timeouts, pauses, and what makes them give up."""

from dataclasses import replace
from typing import Any

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
    groups_at,
    line,
    seen,
    system,
)

STUBBORN = Retries(attempts=5, backoff_ns=10, cap_ns=35, jitter=Jitter.NONE)
TWICE = replace(STUBBORN, attempts=2)
HALVES = replace(STUBBORN, budget_millionths=500_000)
SUCCESS, TURNED_AWAY, TIMED_OUT = Result.SUCCESS, Result.TURNED_AWAY, Result.TIMED_OUT


def hasty(timeout_ns: int, *, cancels: bool = False) -> People:
    return People(name="hasty", client_timeout_ns=timeout_ns, cancels=cancels)


def trying(retries: Retries = STUBBORN, **words: Any) -> People:
    return People(name="p", retries=retries, **words)


def thinking(first_ns: int, second_ns: int) -> tuple[Step, ...]:
    return Step(think=Duration.fixed(first_ns)), Step(think=Duration.fixed(second_ns))


@examples("timetable, played, expected",
    # Step by step
    ("each step is sent after thinking about the answer of the last", at(0),
     system(PATIENT, replace(PLENTY, round_trip_ns=2), line(100), steps=thinking(5, 7)),
     {"let_in": [0], "step": [0, 1], "sent": [5, 24], "fates": [(Fate.SERVED, 36)]}),
    ("each step has its station and its service", at(0),
     system(PATIENT, (PLENTY, replace(PLENTY, service=Duration.fixed(20))), steps=(Step(station=1), Step(service=Duration.fixed(3)))),
     {"finished": [20, 23]}),
    ("groups take their own journeys", groups_at((0,), (0,)),
     replace(system((People(name="short", journey=1), People(name="long", journey=0)), PLENTY),
         journeys=(Journey(steps=(Step(), Step())), Journey(steps=(Step(service=Duration.fixed(4)),)))),
     {"step": [2, 0, 1], "finished": [4, 10, 20]}),
    # The second step is refused twice.
    ("each step has all its attempts", at(0), system(trying(TWICE), (PLENTY, CLOSED), steps=(Step(), Step(station=1))),
     {"attempt": [0, 0, 1], "sent": [0, 10, 20], "fates": [(Fate.GAVE_UP, 20)]}),
    ("who thinks at the end is unfinished", at(0, end_ns=45), system(PATIENT, PLENTY, steps=thinking(0, 40)),
     {"fate": [Fate.UNFINISHED], "result": [SUCCESS]}),
    # Answers and timeouts
    ("an answer at the timeout is in time", at(0), system(hasty(13), replace(POOL, round_trip_ns=3)), {"fates": [(Fate.SERVED, 13)]}),
    ("and a nanosecond later it is not", at(0), system(hasty(12), replace(POOL, round_trip_ns=3)), {"fates": [(Fate.GAVE_UP, 12)]}),
    ("a refusal is seen", at(0), system(hasty(3), replace(CLOSED, round_trip_ns=3)), {"results": [(TURNED_AWAY, 3)]}),
    ("unless the client gives up before", at(0), system(hasty(2), replace(CLOSED, round_trip_ns=3)), {"results": [(TIMED_OUT, 2)]}),
    # The first of the hasty is given up while it runs, at 15, the second while it waits, at 16.
    ("a timeout that the server knows of stops the work", groups_at((1, 2), (0, 3)), system((hasty(14, cancels=True), PATIENT), POOL),
     {"started": [10, 15, 0, 16], "finished": [15, 16, 10, 26]}),
    ("a waiting job that is dropped leaves its place", groups_at((1,), (0, 4, 6)),
     system((hasty(4, cancels=True), PATIENT), replace(POOL, waiting_room=1)),
     {"results": [(TIMED_OUT, 5), (SUCCESS, 10), (TURNED_AWAY, 4), (SUCCESS, 20)]}),
    # At 14 the server is given up by the first, too late for who sends his attempt at 14.
    ("an attempt is sent before another is given up", groups_at((0,), (0,)),
     replace(system((hasty(14, cancels=True), People(name="thinks", journey=1)), replace(POOL, waiting_room=0)),
         journeys=(Journey(steps=(Step(service=Duration.fixed(50)),)), Journey(steps=thinking(14, 0)[:1]))),
     {"results": [(TIMED_OUT, 14), (TURNED_AWAY, 14)]}),
    # Both at 20: one enters the line's other end, one retries.
    ("who enters is served before who tries again", groups_at((0,), (1,)),
     system((trying(replace(TWICE, backoff_ns=20)), PATIENT), replace(POOL, waiting_room=0), line(20, burst=1),
         change(0, Lever.SERVERS, 0), change(20, Lever.SERVERS, 1)),
     {"results": [(TURNED_AWAY, 0), (TURNED_AWAY, 20), (SUCCESS, 30)]}),
    # Pauses
    ("pauses double up to the cap", at(0), system(trying(), CLOSED),
     {"sent": [0, 10, 30, 65, 100], "result": [TURNED_AWAY] * 5, "ended": [100]}),
    ("a refusal may ask for a longer pause", at(0), system(trying(TWICE, honours_retry_after=1.0), replace(CLOSED, retry_after_ns=50)),
     {"sent": [0, 50]}),
    ("of who does not care", at(0), system(trying(TWICE, honours_retry_after=0.0), replace(CLOSED, retry_after_ns=50)), {"sent": [0, 10]}),
    ("or for a shorter one", at(0), system(trying(TWICE, honours_retry_after=1.0), replace(CLOSED, retry_after_ns=5)), {"sent": [0, 10]}),
    ("a timeout asks for no pause", at(0),
     system(trying(TWICE, honours_retry_after=1.0, client_timeout_ns=4), replace(PLENTY, retry_after_ns=500)), {"sent": [0, 14]}),
    # Giving up; as a visitor of the replay does (tests/unit/scenarios/replay/test_visitor.py).
    ("who is asked to wait beyond his patience gives up at once", at(0),
     system(trying(honours_retry_after=1.0, gives_up_after_ns=30), replace(CLOSED, retry_after_ns=31)),
     {"sent": [0], "fates": [(Fate.GAVE_UP, 0)]}),
    ("unless he does not care", at(0), system(trying(gives_up_after_ns=30), replace(CLOSED, retry_after_ns=31)),
     {"sent": [0, 10, 30], "fates": [(Fate.GAVE_UP, 30)]}),
    ("who has time left after his entry tries again", at(0), system(trying(gives_up_after_ns=30), CLOSED, line(10, opens_ns=3)),
     {"sent": [3, 13, 33], "fates": [(Fate.GAVE_UP, 33)]}),
    ("and who has not does not", at(0), system(trying(gives_up_after_ns=29), CLOSED, line(10, opens_ns=3)),
     {"sent": [3, 13], "fates": [(Fate.GAVE_UP, 13)]}),
    # Each first attempt is worth half a retry, and one is saved up at the opening.
    # 0: 1 -> 0 | 1: 1/2, no | 10: 1/2, no | 20: 1 -> 0 | 30: no
    ("a retry is paid from the budget of the group", groups_at((0, 1, 20), (2,)), system((trying(HALVES), trying(HALVES)), CLOSED),
     {"sent": [0, 10, 1, 20, 30, 2, 12], "fates": [(Fate.GAVE_UP, 10), (Fate.GAVE_UP, 1), (Fate.GAVE_UP, 30), (Fate.GAVE_UP, 12)]}),
    # The first retries once at his second step, the second has earned a retry by two steps.
    ("the first attempt of each step adds to the budget", at(0, 50),
     system(trying(HALVES), (PLENTY, CLOSED), steps=(Step(), Step(station=1))), {"sent": [0, 10, 20, 50, 60, 70]}),
    # Three are served while the pool has servers; the fourth is refused from 40 on, and has two.
    ("no more retries are saved up than the burst", at(0, 1, 2, 40),
     system(trying(replace(STUBBORN, budget_millionths=1_000_000, budget_burst=2)), PLENTY, None,
         change(30, Lever.SERVERS, 0), change(30, Lever.WAITING_ROOM, 0)),
     {"sent": [0, 1, 2, 40, 50, 70]}),
    # One retry is there. Who waited for his first step until 20 would retry 29 after his entry; who
    # comes at 25 retries 20 after his.
    ("a retry that would come too late costs nothing", groups_at((1, 25), (0,)),
     system((trying(replace(TWICE, budget_millionths=1), gives_up_after_ns=20), PATIENT), (POOL, CLOSED), steps=(Step(), Step(station=1))),
     {"sent": [1, 20, 25, 35, 45, 0, 10]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected


def test_full_jitter_is_a_share_of_the_pause(engine: Engine) -> None:
    retries = Retries(attempts=2, backoff_ns=100, cap_ns=100, jitter=Jitter.FULL)
    timetable = at(0)
    expected = {"sent": [0, int(100 * timetable.uniform(draws.BACKOFF, 0))]}
    assert seen(engine, timetable, system(trying(retries), CLOSED), "sent") == expected


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
    polite = trying(replace(STUBBORN, attempts=3), honours_retry_after=share)
    played = system(polite, replace(CLOSED, retry_after_ns=50))
    assert seen(engine, timetable, played, "sent") == {"sent": [0, 50, 100]}
