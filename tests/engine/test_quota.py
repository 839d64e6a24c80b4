"""A quota by example: a token for each job, a number for each day, and a queue of its own."""

from __future__ import annotations

from dataclasses import replace

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Result
from simulator.system.line import TokenBucket
from simulator.system.stations import StationKind
from simulator.system.system import Lever
from simulator.timetable.laws import Duration
from simulator.units import NS_PER_DAY
from tests.launches.booked import PATIENT, POOL, at, change, column, results, system

QUOTA = replace(
    POOL,
    kind=StationKind.QUOTA,
    servers=0,
    service=Duration.fixed(3),
    quota=TokenBucket(spacing_ns=10),
)


def test_each_job_takes_a_token_and_who_finds_none_waits(engine: Engine) -> None:
    played = system(station=replace(QUOTA, waiting_room=1))
    assert results(engine, at(0, 1, 2), played) == [
        (Result.SUCCESS, 3),
        (Result.SUCCESS, 13),
        (Result.TURNED_AWAY, 2),
    ]


def test_as_many_are_served_at_once_as_have_tokens(engine: Engine) -> None:
    slow = replace(QUOTA, service=Duration.fixed(100), quota=TokenBucket(spacing_ns=10, burst=3))
    played = system(station=slow)
    assert column(engine, at(0, 0, 0, 0), played, "started") == [0, 0, 0, 10]


def test_a_day_has_only_so_many_tokens(engine: Engine) -> None:
    far = 3 * NS_PER_DAY
    played = system(station=replace(QUOTA, per_day_from_opening=2))
    timetable = at(0, 0, 0, 0, 0, horizon_ns=far, end_ns=far)
    assert column(engine, timetable, played, "started") == [
        0,
        10,
        NS_PER_DAY,
        NS_PER_DAY + 10,
        2 * NS_PER_DAY,
    ]


def test_days_are_counted_from_the_opening(engine: Engine) -> None:
    # One late on the first day; the second day begins 5 later.
    played = system(station=replace(QUOTA, per_day_from_opening=1))
    timetable = at(NS_PER_DAY - 5, NS_PER_DAY - 4, horizon_ns=2 * NS_PER_DAY, end_ns=2 * NS_PER_DAY)
    assert column(engine, timetable, played, "started") == [NS_PER_DAY - 5, NS_PER_DAY + 5]


def test_any_24_hours_have_only_so_many_tokens(engine: Engine) -> None:
    # The third waits until 24 hours after the first, though a day from the opening began before.
    played = system(station=replace(QUOTA, per_day=2))
    late, later = NS_PER_DAY - 100, NS_PER_DAY - 50
    timetable = at(late, later, later, later, horizon_ns=3 * NS_PER_DAY, end_ns=3 * NS_PER_DAY)
    assert column(engine, timetable, played, "started") == [
        late,
        later,
        late + NS_PER_DAY,
        later + NS_PER_DAY,
    ]


def test_a_token_counts_for_24_hours_and_no_longer(engine: Engine) -> None:
    played = system(station=replace(QUOTA, per_day=1, waiting_room=0))
    timetable = at(
        5, NS_PER_DAY + 4, NS_PER_DAY + 5, horizon_ns=2 * NS_PER_DAY, end_ns=2 * NS_PER_DAY
    )
    assert [result for result, _ in results(engine, timetable, played)] == [
        Result.SUCCESS,
        Result.TURNED_AWAY,
        Result.SUCCESS,
    ]


def test_who_has_waited_too_long_is_turned_away_and_takes_no_token(engine: Engine) -> None:
    # At 10 the second has waited 9; the third takes that token.
    played = system(station=replace(QUOTA, sheds_after_ns=5))
    assert results(engine, at(0, 1, 6), played) == [
        (Result.SUCCESS, 3),
        (Result.TURNED_AWAY, 10),
        (Result.SUCCESS, 13),
    ]


def test_nobody_overtakes_who_waits_for_a_token(engine: Engine) -> None:
    # Who comes at the instant of a token finds it taken.
    assert column(engine, at(0, 1, 10), system(station=QUOTA), "started") == [0, 10, 20]


def test_a_new_spacing_keeps_the_tokens(engine: Engine) -> None:
    # The token that was due at 10 comes 4 after the change.
    faster = change(2, Lever.QUOTA_SPACING_NS, 4)
    played = system(PATIENT, QUOTA, None, faster)
    assert column(engine, at(0, 1, 1), played, "started") == [0, 6, 10]
    slower = change(2, Lever.QUOTA_SPACING_NS, 100)
    station = replace(QUOTA, quota=TokenBucket(spacing_ns=10, burst=2))
    played = system(PATIENT, station, None, slower)
    assert column(engine, at(0, 3, 3), played, "started") == [0, 3, 10]


def test_servers_mean_nothing_to_a_quota(engine: Engine) -> None:
    played = system(PATIENT, QUOTA, None, change(1, Lever.SERVERS, 5))
    assert column(engine, at(0, 1), played, "started") == [0, 10]
