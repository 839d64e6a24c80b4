"""What can be varied of a system, what is asked to be, and the values that it then takes."""

import itertools
from dataclasses import replace

import pytest

from simulator.advice.size.knobs import Knob
from simulator.advice.size.vary.asked import knobs_asked, knobs_usual
from simulator.advice.size.vary.axis import axis_of
from simulator.advice.size.vary.handles import handles_of
from simulator.errors import UsageError
from simulator.system.line import (
    Batches,
    Policy,
    Release,
    ShareOfCapacity,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.people import People
from simulator.system.stations import Autoscaler, Station, StationKind
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.units import UNBOUNDED
from tests.examples import examples

S = 1_000_000_000
SIGNUP = Station(name="signup", servers=8, waiting_room=40, service=Duration.fixed(S))
MAIL = Station(
    name="mail", kind=StationKind.QUOTA, servers=0, service=Duration.fixed(1),
    quota=TokenBucket.at_rate(10.0), per_day=1000, waiting_room=0,
)  # fmt: skip
CPU = Station(
    name="cpu", kind=StationKind.CPU, servers=16, cores=4, service=Duration.fixed(1),
)  # fmt: skip
SCALED = replace(
    SIGNUP, name="web", instances=3,
    autoscaler=Autoscaler(every_ns=S, target_thousandths=700, floor=2, ceiling=9),
)  # fmt: skip
LINE = Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(20.0), poll_every_ns=2 * S)


def launched(*stations: Station, line: Waitlist | None = None) -> System:
    return System(people=(People(name="all"),), stations=stations, waitlist=line or Waitlist())


SYSTEM = launched(SIGNUP, MAIL, line=LINE)


def released(release: Release) -> System:
    return launched(SIGNUP, line=replace(LINE, release=release))


def test_every_station_the_release_and_finite_rooms_are_varied_where_nobody_says_what() -> None:
    knobs = knobs_usual(launched(SIGNUP, MAIL, CPU, SCALED, line=LINE))
    assert [knob.key for knob in knobs] == [
        "station.signup.servers",
        "station.signup.waiting_room",
        "station.mail.quota.rate",
        "station.mail.quota.per_day",
        "station.cpu.servers",
        "station.cpu.cores",
        "station.web.autoscaler.floor",
        "station.web.autoscaler.ceiling",
        "station.web.waiting_room",
        "waitlist.release.rate",
    ]
    assert all(knob.low < knob.now < knob.high and not knob.asked for knob in knobs)


def test_instances_are_varied_in_the_place_of_their_servers() -> None:
    keys = [knob.key for knob in knobs_usual(launched(replace(SIGNUP, instances=2)))]
    assert keys == ["station.signup.instances", "station.signup.waiting_room"]


def test_a_release_that_follows_the_stations_is_not_varied() -> None:
    follows = ShareOfCapacity(share=0.75, mixes=((1.0,),))
    system = launched(SIGNUP, line=replace(LINE, follows=follows))
    assert "waitlist.release.rate" not in {handle.key for handle in handles_of(system)}


@examples("release, key",
    ("a rate", TokenBucket.at_rate(5.0), "waitlist.release.rate"),
    ("batches", Batches(size=100, every_ns=S), "waitlist.release.batch.size"),
    ("sessions", Slots(total=50, session_ns=S), "waitlist.release.slots.total"),
)  # fmt: skip
def test_what_lets_people_in_is_varied_by_its_own_word(release: Release, key: str) -> None:
    assert key in {knob.key for knob in knobs_usual(released(release))}


@examples(
    "text, low, high, choices",
    ("a range", "station.signup.servers=1..64", 1, 64, ()),
    ("with spaces", " station.signup.servers = 1 .. 64 ", 1, 64, ()),
    ("thousands", "station.signup.servers=1_000..2_000", 1000, 2000, ()),
    ("a list", "station.signup.servers=16,8,32,8", 8, 32, (8, 16, 32)),
    ("one value", "station.signup.servers=16", 16, 16, (16,)),
    ("rates", "waitlist.release.rate=10/s..200/s", 10, 200, ()),
    ("units that differ", "waitlist.release.rate=30/min..2/s", 0.5, 2, ()),
    ("a list of rates", "station.mail.quota.rate=12/min,1/s", 0.2, 1, (0.2, 1)),
    ("durations", 'waitlist.poll_every="1 s..30 s"', S, 30 * S, ()),
    ("no room", "station.signup.waiting_room=0..100", 0, 100, ()),
)  # fmt: skip
def test_values_are_read_as_in_files(
    text: str, low: float, high: float, choices: tuple[float, ...]
) -> None:
    (knob,) = knobs_asked([text], SYSTEM)
    assert (knob.low, knob.high, knob.choices) == (low, high, choices)
    assert knob.asked


def test_knobs_stand_in_the_order_of_the_system_the_line_last() -> None:
    knobs = knobs_asked(["waitlist.release.rate=1/s..9/s", "station.signup.servers"], SYSTEM)
    assert [(knob.key, knob.asked) for knob in knobs] == [
        ("station.signup.servers", False),
        ("waitlist.release.rate", True),
    ]


@examples(
    "texts, said",
    ("unknown key", ["station.signup.server=1..4"], 'did you mean "station.signup.servers"'),
    ("nothing", ["=1..4"], "names nothing"),
    ("twice", ["station.signup.servers=1..4"] * 2, "given twice"),
    ("turned round", ["station.signup.servers=9..4"], "range is empty, since 9 is more than 4"),
    ("an end is missing", ["station.signup.servers=9.."], "a value is missing"),
    ("no number", ["station.signup.servers=few"], '"few" is not a whole number'),
    ("half a server", ["station.signup.servers=1.5..4"], "not a whole number"),
    ("fewer than none", ["station.signup.servers=-3..4"], "-3 is impossible: at least 1"),
    ("no server", ["station.signup.servers=0..4"], "0 is impossible: at least 1"),
    ("too many", ["station.signup.servers=1..9999999999"], "at most 1,000,000,000"),
    ("a rate without unit", ["waitlist.release.rate=10..20"], '"10" is not a rate (write'),
    ("a duration for a rate", ["waitlist.release.rate=10 s..20 s"], "is a duration, but a rate"),
    ("only what it has", ["station.signup.servers=8"], "only the value that the file gives it"),
    ("what cannot be varied", ["station.mail.servers=1..4"], "cannot be varied"),
)  # fmt: skip
def test_a_mistake_is_one_sentence_that_says_how_to_mend_it(texts: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=r"^--vary") as error:
        knobs_asked(texts, SYSTEM)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert any(remedy in str(error.value) for remedy in ("(", ";", "at least"))


def test_whoever_has_no_line_or_one_that_follows_is_told_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"there is no line \(add one: --set"):
        knobs_asked(["waitlist.release.rate=1/s..2/s"], launched(SIGNUP))
    follows = replace(LINE, follows=ShareOfCapacity(share=0.75, mixes=((1.0,),)))
    with pytest.raises(UsageError, match=r"share_of_capacity = 0\.75"):
        knobs_asked(["waitlist.release.rate=1/s..2/s"], launched(SIGNUP, line=follows))


def turned(system: System, **values: float) -> System:
    handles = {handle.key: handle for handle in handles_of(system)}
    for key, value in values.items():
        name = "station.web.autoscaler." + key
        system = handles[name].tweak.applied(system, value)
    return system


@examples("word, value, floor, ceiling, instances",
    ("a higher floor", "floor", 5, 5, 9, 5),
    ("above the ceiling", "floor", 12, 12, 12, 12),
    ("a lower floor keeps who is there", "floor", 1, 1, 9, 3),
    ("a higher ceiling", "ceiling", 20, 2, 20, 3),
    ("below the floor", "ceiling", 1, 1, 1, 1),
)  # fmt: skip
def test_an_autoscalers_borders_are_knobs_of_their_own(
    word: str, value: int, floor: int, ceiling: int, instances: int
) -> None:
    (station,) = turned(launched(SCALED), **{word: value}).stations
    assert station.autoscaler is not None
    found = (station.autoscaler.floor, station.autoscaler.ceiling, station.instances)
    assert found == (floor, ceiling, instances)


def test_who_opens_at_the_floor_opens_at_any_floor() -> None:
    opens = replace(SCALED, instances=2)
    (station,) = turned(launched(opens), floor=6).stations
    assert station.instances == 6
    (station,) = turned(launched(opens), floor=1).stations
    assert station.instances == 1


def knob(key: str, low: float, high: float, system: System = SYSTEM) -> Knob:
    (handle,) = (each for each in handles_of(system) if each.key == key)
    return Knob(key=key, tweak=handle.tweak, low=low, high=high)


def test_servers_are_taken_one_by_one_and_above_a_hundred_by_the_hundredth() -> None:
    values = axis_of(knob("station.signup.servers", 1, 5000)).values
    assert values[:100] == tuple(range(1, 101))
    assert values[-1] == 5000
    steps = [later / earlier for earlier, later in itertools.pairwise(values[99:])]
    assert max(steps) < 1.02


def test_rates_are_taken_by_two_hundredths_and_the_files_own_is_among_them() -> None:
    values = axis_of(knob("waitlist.release.rate", 3, 333)).values
    assert {3, 20, 333} <= set(values)
    assert max(later / earlier for earlier, later in itertools.pairwise(values)) < 1.03
    assert all(float(f"{value:.3g}") == value for value in values)


def test_a_list_is_all_there_is() -> None:
    (listed,) = knobs_asked(["station.signup.servers=8,16,32"], SYSTEM)
    axis = axis_of(listed)
    assert list(axis.values) == [8, 16, 32]
    assert [axis.at_least(9), axis.at_least(99), axis.nearest(11), axis.nearest(13)] == [1, 2, 0, 1]


def test_what_is_unbounded_is_no_room() -> None:
    endless = replace(SIGNUP, waiting_room=UNBOUNDED)
    assert [knob.key for knob in knobs_usual(launched(endless))] == ["station.signup.servers"]
