"""Which launches need no events, by example."""

from dataclasses import replace
from typing import Any

from simulator.engine.compiled.fifo.engine import Fifo
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.line import Batches, Policy, Slots, TokenBucket, Waitlist
from simulator.system.people import Referral, Retries
from simulator.system.stations import Balance, ColdStart, Failures, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.launches.booked import PATIENT, POOL, change

LINE = Waitlist(policy=Policy.FIFO, release=TokenBucket(spacing_ns=5))
PLAIN = System(people=(PATIENT,), stations=(POOL, POOL), waitlist=LINE)
LATER = Duration.fixed(7)


def with_line(**words: Any) -> System:
    return replace(PLAIN, waitlist=replace(LINE, **words))


def with_people(**words: Any) -> System:
    return replace(PLAIN, people=(PATIENT, replace(PATIENT, **words)))


def with_station(**words: Any) -> System:
    return replace(PLAIN, stations=(POOL, replace(POOL, **words)))


def with_step(**words: Any) -> System:
    return replace(PLAIN, journeys=(Journey(steps=(Step(), Step(station=1, **words))),))


@examples("system",
    ("a line", PLAIN),
    ("no line", with_line(policy=Policy.OPEN)),
    ("opening and looks", with_line(opens_ns=5, poll_every_ns=2)),
    ("patience", with_people(patience=LATER, gives_up_after_ns=9)),
    ("Retry-After", with_people(honours_retry_after=0.5)),
    ("one queue for instances", with_station(instances=3, round_trip_ns=5)),
    ("nothing to balance", with_station(instances=1, balance=Balance.LEAST_BUSY)),
    ("services that do not inflate", with_station(servers=2, inflation=(1.0, 1.0))),
    ("thinking", with_step(think=LATER, service=LATER)),
    ("no servers", replace(PLAIN, changes=(change(3, Lever.SERVERS, 0),))),
    ("opened", replace(PLAIN, changes=(change(3, Lever.POLICY, Policy.OPEN),))),
)  # fmt: skip
def test_first_come_first_served_needs_no_events(system: System) -> None:
    assert Fifo().covers(system)


@examples("system",
    ("random", with_line(policy=Policy.RANDOM)),
    ("priority", with_line(policy=Policy.PRIORITY)),
    ("random later", replace(with_line(policy=Policy.OPEN), changes=(change(3, Lever.POLICY, Policy.RANDOM),))),
    ("batches", with_line(release=Batches(size=2, every_ns=5))),
    ("slots", with_line(release=Slots(total=2, session_ns=5))),
    ("shuffled", with_line(shuffles=True)),
    ("a full line", with_line(places=5)),
    ("calls that expire", with_line(call_expires_ns=5)),
    ("cancelled work", with_people(cancels=True)),
    ("a retry budget", with_people(retries=Retries(budget_millionths=1))),
    ("balking", with_people(balks=LATER)),
    ("silence", with_people(silent=0.1)),
    ("no-shows", with_people(shows_up=0.9)),
    ("late answers", with_people(answers_after=LATER)),
    ("refreshes", with_people(refreshes=LATER)),
    ("referrals", with_people(refers=Referral(share=0.1, after=LATER, places=1))),
    ("a processor", with_station(kind=StationKind.CPU)),
    ("a quota", with_station(kind=StationKind.QUOTA)),
    ("balancing", with_station(instances=2, balance=Balance.ROUND_ROBIN)),
    ("shedding", with_station(sheds_after_ns=5)),
    ("failures", with_station(failures=Failures(runs=LATER, repair=LATER))),
    ("cold starts", with_station(cold=ColdStart(slowdown_thousandths=2000, for_ns=5))),
    ("services that inflate", with_station(inflation=(1.0, 1.5))),
    ("servers beyond memory", with_station(servers=1 << 40)),
    ("calls", with_step(calls=(Call(station=0),))),
    ("seats", with_step(holds=Hold(station=0, lasts=LATER))),
)  # fmt: skip
def test_whatever_is_not_is_left_to_the_loop(system: System) -> None:
    assert not Fifo().covers(system)
