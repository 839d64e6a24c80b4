"""What a single change of a system changes, and nothing else."""

from dataclasses import replace

import pytest

from reports.sentences.change import change_text
from simulator.advice.change.offered import (
    tweak_of_line,
    tweaks_of_faster_line,
    tweaks_of_people,
    tweaks_of_station,
)
from simulator.advice.change.turn import OF_CAPACITY, Turn
from simulator.advice.change.tweak import Tweak
from simulator.system.capacity import following, scarcest, slowest_per_s
from simulator.system.line import (
    Batches,
    Feedback,
    Policy,
    Release,
    ShareOfCapacity,
    Signal,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.people import People, Retries
from simulator.system.stations import Autoscaler, Balance, Station, StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, UNBOUNDED
from tests.examples import examples

S = 1_000_000_000
WEB = Station(name="web", servers=8, waiting_room=40, service=Duration.fixed(S))
MAIL = Station(
    name="mail", kind=StationKind.QUOTA, servers=0, service=Duration.fixed(1),
    quota=TokenBucket.at_rate(10.0, burst=5), per_day=1000,
)  # fmt: skip
PATIENT = People(name="patient")
HASTY = People(
    name="hasty", client_timeout_ns=2 * S, retries=Retries(attempts=3, backoff_ns=S, cap_ns=4 * S)
)
SYSTEM = System(people=(PATIENT, HASTY), stations=(WEB, MAIL))
SLOTS = Slots(total=100, session_ns=S)
FEEDBACK = Feedback(
    signal=Signal.IN_FLIGHT, limit=5, every_ns=S, first_rate=8_000_000, lowest_rate=1_000_000,
    highest_rate=9_000_000, step_rate=1, cut_thousandths=500,
)  # fmt: skip


def lined(release: Release, *changes: Change) -> System:
    return replace(SYSTEM, waitlist=Waitlist(policy=Policy.FIFO, release=release), changes=changes)


def station(number: int, **changes: object) -> System:
    stations = list(SYSTEM.stations)
    stations[number] = replace(stations[number], **changes)  # type: ignore[arg-type]
    return replace(SYSTEM, stations=tuple(stations))


@examples("tweak, value, expected",
    ("servers", Tweak(turn=Turn.SERVERS, now=8), 11, station(0, servers=11)),
    ("cores", Tweak(turn=Turn.CORES, now=1), 2, station(0, cores=2)),
    ("instances", Tweak(turn=Turn.INSTANCES, now=1), 3, station(0, instances=3)),
    ("room", Tweak(turn=Turn.WAITING_ROOM, now=40), 20, station(0, waiting_room=20)),
    ("deadline", Tweak(turn=Turn.DEADLINE, now=2 * S), 2 * S, station(0, sheds_after_ns=2 * S)),
    ("quota", Tweak(turn=Turn.QUOTA, station=1, now=10.0), 20.0, station(1, quota=TokenBucket.at_rate(20.0, burst=5))),
    ("a day", Tweak(turn=Turn.PER_DAY, station=1, now=1000), 2000, station(1, per_day=2000)),
    ("a line", Tweak(turn=Turn.LINE, now=8.0), 6.0, lined(TokenBucket.at_rate(6.0))),
    ("timeout", Tweak(turn=Turn.CLIENT_TIMEOUT, now=2 * S), 3 * S,
     replace(SYSTEM, people=(PATIENT, replace(HASTY, client_timeout_ns=3 * S)))),
    ("backoff", Tweak(turn=Turn.BACKOFF, now=S), 2 * S,
     replace(SYSTEM, people=(
                # Who had no pause has one now; as he never tries again, it does not matter.
                replace(PATIENT, retries=Retries(backoff_ns=2 * S, cap_ns=2 * S)),
                replace(HASTY, retries=Retries(attempts=3, backoff_ns=2 * S, cap_ns=8 * S)),
            ))),
)  # fmt: skip
def test_one_thing_is_otherwise(tweak: Tweak, value: float, expected: System) -> None:
    assert tweak.applied(SYSTEM, value) == expected


@examples("release, turn, now, value, expected",
    ("a rate", TokenBucket.at_rate(8.0, burst=3), Turn.RELEASE, 8.0, 4.0, TokenBucket.at_rate(4.0, burst=3)),
    ("batches", Batches(size=50, every_ns=S), Turn.BATCH, 50.0, 20, Batches(size=20, every_ns=S)),
    ("slots", SLOTS, Turn.SLOTS, 100.0, 70, replace(SLOTS, total=70)),
    ("feedback", FEEDBACK, Turn.RELEASE, 9.0, 6.0, replace(FEEDBACK, first_rate=6_000_000, highest_rate=6_000_000)),
)  # fmt: skip
def test_a_line_lets_in_otherwise(
    release: Release, turn: Turn, now: float, value: float, expected: Release
) -> None:
    system = lined(release)
    tweak = tweak_of_line(system, 99.0, faster=False)
    bearable = 99.0 if turn is Turn.RELEASE else None
    assert tweak == Tweak(turn=turn, now=now, up=False, bearable=bearable)
    assert tweak.applied(system, value) == lined(expected)


def test_an_open_line_becomes_one_and_cannot_be_faster() -> None:
    assert tweak_of_line(SYSTEM, 12.5, faster=False) == Tweak(turn=Turn.LINE, now=12.5, up=False)
    assert tweak_of_line(SYSTEM, 12.5, faster=True) is None


def test_what_operators_set_later_grows_as_well_but_an_outage_stays_one() -> None:
    def system(*servers: int) -> System:
        changes = (
            Change(at_ns=number, lever=Lever.SERVERS, value=each)
            for number, each in enumerate(servers)
        )
        return replace(SYSTEM, changes=tuple(changes))

    tweaked = Tweak(turn=Turn.SERVERS, now=8).applied(system(8, 0, 12), 10)

    assert tweaked.changes == system(10, 0, 14).changes


def test_later_rates_keep_their_proportion() -> None:
    change = Change(at_ns=S, lever=Lever.RELEASE_SPACING_NS, value=S // 4)
    system = lined(TokenBucket.at_rate(8.0), change)
    tweaked = Tweak(turn=Turn.RELEASE, now=8.0, up=False).applied(system, 4.0)
    assert tweaked.changes == (replace(change, value=S // 2),)


def test_an_autoscaler_moves_with_its_instances() -> None:
    scaler = Autoscaler(every_ns=S, target_thousandths=700, floor=2, ceiling=5)
    system = replace(SYSTEM, stations=(replace(WEB, instances=2, autoscaler=scaler), MAIL))
    (tweaked, _) = Tweak(turn=Turn.INSTANCES, now=2).applied(system, 4).stations
    assert tweaked.instances == 4
    assert tweaked.autoscaler == replace(scaler, floor=4, ceiling=7)


def test_what_there_is_to_turn() -> None:
    web = [(each.turn, each.up) for each in tweaks_of_station(SYSTEM, 0, refuses=True)]
    mail = [each.turn for each in tweaks_of_station(SYSTEM, 1, refuses=False)]
    assert web == [(Turn.SERVERS, True), (Turn.WAITING_ROOM, True), (Turn.DEADLINE, True)]
    assert mail == [Turn.QUOTA, Turn.PER_DAY, Turn.DEADLINE]
    assert [each.turn for each in tweaks_of_people(SYSTEM)] == [Turn.BACKOFF, Turn.CLIENT_TIMEOUT]


@examples("inflation, turns",
    ("more of what slows down the others", (1.0, 1.5, 1.8), [(True, True)]),
    ("fewer serve more", (1.0, 1.1, 4.0), [(True, True), (False, True)]),
    ("beside others it is the same", (1.0, 1.0), [(True, False)]),
)  # fmt: skip
def test_servers_that_inflate_may_be_too_many(
    inflation: tuple[float, ...], turns: list[tuple[bool, bool]]
) -> None:
    system = replace(SYSTEM, stations=(replace(WEB, servers=3, inflation=inflation), MAIL))
    found = tweaks_of_station(system, 0, refuses=False)
    assert [(each.up, each.narrow) for each in found if each.turn is Turn.SERVERS] == turns


def test_instances_of_one_queue_slow_one_another_down() -> None:
    slow = replace(WEB, instances=2, inflation=(1.0, 1.5))
    for balance, narrow in ((Balance.SHARED, True), (Balance.ROUND_ROBIN, False)):
        system = replace(SYSTEM, stations=(replace(slow, balance=balance), MAIL))
        found = tweaks_of_station(system, 0, refuses=False)
        assert [e.narrow for e in found if e.turn is Turn.INSTANCES] == [narrow]


def test_who_is_patient_has_nothing_to_turn() -> None:
    system = replace(SYSTEM, people=(PATIENT,), stations=(replace(WEB, waiting_room=UNBOUNDED),))
    assert PATIENT.client_timeout_ns == FOREVER
    assert list(tweaks_of_people(system)) == []
    assert [each.turn for each in tweaks_of_station(system, 0, refuses=True)] == [Turn.SERVERS]


@examples("line, turns",
    ("a rate", Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(8.0)), [Turn.RELEASE, Turn.NO_LINE]),
    ("with looks and places",
     Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(8.0), poll_every_ns=S, places=100),
     [Turn.RELEASE, Turn.POLL, Turn.PLACES, Turn.NO_LINE]),
    ("batches", Waitlist(policy=Policy.FIFO, release=Batches(size=5, every_ns=S)), [Turn.BATCH, Turn.BATCH_EVERY, Turn.NO_LINE]),
    ("sessions", Waitlist(policy=Policy.FIFO, release=replace(SLOTS, per_minute=60)),
     [Turn.SLOTS, Turn.SESSION, Turn.PER_MINUTE, Turn.EARLY, Turn.NO_LINE]),
)  # fmt: skip
def test_whatever_lets_people_in_faster(line: Waitlist, turns: list[Turn]) -> None:
    system = replace(SYSTEM, waitlist=line)

    tweaks = list(tweaks_of_faster_line(system, 99.0))

    assert [tweak.turn for tweak in tweaks] == turns
    for tweak in tweaks:
        value = tweak.now * 2 if tweak.up else tweak.now / 2
        changed = tweak.applied(system, value)
        assert changed != system
        assert changed.has_line is (tweak.turn is not Turn.NO_LINE)
        assert change_text(tweak, value, system)


def test_without_a_line_nobody_can_be_let_in_faster() -> None:
    assert list(tweaks_of_faster_line(SYSTEM, 99.0)) == []


def test_a_release_that_is_a_share_of_capacity_follows_the_servers() -> None:
    mixes = (tuple(1.0 for _ in SYSTEM.steps),)
    line = Waitlist(policy=Policy.FIFO, follows=ShareOfCapacity(share=0.5, mixes=mixes))
    system = following(replace(SYSTEM, waitlist=line))
    (station, *_) = scarcest(system, mixes)
    tweak = next(
        each
        for each in tweaks_of_station(system, station, refuses=False)
        if each.turn in OF_CAPACITY
    )

    release = tweak.applied(system, tweak.now * 1.5).waitlist.release

    before = slowest_per_s(system, mixes)
    after = slowest_per_s(tweak.applied(system, tweak.now * 1.5), mixes)
    assert after > before
    assert isinstance(release, TokenBucket)
    assert release.rate_per_s == pytest.approx(0.5 * after, rel=1e-6)
