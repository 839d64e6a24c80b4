"""Of each pair of launches one is right, and the other breaks what is true of every station."""

from dataclasses import replace

from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.line import TokenBucket
from simulator.system.pace import Pace
from simulator.system.stations import ColdStart, Station, StationKind
from simulator.system.system import System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.launches.rows import (
    Rows,
    attempt,
    broken_in,
    station_of,
    system_of,
    together,
    visit,
    walked_in,
)

PLAIN = system_of()
TWO = system_of(stations=station_of(servers=2))
COLD = system_of(stations=station_of(cold=ColdStart(slowdown_thousandths=2000, for_ns=9)))
FAR = system_of(stations=station_of(round_trip_ns=3))
INFLATING = system_of(stations=station_of(servers=2, inflation=(1.0, 2.0)))
SLOWER = Pace.of([0, 1], [1.0, 1.5])
PACED = system_of(stations=station_of(servers=2, pace=SLOWER))
PACED_CPU = system_of(stations=station_of(kind=StationKind.CPU, servers=9, pace=SLOWER))
CPU = system_of(stations=station_of(kind=StationKind.CPU, servers=9))
CRAMPED = system_of(stations=station_of(waiting_room=1))
HURRIED = system_of(stations=station_of(sheds_after_ns=4))
QUOTA = system_of(
    stations=station_of(kind=StationKind.QUOTA, quota=TokenBucket(spacing_ns=3, burst=2))
)
SCARCE = system_of(stations=station_of(kind=StationKind.QUOTA, per_day_from_opening=1))
SEAT = Station(name="seat", servers=1, service=Duration.fixed(1))
SEATED = system_of(
    stations=(*station_of(servers=9), SEAT),
    journeys=(Journey(steps=(Step(holds=Hold(station=1, lasts=Duration.fixed(4))),)),),
)
CALLING = system_of(
    stations=(*station_of(), SEAT), journeys=(Journey(steps=(Step(calls=(Call(station=1),)),)),)
)
CALLING_PACED = replace(
    CALLING, stations=(*station_of(), replace(SEAT, pace=Pace.of([0, 9], [3.0, 2.0])))
)
FIRST = walked_in(1, 0, 0, 5)


def refused(visitor: int, at: int, finished: int, result: Result = Result.TURNED_AWAY) -> Rows:
    return Rows(
        [visit(visitor, at, let_in=at, ended=finished, fate=Fate.GAVE_UP)],
        [attempt(visitor, at, finished=finished, result=result)],
    )


@examples("sentence, system, right, wrong",
    ("took too long", "a service did not last as long as it was drawn", PLAIN, FIRST, walked_in(1, 0, 0, 6)),
    ("came back at once", "a service did not last as long as it was drawn", FAR, walked_in(1, 0, 0, 8), walked_in(1, 0, 0, 5)),
    ("neither warm nor cold", "a service did not last as long as it was drawn", COLD, walked_in(1, 0, 0, 10), walked_in(1, 0, 0, 9)),
    ("sooner than alone", "a service did not last as long as it was drawn", INFLATING, FIRST, walked_in(1, 0, 0, 3)),
    ("later than beside all others", "a service did not last as long as it was drawn", INFLATING,
     walked_in(1, 0, 0, 11), walked_in(1, 0, 0, 12)),
    ("at the pace of the opening", "a service did not last as long as it was drawn", PACED,
     together(FIRST, walked_in(2, 1, 1, 9)), together(FIRST, walked_in(2, 1, 1, 6))),
    ("called at no pace", "a service did not last as long as it was drawn", CALLING_PACED, walked_in(1, 0, 0, 8), walked_in(1, 0, 0, 6)),
    ("idled at its pace", "a server was free while somebody waited for it", PACED,
     together(FIRST, walked_in(2, 1, 1, 9), walked_in(3, 2, 5, 13)),
     together(FIRST, walked_in(2, 1, 1, 9), walked_in(3, 2, 6, 14))),
    ("two slower ones at full speed", "a processor worked faster than its cores", PACED_CPU,
     together(walked_in(1, 1, 1, 17), walked_in(2, 1, 1, 17)),
     together(walked_in(1, 1, 1, 12), walked_in(2, 1, 1, 12))),
    ("called nobody", "a service did not last as long as it was drawn", CALLING, walked_in(1, 0, 0, 6), walked_in(1, 0, 0, 5)),
    ("three of two servers", "more were served at a time than there are servers", TWO,
     together(FIRST, walked_in(2, 1, 1, 6)), together(FIRST, walked_in(2, 1, 1, 6), walked_in(3, 1, 1, 6))),
    ("two on a seat", "more were served at a time than there are servers", SEATED,
     together(FIRST, walked_in(2, 4, 4, 9)), together(FIRST, walked_in(2, 3, 3, 8))),
    ("two on one place", "more waited at a time than the waiting room holds", CRAMPED,
     together(FIRST, walked_in(2, 1, 5, 10), refused(3, 2, 2)),
     together(FIRST, walked_in(2, 1, 5, 10), walked_in(3, 2, 10, 15))),
    ("overtook", "a service began out of turn", PLAIN,
     together(FIRST, walked_in(2, 1, 5, 10), walked_in(3, 2, 10, 15)),
     together(FIRST, walked_in(2, 1, 10, 15), walked_in(3, 2, 5, 10))),
    ("idled", "a server was free while somebody waited for it", TWO,
     together(FIRST, walked_in(2, 1, 1, 6), walked_in(3, 2, 5, 10)),
     together(FIRST, walked_in(2, 1, 1, 6), walked_in(3, 2, 6, 11))),
    ("never began", "a server was free while somebody waited for it", PLAIN, FIRST,
     Rows([visit(1, 0, let_in=0, fate=Fate.UNFINISHED)], [attempt(1, 0, result=Result.UNFINISHED)])),
    ("without a token", "a quota gave more tokens than it has", QUOTA,
     together(FIRST, walked_in(2, 0, 0, 5), walked_in(3, 0, 3, 8)),
     together(FIRST, walked_in(2, 0, 0, 5), walked_in(3, 0, 2, 7))),
    ("beyond the day", "a quota gave more tokens than it has", SCARCE, FIRST, together(FIRST, walked_in(2, 9, 9, 14))),
    ("two at full speed", "a processor worked faster than its cores", CPU,
     together(walked_in(1, 0, 0, 10), walked_in(2, 0, 0, 10)),
     together(walked_in(1, 0, 0, 6), walked_in(2, 0, 0, 6))),
    ("failed where nothing does", "an attempt failed, or was refused, for no reason", PLAIN, FIRST, refused(1, 0, 0, Result.FAILED)),
    ("refused late", "an attempt failed, or was refused, for no reason", FAR, refused(1, 0, 3), refused(1, 0, 4)),
    ("not shed", "somebody was served who should have been shed", HURRIED, together(FIRST, walked_in(2, 1, 5, 10)),
     together(FIRST, walked_in(2, 0, 5, 10))),
)  # fmt: skip
def test_the_wrong_one_of_two_launches_is_told(
    sentence: str, system: System, right: Rows, wrong: Rows
) -> None:
    assert broken_in(right, system) == []
    assert sentence in broken_in(wrong, system)
