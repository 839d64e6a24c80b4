"""Instances by example: they follow the use late, fail and are repaired, and are cold at first."""

from dataclasses import replace
from typing import Any

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.people import Jitter, People, Retries
from simulator.system.stations import Autoscaler, Balance, ColdStart, Failures, Station, StationKind
from simulator.system.system import Lever, System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.booked import (
    PATIENT,
    PLENTY,
    POOL,
    at,
    change,
    groups_at,
    results,
    seen,
    system,
)

SCALER = Autoscaler(every_ns=20, target_thousandths=500, boot_ns=5, ceiling=4)
FAILING = Failures(runs=Duration.fixed(15), repair=Duration.fixed(20))
FAILS_LATER = Failures(runs=Duration.fixed(40), repair=Duration.fixed(1_000))
ROUND_ROBIN = replace(POOL, balance=Balance.ROUND_ROBIN)
COLD = ColdStart(slowdown_thousandths=2_000, for_ns=15)
BOOTS_COLD = replace(COLD, at_opening=False)
TWICE = Retries(attempts=2, backoff_ns=3, cap_ns=3, jitter=Jitter.NONE)
SUCCESS, FAILED = Result.SUCCESS, Result.FAILED


def scaled(station: Station = POOL, *, instances: int = 1, **words: Any) -> Station:
    return replace(station, instances=instances, autoscaler=replace(SCALER, **words))


def calling(*, own_service_ns: int | None = None) -> tuple[Step, ...]:
    service = None if own_service_ns is None else Duration.fixed(own_service_ns)
    return (Step(calls=(Call(station=1, service=service),)),)


@examples("timetable, played, expected",
    # The autoscaler. All busy at 20: it wants two, and the second comes up at 25. Who waits stays where he waits.
    ("a busy station boots another instance late", at(0, 0, 0, 0, 26), system(station=scaled()), {"started": [0, 10, 20, 25, 30]}),
    ("with a queue of its own", at(0, 0, 0, 0, 26), system(station=scaled(ROUND_ROBIN)), {"started": [0, 10, 20, 30, 26]}),
    ("idle instances go down to the floor", at(25, 26, 27), system(station=scaled(ROUND_ROBIN, instances=3, floor=1)),
     {"started": [25, 35, 45]}),
    ("a floor of two", at(25, 26, 27), system(station=scaled(ROUND_ROBIN, instances=3, floor=2)), {"started": [25, 26, 35]}),
    ("a floor of three", at(25, 26, 27), system(station=scaled(ROUND_ROBIN, instances=3, floor=3)), {"started": [25, 26, 27]}),
    # Both work for 2 of the first 20, and one goes; the job at it is complete all the same.
    ("work under way ends where an instance goes", at(18, 18, 21), system(station=scaled(instances=2)), {"finished": [28, 28, 38]}),
    ("and in turn", at(18, 18, 21), system(station=scaled(ROUND_ROBIN, instances=2)), {"finished": [28, 28, 38]}),
    # One server until 20, two until 40, when it wants four.
    ("what has cooled down is decided", at(*[0] * 10), system(station=scaled(boot_ns=0, cooldown_ns=20)),
     {"started": [0, 10, 20, 20, 30, 30, 40, 40, 40, 40]}),
    ("and nothing is before that", at(*[0] * 10), system(station=scaled(boot_ns=0, cooldown_ns=21)),
     {"started": [0, 10, 20, 20, 30, 30, 40, 40, 50, 50]}),
    # Two servers, one of them busy for 10: 250 thousandths of the first 20, of 40 it is 125, which
    # is above what two should have; of the second 20 nothing.
    ("the use is measured over a period", at(0, 41, 41), system(station=scaled(instances=2, target_thousandths=100, ceiling=2)),
     {"started": [0, 41, 51]}),
    ("or over a window of two", at(0, 41, 41),
     system(station=scaled(instances=2, target_thousandths=100, ceiling=2, window_periods=2)), {"started": [0, 41, 41]}),
    # At 20 it would want ten; one boots, and a second server starts work at 20.
    ("no more boot than the ceiling", at(*[0] * 6), system(station=scaled(target_thousandths=100, ceiling=2, boot_ns=0)),
     {"started": [0, 10, 20, 20, 30, 30]}),
    # Busy for 12 of 20: 1.2 instances would do, so a second server takes the third job at 21.
    ("what is wanted is rounded up", at(0, 20, 21), system(station=replace(scaled(boot_ns=0), service=Duration.fixed(12))),
     {"started": [0, 20, 21]}),
    # One boots from 20 to 50; at 40 two are there, which is the ceiling.
    ("those that boot count", at(*[0] * 13), system(station=replace(scaled(ceiling=2, boot_ns=30), waiting_room=20)),
     {"started": [0, 10, 20, 30, 40, 50, 50, 60, 60, 70, 70, 80, 80]}),
    # At 20 one boots for 30. At 40 nobody works, but one must stay, and the one that boots comes.
    ("booting ones count and are not recalled", at(0, 10, 41, 51, 51), system(station=scaled(boot_ns=30)),
     {"started": [0, 10, 41, 51, 51]}),
    # Both work from 18 to 48. One goes at 20, hardly used, and comes again at 40 with its job.
    ("the place of one that went is taken first as it was left", at(18, 18, 41, 41),
     system(station=replace(scaled(ROUND_ROBIN, instances=2, boot_ns=0), service=Duration.fixed(30))),
     {"started": [18, 18, 48, 48]}),
    # At 20 both servers of the one instance are busy; from 25 on there are four.
    ("servers are set for those to come", at(*[0] * 8), system(PATIENT, scaled(), None, change(0, Lever.SERVERS, 2)),
     {"started": [0, 0, 10, 10, 20, 20, 25, 25]}),
    # One core for two jobs until 25, when 12.5 of 20 are attained; then a core each.
    ("the cores of those that share grow too", at(0, 0),
     system(station=scaled(replace(replace(PLENTY, kind=StationKind.CPU, service=Duration.fixed(20)), servers=2))),
     {"finished": [33, 33]}),
    # Failures
    ("a failure asks for no pause", at(16),
     system(People(name="polite", honours_retry_after=1.0, retries=TWICE), replace(POOL, failures=FAILING, retry_after_ns=500)),
     {"sent": [16, 19]}),
    # The first fails at 40; the second boots at 25 and fails at 65.
    ("jobs go to those that are up", at(0, 0, 0, 41, 41, 66),
     system(station=replace(scaled(ROUND_ROBIN, cooldown_ns=1_000), failures=FAILS_LATER)),
     {"results": [(SUCCESS, 10), (SUCCESS, 20), (SUCCESS, 30), (SUCCESS, 51), (SUCCESS, 61), (FAILED, 66)]}),
    # Two boot at 25, the first fails at 40. From 41 on the second and the third take turns.
    ("the pointer moves behind the one that was chosen", at(0, 0, 0, 41, 41, 41, 41),
     system(station=replace(scaled(ROUND_ROBIN, ceiling=3, target_thousandths=300, cooldown_ns=1_000), failures=FAILS_LATER)),
     {"started": [0, 10, 20, 41, 41, 51, 51]}),
    # The second waits for the server of the first, which is free at 15; its call finds none up.
    ("a lost call loses the attempt and frees its server", at(0, 1), system(PATIENT, (POOL, replace(POOL, failures=FAILING)), steps=calling()),
     {"started": [0, 15], "results": [(FAILED, 15), (FAILED, 25)]}),
    # Both work when one of them goes, at 20; at 25 only the other one fails, and it is idle then.
    ("one that has left does not fail", at(14, 16, end_ns=40),
     system(station=replace(scaled(ROUND_ROBIN, instances=2, target_thousandths=1_000), failures=replace(FAILING, runs=Duration.fixed(25)))),
     {"fates": [(Fate.SERVED, 24), (Fate.SERVED, 26)]}),
    # It fails at 15, is up again at 35, and fails at 50.
    ("all that runs or waits at an instance that fails is lost", at(0, 1, 2, 16, 36, 45),
     system(station=replace(POOL, failures=FAILING, round_trip_ns=2)),
     {"results": [(SUCCESS, 12), (FAILED, 17), (FAILED, 17), (FAILED, 18), (SUCCESS, 48), (FAILED, 52)]}),
    ("what is complete as an instance fails is lost", at(0),
     system(station=replace(POOL, failures=replace(FAILING, runs=Duration.fixed(10)))), {"results": [(FAILED, 10)]}),
    # It fails at 15 in the call of the first; the server at the other station is free for who
    # waits there.
    ("a lost attempt frees what it holds elsewhere", groups_at((0,), (11,)),
     replace(system((PATIENT, People(name="other", journey=1)), (replace(POOL, failures=FAILING), replace(POOL, name="other"))),
         journeys=(Journey(steps=calling(own_service_ns=50)), Journey(steps=(Step(station=1),)))),
     {"results": [(FAILED, 15), (SUCCESS, 25)]}),
    # Lost at 15 and seen at 40, when it is up again; seen again at 40 + 12 + 25 if not lost at 50.
    ("a failed attempt is tried again", at(5),
     system(People(name="p", retries=replace(PATIENT.retries, attempts=2, backoff_ns=0)), replace(POOL, failures=FAILING,
         round_trip_ns=25, service=Duration.fixed(12))),
     {"results": [(FAILED, 40), (FAILED, 75)]}),
    # The second instance goes at 20 and comes again at 40: it fails at 90, the first one at 50.
    ("one that comes again fails after a new run", at(18, 18, 41, 41),
     system(station=replace(scaled(ROUND_ROBIN, instances=2, boot_ns=0), service=Duration.fixed(30),
         failures=replace(FAILING, runs=Duration.fixed(50)))),
     {"results": [(SUCCESS, 48), (SUCCESS, 48), (FAILED, 50), (SUCCESS, 78)]}),
    # The seat of 10 is free at 40; from 15 to 35 there is none to take.
    ("a held seat outlives a failure", at(0, 10, 26, 31),
     system(PATIENT, (PLENTY, replace(POOL, failures=FAILING)), steps=(Step(holds=Hold(station=1, lasts=Duration.fixed(30))),)),
     {"results": [(SUCCESS, 10), (Result.TURNED_AWAY, 20), (Result.TURNED_AWAY, 36), (SUCCESS, 41)]}),
    # Cold starts
    ("a service that begins in the cold takes longer", at(0, 14, 15), system(station=replace(PLENTY, cold=COLD)),
     {"finished": [20, 34, 25]}),
    ("but not at a warm opening", at(0), system(station=replace(PLENTY, cold=BOOTS_COLD)), {"finished": [10]}),
    ("those that share with one that boots are warm", at(0, 0, 25), system(station=replace(scaled(), cold=BOOTS_COLD)),
     {"finished": [10, 20, 35]}),
    ("an instance that boots is cold", at(0, 0, 26), system(station=replace(scaled(ROUND_ROBIN), cold=BOOTS_COLD)),
     {"finished": [10, 20, 46]}),
    ("a slower service is rounded down", at(0), system(station=replace(PLENTY, cold=replace(COLD, slowdown_thousandths=1_250))),
     {"finished": [12]}),
    ("a repaired instance is cold", at(0, 36),
     system(station=replace(POOL, failures=FAILING, cold=BOOTS_COLD, service=Duration.fixed(6))), {"finished": [6, 48]}),
)  # fmt: skip
def test_by_example(
    engine: Engine, timetable: Timetable, played: System, expected: dict[str, list[Any]]
) -> None:
    assert seen(engine, timetable, played, *expected) == expected


def test_each_instance_has_the_luck_of_its_name(engine: Engine) -> None:
    law = Duration.exponential(100)
    endless = replace(ROUND_ROBIN, instances=2, service=Duration.fixed(10_000))
    station = replace(endless, failures=Failures(runs=law, repair=Duration.fixed(10_000)))
    timetable = at(0, 0)
    fails_ns = [timetable.duration_ns(law, draws.RUN, (1 << 20) | i) for i in range(2)]
    played = system(PATIENT, (PLENTY, station), steps=(Step(station=1),))
    assert results(engine, timetable, played) == [(FAILED, instant) for instant in fails_ns]


def test_each_run_of_an_instance_has_its_own_luck(engine: Engine) -> None:
    # Who lost his attempt sends the next one as the instance is up again.
    law = Duration.exponential(100)
    people = People(name="p", retries=replace(TWICE, backoff_ns=20, cap_ns=20))
    station = replace(POOL, service=Duration.fixed(10_000), failures=replace(FAILING, runs=law))
    timetable = at(0)
    first_ns, second_ns = (timetable.duration_ns(law, draws.RUN, 0, 0, k) for k in range(2))
    assert results(engine, timetable, system(people, station)) == [
        (FAILED, first_ns),
        (FAILED, first_ns + 20 + second_ns),
    ]
