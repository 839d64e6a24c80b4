"""The line by example: in which order, who joins, who leaves, and what a call comes to."""

from dataclasses import replace

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
    ends,
    entries,
    groups_at,
    line,
    system,
)


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


# In which order


def test_a_crowd_before_the_opening_is_shuffled_and_later_ones_stand_behind(engine: Engine) -> None:
    timetable = at(0, 1, 2, 3, 12)
    crowd = visitors(timetable)[:4]
    by_lot = sorted(crowd, key=lambda visitor: timetable.uniform(draws.LOTTERY, visitor))
    played = system(waitlist=line(10, shuffles=True, opens_ns=10))
    expected = [10 + 10 * by_lot.index(visitor) for visitor in crowd]
    assert entries(engine, timetable, played) == [*expected, 50]


def test_anybody_may_be_next_and_the_last_takes_the_free_place(engine: Engine) -> None:
    timetable = at(0, 1, 2, 3, 4)
    expected = called_at(timetable, visitors(timetable), 10)
    played = system(station=PLENTY, waitlist=line(10, policy=Policy.RANDOM, opens_ns=9))
    assert entries(engine, timetable, played) == [expected[v] for v in visitors(timetable)]


def test_who_leaves_a_random_line_is_replaced_by_the_last(engine: Engine) -> None:
    timetable = groups_at((0,), (1, 2, 3))
    impatient, first, second, third = visitors(timetable)
    expected = {impatient: UNKNOWN} | called_at(timetable, [third, first, second], 10)
    people = (People(name="impatient", patience=Duration.fixed(5)), PATIENT)
    played = system(people, PLENTY, line(10, policy=Policy.RANDOM, opens_ns=9))
    assert entries(engine, timetable, played) == [expected[v] for v in visitors(timetable)]


def test_who_reloads_in_a_random_line_goes_to_the_end_of_the_list(engine: Engine) -> None:
    # The first reloads at 8: the last one takes his place, and he is the last.
    timetable = groups_at((0,), (1, 2, 3))
    nervous, first, second, third = visitors(timetable)
    expected = called_at(timetable, [third, first, second, nervous], 1)
    people = (People(name="nervous", refreshes=Duration.fixed(8)), PATIENT)
    played = system(people, PLENTY, line(1, policy=Policy.RANDOM, opens_ns=9))
    assert entries(engine, timetable, played) == [expected[v] for v in visitors(timetable)]


def test_who_reloads_before_the_opening_is_no_more_of_the_crowd(engine: Engine) -> None:
    timetable = groups_at((0,), (1, 2, 3))
    people = (People(name="nervous", refreshes=Duration.fixed(15)), PATIENT)
    played = system(people, PLENTY, line(10, shuffles=True, opens_ns=20))
    lots = [timetable.uniform(draws.LOTTERY, visitor) for visitor in visitors(timetable)]
    assert max(lots) != lots[0]  # by lot he would not be the last
    assert entries(engine, timetable, played)[0] == 50


# Who joins


@pytest.mark.parametrize(("would_wait", "fate"), [(40, Fate.SERVED), (39, Fate.BALKED)])
def test_who_is_told_of_too_long_a_wait_does_not_join(
    engine: Engine, would_wait: int, fate: Fate
) -> None:
    # The first is called at once; the fourth finds two in the line, and is told 2 * 20.
    choosy = People(name="choosy", balks=Duration.fixed(would_wait))
    played = system(choosy, PLENTY, line(20))
    rows = engine.simulate(at(0, 1, 2, 3), played).rows().visits
    assert rows["fate"].tolist() == [Fate.SERVED] * 3 + [fate]
    assert rows["joined"].tolist()[3] == (UNKNOWN if fate is Fate.BALKED else 3)


def test_a_full_line_is_full_before_its_wait_is_announced(engine: Engine) -> None:
    choosy = People(name="choosy", balks=Duration.fixed(0))
    played = system((PATIENT, choosy), PLENTY, line(100, places=1))
    assert ends(engine, groups_at((0, 1), (2,)), played)[2] == (Fate.TURNED_AWAY, 2)


def test_who_would_wait_for_ever_never_balks(engine: Engine) -> None:
    visits = engine.simulate(at(0, 1, 2, 3), system(PATIENT, PLENTY, line(FOREVER))).rows()
    assert Fate.BALKED not in visits.visits["fate"].tolist()


# Who leaves


@examples("kind, silent, third",
    ("room", LineKind.ROOM, 0.0, 20),
    ("list", LineKind.LIST, 0.0, 40),
    ("silent", LineKind.ROOM, 1.0, 40),
)  # fmt: skip
def test_a_call_is_wasted_on_who_left_without_a_word(
    engine: Engine, kind: LineKind, silent: float, third: int
) -> None:
    # The second would be called at 20 and has patience until 16.
    people = (PATIENT, People(name="impatient", patience=Duration.fixed(15), silent=silent))
    played = system(people, PLENTY, line(20, kind=kind))
    timetable = groups_at((0, 10), (1,))
    assert entries(engine, timetable, played) == [0, third, UNKNOWN]
    assert ends(engine, timetable, played)[2] == (Fate.RENEGED, 16)


@pytest.mark.parametrize("above", [0.0, 1e-9])
def test_a_share_leaves_silently(engine: Engine, above: float) -> None:
    # Silent is who draws below the share: the call of 20 is wasted on him, or goes to the third.
    timetable = groups_at((1,), (0, 10))
    share = timetable.uniform(draws.SILENCE, 0) + above
    people = (People(name="p", patience=Duration.fixed(15), silent=share), PATIENT)
    played = system(people, PLENTY, line(20))
    assert entries(engine, timetable, played) == [UNKNOWN, 0, 40 if above else 20]


def test_who_left_silently_still_takes_a_place(engine: Engine) -> None:
    people = People(name="impatient", patience=Duration.fixed(5), silent=1.0)
    played = system(people, PLENTY, line(100, places=1))
    assert ends(engine, at(0, 1, 50), played)[1:] == [(Fate.RENEGED, 6), (Fate.TURNED_AWAY, 50)]


# What a call comes to


def test_who_notices_his_call_late_looks_after_that(engine: Engine) -> None:
    slow = People(name="slow", answers_after=Duration.fixed(8))
    assert entries(engine, at(0), system(slow, PLENTY, line(20))) == [8]
    assert entries(engine, at(0), system(slow, PLENTY, line(20, poll_every_ns=5))) == [10]


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


@examples("expires, end", ("in time", 8, (Fate.SERVED, 18)), ("late", 7, (Fate.NO_SHOW, 7)))
def test_a_call_stands_for_a_while(engine: Engine, expires: int, end: tuple[Fate, int]) -> None:
    slow = People(name="slow", answers_after=Duration.fixed(8))
    played = system(slow, PLENTY, line(20, call_expires_ns=expires))
    assert ends(engine, at(0), played) == [end]


def test_who_loses_patience_before_his_call_expires_has_left(engine: Engine) -> None:
    absent = People(name="absent", shows_up=0.0, patience=Duration.fixed(5))
    played = system(absent, PLENTY, line(20, call_expires_ns=6))
    assert ends(engine, at(0), played) == [(Fate.RENEGED, 5)]
    played = system(absent, PLENTY, line(20, call_expires_ns=5))
    assert ends(engine, at(0), played) == [(Fate.NO_SHOW, 5)]


def test_who_did_not_come_in_time_may_go_to_the_end(engine: Engine) -> None:
    # He is called at 0, expires at 7 and stands behind two; called again at 30, he expires at 37
    # and stands behind the one who came at 25.
    people = (People(name="slow", answers_after=Duration.fixed(8)), PATIENT)
    played = system(people, PLENTY, line(10, call_expires_ns=7, expired_to_end=True))
    timetable = groups_at((0,), (1, 2, 25), horizon_ns=45)
    assert entries(engine, timetable, played) == [UNKNOWN, 10, 20, 40]
    assert ends(engine, timetable, played)[0] == (Fate.WAITING, UNKNOWN)


# What people do in line


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
    played = system(
        (People(name="nervous", refreshes=law), PATIENT), PLENTY, line(1, opens_ns=opens_ns)
    )
    assert entries(engine, timetable, played) == [opens_ns + 1, opens_ns]


@pytest.mark.parametrize(("after", "expected"), [(4, [20, 0, 10, 30]), (18, [30, 0, 10, 20])])
def test_who_brings_somebody_moves_ahead(engine: Engine, after: int, expected: list[int]) -> None:
    # Number 3 becomes 2, equal to that of the one before; the lower visitor stands first.
    refers = Referral(share=1.0, after=Duration.fixed(after), places=1)
    people = (People(name="popular", refers=refers), PATIENT)
    assert entries(engine, groups_at((3,), (0, 1, 2)), system(people, PLENTY, line(10))) == expected


def test_nobody_moves_ahead_in_a_lottery_or_among_numberless(engine: Engine) -> None:
    refers = Referral(share=1.0, after=Duration.fixed(1), places=5)
    people = People(name="popular", refers=refers)
    alone = replace(people, refers=None)
    for words in ({"shuffles": True}, {"policy": Policy.RANDOM}):
        waitlist = line(10, opens_ns=10, **words)
        timetable = at(0, 1, 2, 3)
        assert entries(engine, timetable, system(people, PLENTY, waitlist)) == entries(
            engine, timetable, system(alone, PLENTY, waitlist)
        )


# Whole launches


@examples("timetable, played, let_in",
    ("who joins at the opening is not of the crowd", at(*[1] * 6),
     system(waitlist=line(10, shuffles=True, opens_ns=1)), [1, 11, 21, 31, 41, 51]),
    ("a better rank is called first and within one who came first", groups_at((0, 1), (2, 3)),
     system((People(name="everybody", rank=1), People(name="invited", rank=0)), PLENTY, line(10, policy=Policy.PRIORITY)),
     [0, 30, 10, 20]),
    ("who enters at the end of his patience has entered", at(0, 1),
     system(People(name="impatient", patience=Duration.fixed(9)), PLENTY, line(10)), [0, 10]),
    ("who is called enters at his next look", at(0, 1, 6), system(station=PLENTY, waitlist=line(20, poll_every_ns=7)), [0, 22, 6 + 35]),
    # At 15 he goes behind the one who came at 3, at 30 behind the one who came at 21.
    ("who reloads the page goes to the end", groups_at((0,), (3, 21)),
     system((People(name="nervous", refreshes=Duration.fixed(15)), PATIENT), PLENTY, line(20, opens_ns=20)),
     [60, 20, 40]),
    # His call of 0 expired; a reload at 25 would send him behind the one who came at 8.
    ("who was called reloads no more", groups_at((0,), (8,)),
     system((People(name="nervous", answers_after=Duration.fixed(8), refreshes=Duration.fixed(25)), PATIENT), PLENTY,
         line(30, call_expires_ns=7, expired_to_end=True)),
     [UNKNOWN, 60]),
    ("a line that opens calls everybody and one that closes holds", at(0, 1, 2, 15, 20),
     system(PATIENT, PLENTY, line(100), change(10, Lever.POLICY, Policy.OPEN), change(20, Lever.POLICY, Policy.FIFO)),
     [0, 10, 10, 15, 100]),
    ("who is called by an opening enters at his next look", at(0, 1, 2),
     system(PATIENT, PLENTY, line(100, poll_every_ns=6), change(10, Lever.POLICY, Policy.OPEN)), [0, 13, 14]),
)  # fmt: skip
def test_when_each_is_let_in(
    engine: Engine, timetable: Timetable, played: System, let_in: list[int]
) -> None:
    assert entries(engine, timetable, played) == let_in


@examples("timetable, played, fates",
    ("a full line turns away", at(0, 1, 2), system(station=PLENTY, waitlist=line(100, places=1)),
     [(Fate.SERVED, 10), (Fate.SERVED, 110), (Fate.TURNED_AWAY, 2)]),
    ("patience ends for who is called but has not looked", at(0, 1),
     system(People(name="impatient", patience=Duration.fixed(12)), waitlist=line(10, poll_every_ns=30)),
     [(Fate.SERVED, 10), (Fate.RENEGED, 13)]),
    ("a no show is one at once where calls do not expire", at(0, 1),
     system(People(name="absent", shows_up=0.0), PLENTY, line(10)), [(Fate.NO_SHOW, 0), (Fate.NO_SHOW, 10)]),
    ("patience goes on when a call has expired", at(0),
     system(People(name="absent", shows_up=0.0, patience=Duration.fixed(30)), PLENTY, line(20, call_expires_ns=7, expired_to_end=True)),
     [(Fate.RENEGED, 30)]),
    ("the line closes at the horizon and the rest end later", at(0, 1, 2, 30, horizon_ns=30, end_ns=45),
     system(PATIENT, PLENTY, line(15), change(30, Lever.POLICY, Policy.OPEN)),
     [(Fate.SERVED, 10), (Fate.SERVED, 25), (Fate.WAITING, UNKNOWN)]),
)  # fmt: skip
def test_what_becomes_of_each_and_when(
    engine: Engine, timetable: Timetable, played: System, fates: list[tuple[Fate, int]]
) -> None:
    assert ends(engine, timetable, played) == fates
