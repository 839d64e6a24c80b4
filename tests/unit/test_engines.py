"""The rules by example, one launch each, in both engines: instants in nanoseconds, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator import draws
from simulator.demand import Demand
from simulator.duration import Duration
from simulator.engine import Engine
from simulator.outcomes import UNKNOWN, Fate, Result
from simulator.system import Change, Jitter, Lever, LineKind, People, Policy, Retries
from simulator.timetable import Timetable
from tests.unit.launches import PATIENT, POOL, at, ends, engines, entries, line, system


@engines
def test_one_server_takes_one_after_the_other(engine: Engine) -> None:
    attempts = engine.simulate(at(0, 1, 30), system()).rows().attempts
    assert attempts["started"].tolist() == [0, 10, 30]
    assert attempts["finished"].tolist() == [10, 20, 40]


@engines
def test_a_full_room_turns_away_and_the_client_sees_it_a_round_trip_later(engine: Engine) -> None:
    station = replace(POOL, waiting_room=0, round_trip_ns=3)
    assert ends(engine, at(0, 1), system(station=station)) == [
        (Fate.SERVED, 13),
        (Fate.GAVE_UP, 4),
    ]


@engines
def test_a_server_that_is_free_takes_who_comes_at_that_instant(engine: Engine) -> None:
    station = replace(POOL, waiting_room=0)
    assert ends(engine, at(0, 10), system(station=station)) == [
        (Fate.SERVED, 10),
        (Fate.SERVED, 20),
    ]


@engines
@pytest.mark.parametrize(
    ("timeout_ns", "fate", "ended"), [(13, Fate.SERVED, 13), (12, Fate.GAVE_UP, 12)]
)
def test_an_answer_at_the_timeout_is_in_time(
    engine: Engine, timeout_ns: int, fate: Fate, ended: int
) -> None:
    hasty = People(name="hasty", client_timeout_ns=timeout_ns)
    station = replace(POOL, round_trip_ns=3)
    assert ends(engine, at(0), system(hasty, station)) == [(fate, ended)]


@engines
def test_work_that_nobody_waits_for_is_served_all_the_same(engine: Engine) -> None:
    hasty = People(name="hasty", client_timeout_ns=14)
    rows = engine.simulate(at(0, 1, 20), system(hasty)).rows()
    assert [Fate(fate) for fate in rows.visits["fate"]] == [
        Fate.SERVED,
        Fate.GAVE_UP,
        Fate.SERVED,
    ]
    # The second began at 10 and was given up at 15; the third begins when that is done, at 20.
    assert rows.attempts["started"].tolist() == [0, 10, 20]
    assert rows.attempts["finished"].tolist() == [10, 15, 30]


@engines
def test_pauses_double_up_to_the_cap(engine: Engine) -> None:
    retries = Retries(attempts=5, backoff_ns=10, cap_ns=35, jitter=Jitter.NONE)
    people = People(name="stubborn", retries=retries)
    closed = replace(POOL, servers=0, waiting_room=0)
    rows = engine.simulate(at(0), system(people, closed)).rows()
    assert rows.attempts["sent"].tolist() == [0, 10, 30, 65, 100]
    assert set(rows.attempts["result"].tolist()) == {Result.TURNED_AWAY}
    assert rows.visits["ended"].tolist() == [100]


@engines
def test_full_jitter_is_a_share_of_the_pause(engine: Engine) -> None:
    retries = Retries(attempts=2, backoff_ns=100, cap_ns=100, jitter=Jitter.FULL)
    timetable = at(0)
    played = system(
        People(name="stubborn", retries=retries), replace(POOL, servers=0, waiting_room=0)
    )
    sent = engine.simulate(timetable, played).rows().attempts["sent"]
    assert sent[1] == int(100 * timetable.uniform(draws.BACKOFF, 0))


@engines
def test_a_token_comes_each_spacing_and_a_burst_is_saved_up(engine: Engine) -> None:
    timetable = at(0, 0, 0, 0, 100, 100, 100)
    played = system(waitlist=line(spacing_ns=20, burst=2))
    assert entries(engine, timetable, played) == [0, 0, 20, 40, 100, 100, 110 - 10 + 20]


@engines
def test_who_is_called_enters_at_his_next_look(engine: Engine) -> None:
    played = system(waitlist=line(spacing_ns=20, poll_every_ns=7))
    assert entries(engine, at(0, 1, 6), played) == [0, 22, 6 + 35]


@engines
@pytest.mark.parametrize(
    ("kind", "third"), [(LineKind.ROOM, 20), (LineKind.LIST, 40)], ids=["room", "list"]
)
def test_who_lost_interest_takes_a_token_from_a_list_only(
    engine: Engine, kind: LineKind, third: int
) -> None:
    # The second would be called at 20 and has patience until 16; the third comes at 10.
    people = People(name="impatient", patience=Duration.fixed(15))
    timetable = at(0, 1, 10)
    played = system(people, waitlist=line(spacing_ns=20, kind=kind))
    expected = third if third <= 25 else UNKNOWN
    assert entries(engine, timetable, played) == [0, UNKNOWN, expected]
    assert ends(engine, timetable, played)[1] == (Fate.RENEGED, 16)


@engines
def test_patience_ends_for_who_is_called_but_has_not_looked(engine: Engine) -> None:
    people = People(name="impatient", patience=Duration.fixed(12))
    played = system(people, waitlist=line(spacing_ns=10, poll_every_ns=30))
    assert ends(engine, at(0, 1), played) == [(Fate.SERVED, 10), (Fate.RENEGED, 13)]


@engines
def test_the_line_closes_at_the_horizon_and_the_rest_end_later(engine: Engine) -> None:
    timetable = at(0, 1, 2, 30, horizon_ns=30, end_ns=35)
    station = replace(POOL, service=Duration.fixed(15))
    played = system(station=station, waitlist=line(spacing_ns=15))
    assert ends(engine, timetable, played) == [
        (Fate.SERVED, 15),
        (Fate.SERVED, 30),
        (Fate.WAITING, UNKNOWN),
    ]
    timetable = replace(timetable, end_ns=30)
    assert ends(engine, timetable, played)[1] == (Fate.UNFINISHED, UNKNOWN)


@engines
def test_servers_are_added_at_once_and_taken_away_when_done(engine: Engine) -> None:
    more = Change(at_ns=5, lever=Lever.SERVERS, value=3)
    fewer = Change(at_ns=6, lever=Lever.SERVERS, value=1)
    attempts = engine.simulate(at(0, 0, 0, 0), system(PATIENT, POOL, None, more, fewer)).rows()
    assert attempts.attempts["started"].tolist() == [0, 5, 5, 15]


@engines
def test_a_line_that_opens_calls_everybody_and_one_that_closes_holds(engine: Engine) -> None:
    opens = Change(at_ns=10, lever=Lever.POLICY, value=Policy.OPEN)
    closes = Change(at_ns=20, lever=Lever.POLICY, value=Policy.FIFO)
    played = system(PATIENT, POOL, line(spacing_ns=100), opens, closes)
    assert entries(engine, at(0, 1, 2, 15, 20), played) == [0, 10, 10, 15, 100]


@engines
def test_a_slower_release_makes_no_tokens(engine: Engine) -> None:
    # Of the four tokens at the opening none is left at 10; the next was due at 10 and comes.
    slower = Change(at_ns=10, lever=Lever.RELEASE_SPACING_NS, value=100)
    played = system(PATIENT, POOL, line(spacing_ns=10, burst=4), slower)
    assert entries(engine, at(0, 0, 0, 0, 0, 0), played) == [0, 0, 0, 0, 10, 110]


@engines
def test_a_faster_release_does_not_wait_for_a_slow_token(engine: Engine) -> None:
    faster = Change(at_ns=50, lever=Lever.RELEASE_SPACING_NS, value=10)
    played = system(PATIENT, POOL, line(spacing_ns=500), faster)
    assert entries(engine, at(0, 0, 0), played) == [0, 60, 70]


@engines
def test_nobody_comes(engine: Engine) -> None:
    nobody = Timetable(demand=Demand(components=()), horizon_ns=10, end_ns=10)
    rows = engine.simulate(nobody, system()).rows()
    assert (len(rows.visits), len(rows.attempts)) == (0, 0)
