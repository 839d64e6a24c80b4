"""A quota by example: a token for each job, a number for each day, and a queue of its own."""

from dataclasses import replace
from typing import Any

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Result
from simulator.system.line import TokenBucket
from simulator.system.stations import StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER, NS_PER_DAY
from tests.examples import examples
from tests.launches.booked import PATIENT, POOL, at, change, seen, system

QUOTA = replace(
    POOL, kind=StationKind.QUOTA, servers=0, service=Duration.fixed(3),
    quota=TokenBucket(spacing_ns=10),
)  # fmt: skip
DAY, TWO, THREE = NS_PER_DAY, 2 * NS_PER_DAY, 3 * NS_PER_DAY
SUCCESS, TURNED_AWAY = Result.SUCCESS, Result.TURNED_AWAY


@examples("timetable, played, expected",
    ("a day has only so many tokens", at(0, 0, 0, 0, 0, horizon_ns=THREE, end_ns=THREE),
     system(station=replace(QUOTA, per_day_from_opening=2)), {"started": [0, 10, DAY, DAY + 10, TWO]}),
    # One late on the first day; the second day begins 5 later.
    ("days are counted from the opening", at(DAY - 5, DAY - 4, horizon_ns=TWO, end_ns=TWO),
     system(station=replace(QUOTA, per_day_from_opening=1)), {"started": [DAY - 5, DAY + 5]}),
    # The third waits until 24 hours after the first, though a day from the opening began before.
    ("any 24 hours have only so many tokens", at(DAY - 100, DAY - 50, DAY - 50, DAY - 50, horizon_ns=THREE, end_ns=THREE),
     system(station=replace(QUOTA, per_day=2)), {"started": [DAY - 100, DAY - 50, TWO - 100, TWO - 50]}),
    ("a token counts for 24 hours and no longer", at(5, DAY + 4, DAY + 5, horizon_ns=TWO, end_ns=TWO),
     system(station=replace(QUOTA, per_day=1, waiting_room=0)), {"result": [SUCCESS, TURNED_AWAY, SUCCESS]}),
    ("a quota may be as good as none", at(*[0] * 9), system(station=replace(QUOTA, quota=TokenBucket(spacing_ns=FOREVER))),
     {"started": [0] + [UNKNOWN] * 8}),
    # The token that was due at 10 comes 4 after the change.
    ("a shorter spacing keeps the tokens", at(0, 1, 1), system(PATIENT, QUOTA, None, change(2, Lever.QUOTA_SPACING_NS, 4)),
     {"started": [0, 6, 10]}),
    ("and a longer one does", at(0, 3, 3),
     system(PATIENT, replace(QUOTA, quota=TokenBucket(spacing_ns=10, burst=2)), None, change(2, Lever.QUOTA_SPACING_NS, 100)),
     {"started": [0, 3, 10]}),
    ("each job takes a token and who finds none waits", at(0, 1, 2), system(station=replace(QUOTA, waiting_room=1)),
     {"results": [(SUCCESS, 3), (SUCCESS, 13), (TURNED_AWAY, 2)]}),
    # At 10 the second has waited 9; the third takes that token.
    ("who has waited too long is turned away and takes no token", at(0, 1, 6), system(station=replace(QUOTA, sheds_after_ns=5)),
     {"results": [(SUCCESS, 3), (TURNED_AWAY, 10), (SUCCESS, 13)]}),
    ("as many are served at once as have tokens", at(0, 0, 0, 0),
     system(station=replace(QUOTA, service=Duration.fixed(100), quota=TokenBucket(spacing_ns=10, burst=3))), {"started": [0, 0, 0, 10]}),
    # Who comes at the instant of a token finds it taken.
    ("nobody overtakes who waits for a token", at(0, 1, 10), system(station=QUOTA), {"started": [0, 10, 20]}),
    ("servers mean nothing to a quota", at(0, 1), system(PATIENT, QUOTA, None, change(1, Lever.SERVERS, 5)), {"started": [0, 10]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected
