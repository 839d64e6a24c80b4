"""A quota by example: a token for each job, a number for each day, and a queue of its own."""

from dataclasses import replace

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Result
from simulator.system.line import TokenBucket
from simulator.system.stations import StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_DAY
from tests.examples import examples
from tests.launches.booked import PATIENT, POOL, at, change, column, results, system

QUOTA = replace(
    POOL, kind=StationKind.QUOTA, servers=0, service=Duration.fixed(3),
    quota=TokenBucket(spacing_ns=10),
)  # fmt: skip


def test_a_day_has_only_so_many_tokens(engine: Engine) -> None:
    far = 3 * NS_PER_DAY
    played = system(station=replace(QUOTA, per_day_from_opening=2))
    timetable = at(0, 0, 0, 0, 0, horizon_ns=far, end_ns=far)
    assert column(engine, timetable, played, "started") == [
        0, 10, NS_PER_DAY, NS_PER_DAY + 10, 2 * NS_PER_DAY,
    ]  # fmt: skip


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


def test_a_new_spacing_keeps_the_tokens(engine: Engine) -> None:
    # The token that was due at 10 comes 4 after the change.
    faster = change(2, Lever.QUOTA_SPACING_NS, 4)
    played = system(PATIENT, QUOTA, None, faster)
    assert column(engine, at(0, 1, 1), played, "started") == [0, 6, 10]
    slower = change(2, Lever.QUOTA_SPACING_NS, 100)
    station = replace(QUOTA, quota=TokenBucket(spacing_ns=10, burst=2))
    played = system(PATIENT, station, None, slower)
    assert column(engine, at(0, 3, 3), played, "started") == [0, 3, 10]


@examples("timetable, played, seen",
    ("each job takes a token and who finds none waits", at(0, 1, 2), system(station=replace(QUOTA, waiting_room=1)),
     [(Result.SUCCESS, 3), (Result.SUCCESS, 13), (Result.TURNED_AWAY, 2)]),
    # At 10 the second has waited 9; the third takes that token.
    ("who has waited too long is turned away and takes no token", at(0, 1, 6),
     system(station=replace(QUOTA, sheds_after_ns=5)),
     [(Result.SUCCESS, 3), (Result.TURNED_AWAY, 10), (Result.SUCCESS, 13)]),
)  # fmt: skip
def test_what_becomes_of_each_attempt_and_when(
    engine: Engine, timetable: Timetable, played: System, seen: list[tuple[Result, int]]
) -> None:
    assert results(engine, timetable, played) == seen


@examples("timetable, played, started",
    ("as many are served at once as have tokens", at(0, 0, 0, 0),
     system(station=replace(QUOTA, service=Duration.fixed(100), quota=TokenBucket(spacing_ns=10, burst=3))),
     [0, 0, 0, 10]),
    # One late on the first day; the second day begins 5 later.
    ("days are counted from the opening",
     at(NS_PER_DAY - 5, NS_PER_DAY - 4, horizon_ns=2 * NS_PER_DAY, end_ns=2 * NS_PER_DAY),
     system(station=replace(QUOTA, per_day_from_opening=1)), [NS_PER_DAY - 5, NS_PER_DAY + 5]),
    # Who comes at the instant of a token finds it taken.
    ("nobody overtakes who waits for a token", at(0, 1, 10), system(station=QUOTA), [0, 10, 20]),
    ("servers mean nothing to a quota", at(0, 1), system(PATIENT, QUOTA, None, change(1, Lever.SERVERS, 5)), [0, 10]),
)  # fmt: skip
def test_when_each_service_starts(
    engine: Engine, timetable: Timetable, played: System, started: list[int]
) -> None:
    assert column(engine, timetable, played, "started") == started
