"""Stations by example: servers, waiting rooms, shedding, instances and their levers."""

from dataclasses import replace
from typing import Any

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
from tests.launches.booked import CLOSED, PATIENT, PLENTY, POOL, at, change, groups_at, seen, system

HASTY = People(name="hasty", client_timeout_ns=14)
TWO = replace(POOL, instances=2)
SHARED, IN_TURN = replace(TWO, balance=Balance.SHARED), replace(TWO, balance=Balance.ROUND_ROBIN)
LEAST_BUSY = replace(TWO, balance=Balance.LEAST_BUSY)
SERVED, GAVE_UP = Fate.SERVED, Fate.GAVE_UP
SUCCESS, TURNED_AWAY = Result.SUCCESS, Result.TURNED_AWAY
SEATS = replace(
    system((PATIENT, People(name="seated", journey=1)), (PLENTY, replace(LEAST_BUSY, service=Duration.fixed(50)))),
    journeys=(Journey(steps=(Step(station=1),)), Journey(steps=(Step(holds=Hold(station=1, lasts=Duration.fixed(30))),))),
)  # fmt: skip
"""One group is served by one of two instances, and the other one takes a seat of the first."""


@examples("timetable, played, expected",
    # Servers and a waiting room
    ("one server takes one after the other", at(0, 1, 30), system(), {"started": [0, 10, 30], "finished": [10, 20, 40]}),
    # The second begins at 10 and is given up at 15, the third begins when that is done; the fourth
    # is given up before it begins.
    ("work that nobody waits for is served all the same", at(0, 1, 20, 21, 22), system(HASTY),
     {"started": [0, 10, 20, 30, UNKNOWN], "finished": [10, 15, 30, 35, 36]}),
    # Two who gave up are served before the third.
    ("no stale work is passed over", groups_at((1, 2), (0, 25)), system((replace(HASTY, client_timeout_ns=5), PATIENT), POOL),
     {"started": [UNKNOWN, UNKNOWN, 0, 30]}),
    ("a full room turns away and the client sees it a round trip later", at(0, 1, 2),
     system(station=replace(POOL, waiting_room=1, round_trip_ns=3)), {"fates": [(SERVED, 13), (SERVED, 23), (GAVE_UP, 5)]}),
    ("a server that is free takes who comes at that instant", at(0, 10), system(station=replace(POOL, waiting_room=0)),
     {"fates": [(SERVED, 10), (SERVED, 20)]}),
    # At 10 the second has waited 9, and the third exactly 5.
    ("who has waited too long is turned away when his turn comes", at(0, 1, 5),
     system(station=replace(POOL, sheds_after_ns=5, round_trip_ns=2)), {"fates": [(SERVED, 12), (GAVE_UP, 12), (SERVED, 22)]}),
    # Instances. At 12 both are busy, the first until 21, the second until 14.
    ("those that share have one queue", at(0, 4, 11, 12), system(station=SHARED), {"started": [0, 4, 11, 14]}),
    ("those in turn have their own", at(0, 4, 11, 12), system(station=IN_TURN), {"started": [0, 4, 11, 14]}),
    ("and the least busy", at(0, 4, 11, 12), system(station=LEAST_BUSY), {"started": [0, 4, 11, 21]}),
    # The third waits at the first instance until 10, so the fourth waits at the second until 11.
    ("who waits makes an instance busy", at(0, 1, 2, 3), system(station=LEAST_BUSY), {"started": [0, 1, 10, 11]}),
    # The seat of the first instance is not free at 11.
    ("of two equally busy the lower takes the job", groups_at((0,), (1,)), SEATS, {"results": [(SUCCESS, 50), (TURNED_AWAY, 11)]}),
    ("a seat makes an instance busy", groups_at((20,), (1,)), SEATS, {"started": [20, 1]}),
    ("servers and places are those of each instance", at(*[0] * 6), system(station=replace(SHARED, waiting_room=1)),
     {"fate": [SERVED] * 4 + [GAVE_UP] * 2}),
    ("also in turn", at(*[0] * 6), system(station=replace(IN_TURN, waiting_room=1)), {"fate": [SERVED] * 4 + [GAVE_UP] * 2}),
    # Three in turn, then the first again, which is busy until 10.
    ("round robin passes over nobody", at(0, 1, 2, 3, 11), system(station=replace(IN_TURN, instances=3, waiting_room=0)),
     {"result": [SUCCESS, SUCCESS, SUCCESS, TURNED_AWAY, SUCCESS]}),
    # Levers
    ("servers are set for each instance", at(*[0] * 5), system(PATIENT, SHARED, None, change(5, Lever.SERVERS, 2)),
     {"started": [0, 0, 5, 5, 10]}),
    ("and in turn", at(*[0] * 5), system(PATIENT, IN_TURN, None, change(5, Lever.SERVERS, 2)), {"started": [0, 0, 5, 5, 10]}),
    ("a waiting room is set for each instance", at(0, 0, 6, 7, 8),
     system(PATIENT, replace(TWO, waiting_room=0), None, change(5, Lever.WAITING_ROOM, 1)), {"fate": [SERVED] * 4 + [GAVE_UP]}),
    ("a smaller waiting room throws nobody out", at(0, 1, 2, 6), system(PATIENT, POOL, None, change(5, Lever.WAITING_ROOM, 0)),
     {"fates": [(SERVED, 10), (SERVED, 20), (SERVED, 30), (GAVE_UP, 6)]}),
    ("a lever is set at its station", at(0),
     system(PATIENT, (PLENTY, replace(CLOSED, name="other")), None, change(0, Lever.SERVERS, 0, station=1)), {"fates": [(SERVED, 10)]}),
    ("a lever that the station does not have does nothing", at(0, 0),
     system(PATIENT, POOL, None, change(1, Lever.CORES, 0), change(1, Lever.QUOTA_SPACING_NS, 500)), {"finished": [10, 20]}),
    ("servers are added at once and taken away when done", at(0, 0, 0, 0),
     system(PATIENT, POOL, None, change(5, Lever.SERVERS, 3), change(6, Lever.SERVERS, 1)), {"started": [0, 5, 5, 15]}),
    ("fewer servers lose no waiting work", at(*[0] * 5), system(PATIENT, replace(POOL, servers=2), None, change(5, Lever.SERVERS, 1)),
     {"started": [0, 0, 10, 20, 30]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected


def test_anyone_of_the_instances_is_drawn(engine: Engine) -> None:
    station = replace(POOL, instances=3, waiting_room=0, balance=Balance.RANDOM)
    timetable = at(0, 0, 0, 0)
    chosen = [int(timetable.uniform(draws.BALANCE, visitor, 0, 0) * 3) for visitor in range(4)]
    expected = [TURNED_AWAY if one in chosen[:i] else SUCCESS for i, one in enumerate(chosen)]
    assert seen(engine, timetable, system(station=station), "result") == {"result": expected}
