"""The line by example: in which order, who joins, who leaves, and what a call comes to."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.line import LineKind, Policy
from simulator.system.people import People, Referral
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER
from tests.examples import examples
from tests.launches.booked import (
    PATIENT,
    PLENTY,
    at,
    change,
    entries,
    groups_at,
    line,
    seen,
    system,
)

SERVED, BALKED, RENEGED, NO_SHOW = Fate.SERVED, Fate.BALKED, Fate.RENEGED, Fate.NO_SHOW


def lasting(ns: int) -> Duration:
    return Duration.fixed(ns)


SLOW = People(name="slow", answers_after=lasting(8))
ABSENT = People(name="absent", shows_up=0.0)
POPULAR = People(name="popular", refers=Referral(share=1.0, after=lasting(4), places=1))


def impatient(ns: int, **words: Any) -> People:
    return People(name="impatient", patience=lasting(ns), **words)


def choosy(ns: int) -> People:
    return People(name="choosy", balks=lasting(ns))


def nervous(ns: int, **words: Any) -> People:
    return People(name="nervous", refreshes=lasting(ns), **words)


@examples("timetable, played, expected",
    # In which order
    ("who joins at the opening is not of the crowd", at(*[1] * 6),
     system(waitlist=line(10, shuffles=True, opens_ns=1)), {"let_in": [1, 11, 21, 31, 41, 51]}),
    ("a better rank is called first and within one who came first", groups_at((0, 1), (2, 3)),
     system((People(name="everybody", rank=1), People(name="invited", rank=0)), PLENTY, line(10, policy=Policy.PRIORITY)),
     {"let_in": [0, 30, 10, 20]}),
    # Who joins. The first is called at once; the fourth finds two in the line, and is told 2 * 20.
    ("who is told of a wait that he would bear joins", at(0, 1, 2, 3), system(choosy(40), PLENTY, line(20)),
     {"fate": [SERVED] * 4, "joined": [0, 1, 2, 3]}),
    ("who is told of too long a wait does not join", at(0, 1, 2, 3), system(choosy(39), PLENTY, line(20)),
     {"fate": [SERVED] * 3 + [BALKED], "joined": [0, 1, 2, UNKNOWN]}),
    ("a full line turns away", at(0, 1, 2), system(station=PLENTY, waitlist=line(100, places=1)),
     {"fates": [(SERVED, 10), (SERVED, 110), (Fate.TURNED_AWAY, 2)]}),
    ("a full line is full before its wait is announced", groups_at((0, 1), (2,)),
     system((PATIENT, choosy(0)), PLENTY, line(100, places=1)), {"fates": [(SERVED, 10), (SERVED, 110), (Fate.TURNED_AWAY, 2)]}),
    # Who leaves. The second would be called at 20 and has patience until 16.
    ("who leaves a room is not called", groups_at((0, 10), (1,)), system((PATIENT, impatient(15)), PLENTY, line(20)),
     {"let_in": [0, 20, UNKNOWN], "fates": [(SERVED, 10), (SERVED, 30), (RENEGED, 16)]}),
    ("a call is wasted on who left a list", groups_at((0, 10), (1,)),
     system((PATIENT, impatient(15)), PLENTY, line(20, kind=LineKind.LIST)),
     {"let_in": [0, 40, UNKNOWN], "fates": [(SERVED, 10), (SERVED, 50), (RENEGED, 16)]}),
    ("and on who left silently", groups_at((0, 10), (1,)), system((PATIENT, impatient(15, silent=1.0)), PLENTY, line(20)),
     {"let_in": [0, 40, UNKNOWN], "fates": [(SERVED, 10), (SERVED, 50), (RENEGED, 16)]}),
    ("who left silently still takes a place", at(0, 1, 50), system(impatient(5, silent=1.0), PLENTY, line(100, places=1)),
     {"fates": [(SERVED, 10), (RENEGED, 6), (Fate.TURNED_AWAY, 50)]}),
    ("who enters at the end of his patience has entered", at(0, 1), system(impatient(9), PLENTY, line(10)), {"let_in": [0, 10]}),
    ("patience ends for who is called but has not looked", at(0, 1), system(impatient(12), waitlist=line(10, poll_every_ns=30)),
     {"fates": [(SERVED, 10), (RENEGED, 13)]}),
    # What a call comes to
    ("who is called enters at his next look", at(0, 1, 6), system(station=PLENTY, waitlist=line(20, poll_every_ns=7)),
     {"let_in": [0, 22, 6 + 35]}),
    ("who notices his call late enters then", at(0), system(SLOW, PLENTY, line(20)), {"let_in": [8]}),
    ("or looks after that", at(0), system(SLOW, PLENTY, line(20, poll_every_ns=5)), {"let_in": [10]}),
    ("a call stands for a while", at(0), system(SLOW, PLENTY, line(20, call_expires_ns=8)), {"fates": [(SERVED, 18)]}),
    ("and no longer", at(0), system(SLOW, PLENTY, line(20, call_expires_ns=7)), {"fates": [(NO_SHOW, 7)]}),
    ("a no show is one at once where calls do not expire", at(0, 1), system(ABSENT, PLENTY, line(10)),
     {"fates": [(NO_SHOW, 0), (NO_SHOW, 10)]}),
    ("who loses patience before his call expires has left", at(0),
     system(impatient(5, shows_up=0.0), PLENTY, line(20, call_expires_ns=6)), {"fates": [(RENEGED, 5)]}),
    ("and at that instant is a no show", at(0),
     system(impatient(5, shows_up=0.0), PLENTY, line(20, call_expires_ns=5)), {"fates": [(NO_SHOW, 5)]}),
    ("patience goes on when a call has expired", at(0),
     system(impatient(30, shows_up=0.0), PLENTY, line(20, call_expires_ns=7, expired_to_end=True)), {"fates": [(RENEGED, 30)]}),
    # He is called at 0, expires at 7 and stands behind two; called again at 30, he expires at 37
    # and stands behind the one who came at 25.
    ("who did not come in time may go to the end", groups_at((0,), (1, 2, 25), horizon_ns=45),
     system((SLOW, PATIENT), PLENTY, line(10, call_expires_ns=7, expired_to_end=True)),
     {"let_in": [UNKNOWN, 10, 20, 40], "fate": [Fate.WAITING, SERVED, SERVED, SERVED]}),
    # What people do in line. At 15 he goes behind the one who came at 3, at 30 behind the one who came at 21.
    ("who reloads the page goes to the end", groups_at((0,), (3, 21)), system((nervous(15), PATIENT), PLENTY, line(20, opens_ns=20)),
     {"let_in": [60, 20, 40]}),
    # His call of 0 expired; a reload at 25 would send him behind the one who came at 8.
    ("who was called reloads no more", groups_at((0,), (8,)),
     system((nervous(25, answers_after=lasting(8)), PATIENT), PLENTY, line(30, call_expires_ns=7, expired_to_end=True)),
     {"let_in": [UNKNOWN, 60]}),
    # Number 3 becomes 2, equal to that of the one before; the lower visitor stands first.
    ("who brings somebody moves ahead", groups_at((3,), (0, 1, 2)), system((POPULAR, PATIENT), PLENTY, line(10)),
     {"let_in": [20, 0, 10, 30]}),
    ("once he has come", groups_at((3,), (0, 1, 2)),
     system((replace(POPULAR, refers=Referral(share=1.0, after=lasting(18), places=1)), PATIENT), PLENTY, line(10)),
     {"let_in": [30, 0, 10, 20]}),
    # What operators do
    ("a line that opens calls everybody and one that closes holds", at(0, 1, 2, 15, 20),
     system(PATIENT, PLENTY, line(100), change(10, Lever.POLICY, Policy.OPEN), change(20, Lever.POLICY, Policy.FIFO)),
     {"let_in": [0, 10, 10, 15, 100]}),
    ("who is called by an opening enters at his next look", at(0, 1, 2),
     system(PATIENT, PLENTY, line(100, poll_every_ns=6), change(10, Lever.POLICY, Policy.OPEN)), {"let_in": [0, 13, 14]}),
    ("the line closes at the horizon and the rest end later", at(0, 1, 2, 30, horizon_ns=30, end_ns=45),
     system(PATIENT, PLENTY, line(15), change(30, Lever.POLICY, Policy.OPEN)),
     {"fates": [(SERVED, 10), (SERVED, 25), (Fate.WAITING, UNKNOWN)]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected


def test_who_would_wait_for_ever_never_balks(engine: Engine) -> None:
    played = system(PATIENT, PLENTY, line(FOREVER))
    assert BALKED not in seen(engine, at(0, 1, 2, 3), played, "fate")["fate"]


def visitors(timetable: Timetable) -> list[int]:
    return [visitor for part in timetable.arrivals() for visitor in part.visitor.tolist()]


def called_at(timetable: Timetable, standing: list[int], every_ns: int) -> dict[int, int]:
    """When those in a random line are called, from 9 on; the last one takes the free place."""
    expected = {}
    for call in range(len(standing)):
        index = int(timetable.uniform(draws.RELEASED, 0, 0, call) * len(standing))
        expected[standing[index]] = 9 + every_ns * call
        standing[index] = standing[-1]
        standing.pop()
    return expected


def test_a_crowd_before_the_opening_is_shuffled_and_later_ones_stand_behind(engine: Engine) -> None:
    timetable = at(0, 1, 2, 3, 12)
    crowd = visitors(timetable)[:4]
    by_lot = sorted(crowd, key=lambda visitor: timetable.uniform(draws.LOTTERY, visitor))
    played = system(waitlist=line(10, shuffles=True, opens_ns=10))
    expected = [10 + 10 * by_lot.index(visitor) for visitor in crowd]
    assert entries(engine, timetable, played) == [*expected, 50]


@examples("first, order, every_ns",
    ("anybody may be next and the last takes the free place", PATIENT, [0, 1, 2, 3], 10),
    ("who leaves is replaced by the last", impatient(5), [3, 1, 2], 10),
    # He reloads at 8: the last one takes his place, and he is the last.
    ("who reloads goes to the end of the list", nervous(8), [3, 1, 2, 0], 1),
)  # fmt: skip
def test_a_random_line(engine: Engine, first: People, order: list[int], every_ns: int) -> None:
    timetable = groups_at((0,), (1, 2, 3))
    all_four = visitors(timetable)
    expected = called_at(timetable, [all_four[place] for place in order], every_ns)
    played = system((first, PATIENT), PLENTY, line(every_ns, policy=Policy.RANDOM, opens_ns=9))
    assert entries(engine, timetable, played) == [expected.get(v, UNKNOWN) for v in all_four]


def test_who_reloads_before_the_opening_is_no_more_of_the_crowd(engine: Engine) -> None:
    timetable = groups_at((0,), (1, 2, 3))
    played = system((nervous(15), PATIENT), PLENTY, line(10, shuffles=True, opens_ns=20))
    lots = [timetable.uniform(draws.LOTTERY, visitor) for visitor in visitors(timetable)]
    assert max(lots) != lots[0]  # by lot he would not be the last
    assert entries(engine, timetable, played)[0] == 50


@pytest.mark.parametrize("above", [0.0, 1e-9])
def test_a_share_leaves_silently(engine: Engine, above: float) -> None:
    # Silent is who draws below the share: the call of 20 is wasted on him, or goes to the third.
    timetable = groups_at((1,), (0, 10))
    share = timetable.uniform(draws.SILENCE, 0) + above
    played = system((impatient(15, silent=share), PATIENT), PLENTY, line(20))
    assert entries(engine, timetable, played) == [UNKNOWN, 0, 40 if above else 20]


def missing_one_call() -> tuple[Timetable, float]:
    """Somebody's luck, and a share by which he misses his first call and comes to the second."""
    for seed in range(100):
        timetable = replace(at(0), seed=seed)
        first, second = (timetable.uniform(draws.SHOWING_UP, 0, 0, call) for call in range(2))
        if first > second:
            return timetable, first
    raise AssertionError


def test_whether_he_shows_up_is_drawn_for_each_call(engine: Engine) -> None:
    timetable, share = missing_one_call()
    people = People(name="p", shows_up=share)
    played = system(people, PLENTY, line(20, call_expires_ns=7, expired_to_end=True))
    assert entries(engine, timetable, played) == [20]


def reloading(law: Duration) -> tuple[Timetable, int, int]:
    """Somebody's luck who waits longer for his first reload than for his second."""
    for seed in range(100):
        luck = replace(at(0), seed=seed)
        first_ns, second_ns = (luck.duration_ns(law, draws.REFRESH, 0, 0, i) for i in range(2))
        if 1 < second_ns < first_ns - 1:
            timetable = groups_at((0,), (first_ns + 1,), horizon_ns=10_000, end_ns=10_000)
            return replace(timetable, seed=seed), first_ns, second_ns
    raise AssertionError


def test_each_reload_has_its_own_luck(engine: Engine) -> None:
    # Who came between the first and the second reload is called first.
    law = Duration.exponential(100)
    timetable, first_ns, second_ns = reloading(law)
    opens_ns = first_ns + second_ns + 1
    people = (People(name="nervous", refreshes=law), PATIENT)
    played = system(people, PLENTY, line(1, opens_ns=opens_ns))
    assert entries(engine, timetable, played) == [opens_ns + 1, opens_ns]


def test_nobody_moves_ahead_in_a_lottery_or_among_numberless(engine: Engine) -> None:
    popular = replace(POPULAR, refers=Referral(share=1.0, after=lasting(1), places=5))
    for words in ({"shuffles": True}, {"policy": Policy.RANDOM}):
        waitlist, timetable = line(10, opens_ns=10, **words), at(0, 1, 2, 3)
        moving, alone = (
            entries(engine, timetable, system(people, PLENTY, waitlist))
            for people in (popular, PATIENT)
        )
        assert moving == alone
